import Glibc
import Synchronization

/// A new file, a device or pipe, or standard output, that a command writes.
///
/// A file that is replaced stays as it is until `commit`: what is new lies beside it under another name until then, with
/// the old one's mode. Without `commit`, what is not worth keeping goes again: `abandon`, or when this goes.
public final class OutputFile: ByteOutput, Sendable {
    /// When a new file has its name.
    public enum Appearance: Sendable {
        /// From the beginning: what is written can be followed, and stays if the writing ends early.
        case atOnce
        /// Once it is whole: until then it lies beside it under another name, and goes if it is not finished.
        case whenWhole
    }

    private enum Way: Sendable {
        /// Standard output, a device or a pipe: no name to give or take.
        case inPlace
        /// A new file.
        case new
        /// A file beside `path`, whose name it gets; `mode`: that of the file it replaces.
        case beside(path: String, mode: mode_t?)
    }

    /// The path under which it is being written.
    public let place: String
    private let output: DescriptorOutput
    private let way: Way
    private let mayReplace: Bool
    private let isSettled = Atomic<Bool>(false)

    /// Blocks on a FIFO until it has a reader.
    ///
    /// - Parameters:
    ///   - path: nil, "-" or "/dev/stdout": standard output.
    ///   - mayReplace: a file that is there may be replaced.
    public init(_ path: String?, mayReplace: Bool, appears: Appearance = .atOnce) throws(TapError) {
        self.mayReplace = mayReplace
        guard let path, path != "-", path != "/dev/stdout" else {
            (place, way) = ("/dev/stdout", .inPlace)
            output = DescriptorOutput(STDOUT_FILENO, name: "standard output")
            return
        }
        let opened = try OutputFile.open(path, mayReplace, appears)
        (place, way) = (opened.place, opened.way)
        output = DescriptorOutput(opened.descriptor, name: OutputFile.name(path))
    }

    deinit {
        abandon()
        if output.descriptor != STDOUT_FILENO { close(output.descriptor) }
    }

    public var isTerminal: Bool { isatty(output.descriptor) == 1 }

    /// Not a device, pipe or terminal.
    public var isFile: Bool {
        if case .inPlace = way { return false }
        return true
    }

    public var name: String { output.name }
    public var position: UInt64? { output.position }
    public func write(_ bytes: RawSpan) throws(OutputFailure) { try output.write(bytes) }
    public func cut(to position: UInt64) { output.cut(to: position) }
    public func sync() throws(TapError) { try output.sync() }

    /// What was written stands under its name. May block for seconds: before it replaces anything it is on its medium.
    public func commit() throws(TapError) {
        guard case .beside(let path, let mode) = way else {
            isSettled.store(true, ordering: .relaxed)
            return
        }
        // By name: what writes archives puts another file in its place.
        let descriptor = unsafe Glibc.open(place, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw OutputFile.failure(path, .last) }
        defer { close(descriptor) }
        try DescriptorOutput(descriptor, name: name).sync()
        if let mode { fchmod(descriptor, mode) }
        // Without leave to replace, whoever was faster keeps the name.
        if !mayReplace, unsafe access(path, F_OK) == 0 { throw OutputFile.isThere(path) }
        guard unsafe rename(place, path) == 0 else { throw OutputFile.failure(path, .last) }
        isSettled.store(true, ordering: .relaxed)
    }

    /// What was written is not wanted: a file beside goes, and a new one in which nothing stands. Not after `commit`.
    public func abandon() {
        guard !isSettled.exchange(true, ordering: .relaxed) else { return }
        switch way {
        case .inPlace: break
        case .new:
            var found = stat()
            if unsafe fstat(output.descriptor, &found) == 0, found.st_size == 0 { _ = unsafe unlink(place) }
        case .beside: _ = unsafe unlink(place)
        }
    }
}

// Opening

extension OutputFile {
    private typealias Opened = (descriptor: Int32, place: String, way: Way)

    private static func open(_ path: String, _ mayReplace: Bool, _ appears: Appearance) throws(TapError) -> Opened {
        var found = stat()
        guard unsafe stat(path, &found) == 0 else {
            guard appears == .whenWhole, Errno.last == .notFound else { return try openNew(path) }
            return try openBeside(path, replacing: nil)
        }
        switch found.st_mode & S_IFMT {
        case S_IFREG:
            guard mayReplace else { throw isThere(path) }
            // A file that may not be written is not to be replaced either.
            let opened = unsafe Glibc.open(path, O_WRONLY | O_CLOEXEC)
            guard opened >= 0 else { throw failure(path, .last) }
            close(opened)
            // A link stays one.
            guard let real = unsafe realpath(path, nil) else { throw failure(path, .last) }
            defer { unsafe free(real) }
            return try openBeside(unsafe String(cString: real), replacing: found)
        case S_IFIFO: return (try openFIFO(path), path, .inPlace)
        default:
            let opened = unsafe Glibc.open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
            guard opened >= 0 else { throw failure(path, .last) }
            return (opened, path, .inPlace)
        }
    }

    private static func openNew(_ path: String) throws(TapError) -> Opened {
        let opened = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_EXCL, 0o644)
        guard opened >= 0 else {
            let error = Errno.last
            throw error == .exists ? isThere(path) : failure(path, error)
        }
        return (opened, path, .new)
    }

    private static func openBeside(_ path: String, replacing old: stat?) throws(TapError) -> Opened {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        StaleOutputs.remove(in: String(path.dropLast(name.count)))
        // One that a process of this number has left does not stand in the way.
        for attempt in 0..<100 {
            let place = "\(path.dropLast(name.count)).tap-\(getpid())-\(attempt)-\(name.prefix(40))"
            let opened = unsafe Glibc.open(place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
            if opened < 0, Errno.last == .exists { continue }
            guard opened >= 0 else { throw failure(path, .last) }
            StaleOutputs.hold(opened)
            if let old {
                // Only root can, and then the file stays its owner's.
                _ = fchown(opened, old.st_uid, old.st_gid)
                fchmod(opened, old.st_mode & 0o7777)
            }
            return (opened, place, .beside(path: path, mode: old.map { $0.st_mode & 0o7777 }))
        }
        throw failure(path, .exists)
    }

    /// Waits for a reader, or for the request to end.
    private static func openFIFO(_ path: String) throws(TapError) -> Int32 {
        while true {
            let opened = unsafe Glibc.open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK)
            if opened >= 0 { return opened }
            guard Errno.last == .noAddress else { throw failure(path, .last) }
            guard Interruption.signal == nil else {
                throw TapError(
                    .interrupted, name(path), "has no reader, and the request to end came",
                    remedy: "nothing was written")
            }
            usleep(50_000)
        }
    }

    private static func name(_ path: String) -> String { path.isEmpty ? "''" : printable(path) }

    private static func isThere(_ path: String) -> TapError {
        TapError(
            .output, name(path), "already exists",
            remedy: "choose another name, or replace it with --overwrite")
    }

    private static func failure(_ path: String, _ error: Errno) -> TapError {
        TapError(
            .output, name(path), "cannot be written: \(error.words)", remedy: "choose another file with --out")
    }
}
