// Unsafe here: pointers into arrays, for the duration of a call only.

import Glibc
import Synchronization
import TapCore

/// The file system of this machine, below one directory.
public final class SystemDisk: Disk {
    public let root: String
    private let written = WrittenBytes()
    public var writtenBytes: UInt64 { written.count.load(ordering: .relaxed) }

    /// - Parameter root: the store's directory; need not be there yet.
    public init(_ root: String) { self.root = root }

    private func full(_ path: String) -> String { path.isEmpty ? root : "\(root)/\(path)" }

    public func open(_ path: String, creating: Bool) throws(DiskError) -> any DiskFile {
        // Private keys are for their owner's eyes, wherever the file is copied to.
        try SystemFileHandle(
            full(path), O_RDWR | (creating ? O_CREAT | O_EXCL : 0), mode: path.hasPrefix("keys/") ? 0o600 : 0o644,
            counting: written)
    }

    public func openToRead(_ path: String) throws(DiskError) -> any DiskFile {
        try SystemFileHandle(full(path), O_RDONLY)
    }

    public func names(in directory: String) throws(DiskError) -> [String] {
        guard let opened = unsafe opendir(full(directory)) else {
            let error = Errno.last
            if error == .notFound { return [] }
            throw DiskError("list", full(directory), error)
        }
        defer { unsafe closedir(opened) }
        var names: [String] = []
        while let entry = unsafe readdir(opened) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
                unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    public func makeRoot() throws(DiskError) {
        let parts = root.split(separator: "/", omittingEmptySubsequences: false)
        for count in 1...max(1, parts.count) {
            let place = parts.prefix(count).joined(separator: "/")
            guard !place.isEmpty, unsafe mkdir(place, 0o755) != 0 else { continue }
            let error = Errno.last
            guard error == .exists else { throw DiskError("make", place, error) }
        }
        try syncDirectory("")
    }

    public func makeDirectory(_ path: String) throws(DiskError) { try makeDirectory(path, 0o755) }

    public func makePrivateDirectory(_ path: String) throws(DiskError) { try makeDirectory(path, 0o700) }

    private func makeDirectory(_ path: String, _ mode: mode_t) throws(DiskError) {
        var place = ""
        for part in path.split(separator: "/") {
            let parent = place
            place += place.isEmpty ? String(part) : "/\(part)"
            guard unsafe mkdir(full(place), mode) != 0 else {
                try syncDirectory(parent)
                continue
            }
            let error = Errno.last
            guard error == .exists else { throw DiskError("make", full(place), error) }
        }
    }

    public func rename(_ path: String, to newPath: String) throws(DiskError) {
        guard unsafe Glibc.rename(full(path), full(newPath)) == 0 else { throw DiskError("rename", full(path), .last) }
    }

    public func remove(_ path: String) throws(DiskError) {
        guard unsafe unlink(full(path)) == 0 else { throw DiskError("remove", full(path), .last) }
    }

    public func syncDirectory(_ path: String) throws(DiskError) {
        let descriptor = unsafe Glibc.open(full(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw DiskError("open", full(path), .last) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw DiskError("sync", full(path), .last) }
    }

    public func modifiedUTC(_ path: String) -> UInt64? {
        var found = stat()
        guard unsafe stat(full(path), &found) == 0, found.st_mtim.tv_sec >= 0 else { return nil }
        return UInt64(found.st_mtim.tv_sec) * 1_000_000_000 + UInt64(found.st_mtim.tv_nsec)
    }

    public func freeBytes() -> UInt64? {
        var found = statvfs()
        guard unsafe statvfs(root, &found) == 0 else { return nil }
        return UInt64(found.f_bavail) * UInt64(found.f_frsize)
    }
}

private final class WrittenBytes: Sendable {
    let count = Atomic<UInt64>(0)
}

private final class SystemFileHandle: DiskFile {
    private let descriptor: Int32
    private let path: String
    private let written: WrittenBytes?

    init(
        _ path: String, _ flags: Int32, mode: mode_t = 0o644, counting written: WrittenBytes? = nil
    ) throws(DiskError) {
        self.path = path
        self.written = written
        descriptor = unsafe Glibc.open(path, flags | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw DiskError("open", path, .last) }
    }

    deinit { close(descriptor) }

    func size() throws(DiskError) -> UInt64 {
        var found = stat()
        guard unsafe fstat(descriptor, &found) == 0 else { throw DiskError("read", path, .last) }
        return UInt64(found.st_size)
    }

    func write(_ bytes: [UInt8], at offset: UInt64) throws(DiskError) {
        let pages = (offset + UInt64(bytes.count) + 4_095) / 4_096 - offset / 4_096
        written?.count.add(pages * 4_096, ordering: .relaxed)
        let failed: Errno? = unsafe bytes.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let count = unsafe pwrite(
                    descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset) + off_t(done))
                if count >= 0 { done += count } else if Errno.last != .interrupted { return .last }
            }
            return nil
        }
        if let failed { throw DiskError("write", path, failed) }
    }

    func read(at offset: UInt64, count: Int) throws(DiskError) -> [UInt8] {
        var failed: Errno?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let read = unsafe pread(
                    descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset) + off_t(filled))
                if read == 0 { return }
                if read > 0 {
                    filled += read
                } else if Errno.last != .interrupted {
                    failed = .last
                    return
                }
            }
        }
        if let failed { throw DiskError("read", path, failed) }
        return bytes
    }

    func sync() throws(DiskError) {
        guard fdatasync(descriptor) == 0 else { throw DiskError("sync", path, .last) }
    }

    func resize(to size: UInt64) throws(DiskError) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw DiskError("resize", path, .last) }
    }
}
