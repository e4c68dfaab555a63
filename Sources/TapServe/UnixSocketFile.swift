import Glibc
import NIOCore
import NIOPosix
import TapCore

/// The file of a Unix socket: whoever may write to it may ask, its owner and its group.
struct UnixSocketFile {
    let path: String

    init(_ path: String) { self.path = path }

    /// Listens. A file that nobody listens on any more is replaced. Blocks.
    ///
    /// - Throws: `TapError` where another process listens on it or its mode cannot be set; what swift-nio throws where it cannot
    ///   be bound.
    func bind(_ bootstrap: ServerBootstrap, _ group: MultiThreadedEventLoopGroup) throws -> any Channel {
        guard (try? ControlClient.connect(path, group).wait().close().wait()) == nil else {
            throw TapError(
                .busy, printable(path), "is listened on by another process", remedy: "end it, or name another socket")
        }
        let bound = try bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).wait()
        guard unsafe chmod(path, 0o660) == 0 else {
            let why = Errno(errno).words
            try? bound.close().wait()
            remove()
            throw TapError(.device, printable(path), "its mode cannot be set: \(why)", remedy: "name another socket")
        }
        return bound
    }

    func remove() { unsafe unlink(path) }
}
