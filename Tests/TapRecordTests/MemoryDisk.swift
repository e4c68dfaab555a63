import Synchronization
import TapCore
import TapRecord

/// A file system in memory that remembers every operation, so that what a power cut leaves can be made from them.
final class MemoryDisk: Disk {
    /// Files are numbered in the order in which they were made.
    enum Operation: Sendable, Hashable {
        case make(file: Int, path: String)
        case write(file: Int, offset: Int, bytes: [UInt8])
        case resize(file: Int, size: Int)
        case sync(file: Int)
        /// What was not synced before may be lost for ever.
        case failedSync(file: Int)
        case rename(String, to: String)
        case remove(String)
        /// On the medium at once, as `Disk` promises.
        case makeDirectory(String)
        case syncDirectory(String)
    }

    struct State: Sendable {
        var files: [[UInt8]] = []
        var names: [String: Int] = [:]
        var directories: Set<String> = [""]

        mutating func apply(_ operation: Operation) {
            switch operation {
            case .make(let file, let path):
                while files.count <= file { files.append([]) }
                names[path] = file
            case .write(let file, let offset, let bytes):
                let missing = offset + bytes.count - files[file].count
                if missing > 0 { files[file] += [UInt8](repeating: 0, count: missing) }
                files[file].replaceSubrange(offset..<offset + bytes.count, with: bytes)
            case .resize(let file, let size):
                let missing = size - files[file].count
                if missing > 0 {
                    files[file] += [UInt8](repeating: 0, count: missing)
                } else {
                    files[file].removeLast(-missing)
                }
            case .rename(let path, let newPath): names[newPath] = names.removeValue(forKey: path)
            case .remove(let path): names[path] = nil
            case .makeDirectory(let path): directories.insert(path)
            case .sync, .failedSync, .syncDirectory: break
            }
        }
    }

    private struct Contents {
        var state = State()
        var operations: [Operation] = []
        /// Further operations until one fails; nil: none does.
        var left: Int?
        var failure = Errno.inputOutput
        /// So many fail.
        var failing = 0
        /// nil: there is always some.
        var room: DiskRoom?
    }

    private let contents: Mutex<Contents>

    /// - Parameter pages: of 4,096 bytes, that files can take together; nil: any number.
    init(_ state: State = State(), pages: Int? = nil) {
        contents = Mutex(Contents(state: state, room: pages.map { DiskRoom(pages: $0) }))
    }

    /// Other files take all but so many of the pages that are free, or give back what they took.
    func leave(free pages: Int?) {
        contents.withLock { disk in
            disk.room?.others = 0
            if let pages, let free = disk.room?.free { disk.room?.others = max(0, free - pages) }
        }
    }

    var operations: [Operation] { contents.withLock { $0.operations } }
    var state: State { contents.withLock { $0.state } }

    /// After so many more operations the next `times` fail, until it is set anew. Of a write half is done.
    func fail(after count: Int?, with failure: Errno = .inputOutput, times: Int = .max) {
        contents.withLock { ($0.left, $0.failure, $0.failing) = (count, failure, times) }
    }

    /// Whether an operation failed since `fail`.
    var hasFailed: Bool { contents.withLock { $0.left == 0 && $0.failing < .max } }

    /// The disk as it was after so many operations, everything up to there on the medium.
    func crashed(after count: Int) -> MemoryDisk {
        var state = State()
        for operation in operations.prefix(count) { state.apply(operation) }
        return MemoryDisk(state)
    }

    /// The disk after so many operations with nothing but what was synced.
    func crashedKeepingSynced(after count: Int) -> MemoryDisk {
        var state = State()
        var kept = State()
        for operation in operations.prefix(count) {
            state.apply(operation)
            while kept.files.count < state.files.count { kept.files.append([]) }
            switch operation {
            case .sync(let file): kept.files[file] = state.files[file]
            case .makeDirectory(let path): kept.directories.insert(path)
            case .syncDirectory(let path):
                kept.names = kept.names.filter { MemoryDisk.directory(of: $0.key) != path }
                kept.names.merge(state.names.filter { MemoryDisk.directory(of: $0.key) == path }) { $1 }
            default: break
            }
        }
        return MemoryDisk(kept)
    }

    /// All of a file; nil: it is not there.
    subscript(path: String) -> [UInt8]? {
        get { contents.withLock { disk in disk.state.names[path].map { disk.state.files[$0] } } }
        set {
            contents.withLock { disk in
                guard let newValue else {
                    disk.state.names[path] = nil
                    return
                }
                disk.state.names[path] = disk.state.files.count
                disk.state.files.append(newValue)
            }
        }
    }

    /// Sorted.
    var paths: [String] { state.names.keys.sorted() }

    static func directory(of path: String) -> String { path.split(separator: "/").dropLast().joined(separator: "/") }

    private func run(
        _ call: String, _ path: String, _ body: (inout State) -> Result<Operation, Errno>
    ) throws(DiskError) {
        let result: Result<Void, Errno> = contents.withLock { disk in
            if let left = disk.left {
                if left > 0 {
                    disk.left = left - 1
                } else if disk.failing > 0 {
                    disk.failing -= 1
                    if case .success(let operation) = body(&disk.state) { MemoryDisk.fail(operation, &disk) }
                    return .failure(disk.failure)
                }
            }
            switch body(&disk.state) {
            case .failure(let error): return .failure(error)
            case .success(let operation):
                let done = disk.room?.take(operation, disk.state.names) ?? operation
                disk.state.apply(done)
                disk.operations.append(done)
                return done == operation ? .success(()) : .failure(.noSpace)
            }
        }
        if case .failure(let error) = result { throw DiskError(call, path, error) }
    }

    /// What an operation that fails does all the same.
    private static func fail(_ operation: Operation, _ disk: inout Contents) {
        let done: Operation
        switch operation {
        case .write(let file, let offset, let bytes):
            done = .write(file: file, offset: offset, bytes: Array(bytes.prefix(bytes.count / 2)))
        case .sync(let file): done = .failedSync(file: file)
        default: return
        }
        disk.state.apply(done)
        disk.operations.append(done)
    }

    func open(_ path: String, creating: Bool) throws(DiskError) -> any DiskFile {
        if creating {
            try run("open", path) { state in
                if state.names[path] != nil { return .failure(.exists) }
                guard state.directories.contains(MemoryDisk.directory(of: path)) else { return .failure(.notFound) }
                return .success(.make(file: state.files.count, path: path))
            }
        }
        guard let file = contents.withLock({ $0.state.names[path] }) else { throw DiskError("open", path, .notFound) }
        return MemoryFile(self, file, path)
    }

    func openToRead(_ path: String) throws(DiskError) -> any DiskFile { try open(path, creating: false) }

    func names(in directory: String) throws(DiskError) -> [String] {
        let prefix = directory.isEmpty ? "" : directory + "/"
        let state = state
        guard state.names[directory] == nil else { throw DiskError("list", directory, .notDirectory) }
        let below = (Array(state.names.keys) + state.directories.filter { !$0.isEmpty }).filter { $0.hasPrefix(prefix) }
        return Set(below.map { String($0.dropFirst(prefix.count).prefix { $0 != "/" }) }).sorted()
    }

    func makeDirectory(_ path: String) throws(DiskError) {
        let parts = path.split(separator: "/")
        for count in 1...max(parts.count, 1) {
            let place = parts.prefix(count).joined(separator: "/")
            if state.directories.contains(place) { continue }
            try run("make", place) { _ in .success(.makeDirectory(place)) }
        }
    }

    func rename(_ path: String, to newPath: String) throws(DiskError) {
        try run("rename", path) { state in
            state.names[path] == nil ? .failure(.notFound) : .success(.rename(path, to: newPath))
        }
    }

    func remove(_ path: String) throws(DiskError) {
        try run("remove", path) { state in state.names[path] == nil ? .failure(.notFound) : .success(.remove(path)) }
    }

    func syncDirectory(_ path: String) throws(DiskError) {
        try run("sync", path) { state in
            state.directories.contains(path) ? .success(.syncDirectory(path)) : .failure(.notFound)
        }
    }

    func freeBytes() -> UInt64? { contents.withLock { $0.room.map { UInt64($0.free * DiskRoom.page) } } }

    private final class MemoryFile: DiskFile {
        private let disk: MemoryDisk
        private let file: Int
        private let path: String

        init(_ disk: MemoryDisk, _ file: Int, _ path: String) {
            self.disk = disk
            self.file = file
            self.path = path
        }

        func size() throws(DiskError) -> UInt64 { disk.contents.withLock { UInt64($0.state.files[file].count) } }

        func write(_ bytes: [UInt8], at offset: UInt64) throws(DiskError) {
            try disk.run("write", path) { _ in .success(.write(file: file, offset: Int(offset), bytes: bytes)) }
        }

        func read(at offset: UInt64, count: Int) throws(DiskError) -> [UInt8] {
            disk.contents.withLock { disk in
                let bytes = disk.state.files[file]
                guard offset < UInt64(bytes.count) else { return [] }
                return Array(bytes[Int(offset)...].prefix(count))
            }
        }

        func sync() throws(DiskError) { try disk.run("sync", path) { _ in .success(.sync(file: file)) } }

        func resize(to size: UInt64) throws(DiskError) {
            try disk.run("resize", path) { _ in .success(.resize(file: file, size: Int(size))) }
        }
    }
}
