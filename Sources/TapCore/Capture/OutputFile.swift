import Glibc
import Synchronization

/// A new file, or standard output, that a command writes.
public final class OutputFile: ByteOutput, Sendable {
    /// When a new file has its name.
    public enum Appearance: Sendable {
        /// From the beginning: what is written can be followed, and stays if the writing ends early.
        case atOnce
        /// Once it is whole: until then it lies beside it under another name, and goes if it is not finished.
        case whenWhole
    }

    /// The path under which it is being written.
    public let place: String
    public let isTerminal: Bool
    private let path: String?
    private let output: DescriptorOutput
    private let appearance: Appearance
    private let mayReplace: Bool
    /// The file was not there before.
    private let isNew: Bool
    private let isCommitted = Atomic<Bool>(false)

    /// - Parameters:
    ///   - path: nil or "-": standard output.
    ///   - mayReplace: a file that is there may go.
    public init(_ path: String?, mayReplace: Bool, appears: Appearance = .atOnce) throws(TapError) {
        self.mayReplace = mayReplace
        appearance = appears
        guard let path, path != "-" || appears == .whenWhole else {
            (self.path, place, isNew) = (nil, "/dev/stdout", false)
            isTerminal = isatty(STDOUT_FILENO) == 1
            output = DescriptorOutput(STDOUT_FILENO, name: "standard output")
            return
        }
        self.path = path
        isTerminal = false
        let opened: Int32
        switch appears {
        case .atOnce: (opened, isNew, place) = try OutputFile.openAtOnce(path, mayReplace)
        case .whenWhole: (opened, isNew, place) = try OutputFile.openBeside(path, mayReplace)
        }
        output = DescriptorOutput(opened, name: OutputFile.name(path))
    }

    deinit {
        guard path != nil else { return }
        close(output.descriptor)
        if appearance == .whenWhole, !isCommitted.load(ordering: .relaxed) { unlink() }
    }

    private static func name(_ path: String) -> String { path.isEmpty ? "''" : printable(path) }

    private static func openAtOnce(
        _ path: String, _ mayReplace: Bool
    ) throws(TapError) -> (descriptor: Int32, isNew: Bool, place: String) {
        var opened = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_EXCL, 0o644)
        let isNew = opened >= 0
        if !isNew, Errno.last == .exists, mayReplace { opened = unsafe open(path, O_WRONLY | O_CLOEXEC) }
        guard opened >= 0 else {
            let error = Errno.last
            if error == .exists { throw isThere(path) }
            throw TapError(
                .output, name(path), "cannot be written: \(error.words)", remedy: "choose another file with --out")
        }
        return (opened, isNew, path)
    }

    private static func openBeside(
        _ path: String, _ mayReplace: Bool
    ) throws(TapError) -> (descriptor: Int32, isNew: Bool, place: String) {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let temporary = "\(path.dropLast(name.count)).\(name).tap-\(getpid())"
        var found = stat()
        if unsafe lstat(path, &found) == 0 {
            guard mayReplace else { throw isThere(path) }
            guard found.st_mode & S_IFMT == S_IFREG else {
                throw TapError(
                    .output, printable(path), "is not a file that can be replaced", remedy: "choose another name")
            }
        }
        let opened = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard opened >= 0 else { throw failure(path, .last) }
        return (opened, true, temporary)
    }

    private static func isThere(_ path: String) -> TapError {
        TapError(
            .output, printable(path), "already exists",
            remedy: "choose another name, or replace it with --overwrite")
    }

    private static func failure(_ path: String, _ error: Errno) -> TapError {
        TapError(
            error.isPermission ? .permission : .output, name(path), "cannot be written: \(error.words)",
            remedy: "choose another name")
    }

    public var name: String { output.name }
    public var position: UInt64? { output.position }
    public func write(_ bytes: RawSpan) throws(OutputFailure) { try output.write(bytes) }
    public func cut(to position: UInt64) { output.cut(to: position) }
    public func sync() throws(TapError) { try output.sync() }

    /// Empties a file that is replaced: only now, when everything else is known to work.
    public func begin() { if path != nil { output.cut(to: 0) } }

    /// Nothing will be written: a file that was made for it goes, so that the next try finds its name free.
    public func withdraw() { if isNew { unlink() } }

    /// Gives a file that appears when it is whole its name.
    public func commit() throws(TapError) {
        guard let path, appearance == .whenWhole else { return }
        // Without leave to replace, whoever was faster keeps the name.
        if !mayReplace, unsafe access(path, F_OK) == 0 { throw OutputFile.failure(path, .exists) }
        guard unsafe rename(place, path) == 0 else { throw OutputFile.failure(path, .last) }
        isCommitted.store(true, ordering: .relaxed)
    }

    private func unlink() { _ = unsafe Glibc.unlink(place) }
}
