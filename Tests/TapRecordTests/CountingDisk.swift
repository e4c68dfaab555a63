import Synchronization
import TapCore
import TapRecord

/// Counts what is read of another disk.
final class CountingDisk: Disk {
    struct Counts: Sendable, Hashable {
        var calls = 0
        var bytes = 0
    }

    private let disk: any Disk
    private let counts = Mutex<[String: Counts]>([:])

    init(_ disk: any Disk) { self.disk = disk }

    /// Of all files whose path begins so, since the last `reset`.
    func read(below prefix: String) -> Counts {
        counts.withLock { counts in
            counts.reduce(into: Counts()) { sum, item in
                guard item.key.hasPrefix(prefix) else { return }
                sum.calls += item.value.calls
                sum.bytes += item.value.bytes
            }
        }
    }

    func reset() { counts.withLock { $0 = [:] } }

    private func add(_ path: String, _ bytes: Int) {
        counts.withLock { counts in
            counts[path, default: Counts()].calls += 1
            counts[path, default: Counts()].bytes += bytes
        }
    }

    func open(_ path: String, creating: Bool) throws(DiskError) -> any DiskFile {
        CountingFile(try disk.open(path, creating: creating), self, path)
    }
    func openToRead(_ path: String) throws(DiskError) -> any DiskFile {
        CountingFile(try disk.openToRead(path), self, path)
    }
    func names(in directory: String) throws(DiskError) -> [String] { try disk.names(in: directory) }
    func makeDirectory(_ path: String) throws(DiskError) { try disk.makeDirectory(path) }
    func rename(_ path: String, to newPath: String) throws(DiskError) { try disk.rename(path, to: newPath) }
    func remove(_ path: String) throws(DiskError) { try disk.remove(path) }
    func syncDirectory(_ path: String) throws(DiskError) { try disk.syncDirectory(path) }
    func freeBytes() -> UInt64? { disk.freeBytes() }

    private final class CountingFile: DiskFile {
        private let file: any DiskFile
        private let disk: CountingDisk
        private let path: String

        init(_ file: any DiskFile, _ disk: CountingDisk, _ path: String) {
            (self.file, self.disk, self.path) = (file, disk, path)
        }

        func size() throws(DiskError) -> UInt64 { try file.size() }
        func write(_ bytes: [UInt8], at offset: UInt64) throws(DiskError) { try file.write(bytes, at: offset) }
        func read(at offset: UInt64, count: Int) throws(DiskError) -> [UInt8] {
            let bytes = try file.read(at: offset, count: count)
            disk.add(path, bytes.count)
            return bytes
        }
        func sync() throws(DiskError) { try file.sync() }
        func resize(to size: UInt64) throws(DiskError) { try file.resize(to: size) }
    }
}
