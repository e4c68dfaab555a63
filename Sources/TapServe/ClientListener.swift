import NIOCore
import NIOPosix
import Synchronization
public import TapCore

/// Where clients come to.
public enum ListenPlace: Sendable, Hashable, CustomStringConvertible {
    /// An address of this machine, or its name; port 0: any that is free.
    case tcp(host: String, port: Int)
    /// The file of a Unix socket. One that nobody listens on any more is replaced.
    case unix(path: String)
    /// A socket that somebody else has bound, as systemd does for a unit with a socket.
    case handed(descriptor: Int32)

    public var description: String {
        switch self {
        case .tcp(let host, let port): "\(host.contains(":") ? "[\(host)]" : host):\(port)"
        case .unix(let path): printable(path)
        case .handed(let descriptor): "the socket that was handed over, descriptor \(descriptor)"
        }
    }
}

/// Accepts clients at one place, up to a number of them at once. Safe from any thread.
public final class ClientListener: Sendable {
    /// Connections: present, and all that there were.
    struct Counts: Sendable {
        var present = 0
        var served = 0
        var turnedAway = 0
    }

    private let place: ListenPlace
    private let connections: Int
    private let say: @Sendable (String) -> Void
    private let counters = Mutex(Counts())
    private let group: MultiThreadedEventLoopGroup
    private let channel = Mutex<(any Channel)?>(nil)

    /// - Parameters:
    ///   - connections: more are rejected.
    ///   - say: called with one line for each that is, on any thread.
    init(_ place: ListenPlace, connections: Int, threads: Int, say: @escaping @Sendable (String) -> Void) {
        self.place = place
        self.connections = connections
        self.say = say
        group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
    }

    /// Before servers are made: swift-nio traps where its event loops find no descriptors.
    ///
    /// - Throws: that the system opens no more files.
    public static func check() throws(TapError) {
        let descriptors = (0..<16).map { _ in WakePipe() }
        for descriptor in descriptors { try descriptor.check() }
    }

    /// Of one thread's clients.
    var eventLoop: any EventLoop { group.next() }

    var counts: Counts { counters.withLock { $0 } }

    /// Listens; clients are served from now on.
    ///
    /// - Parameters:
    ///   - remedy: where the port or address is not to be had.
    ///   - welcome: adds the handlers of a new client, on its event loop; with it comes the client's name for messages.
    /// - Returns: the port; 0 at a Unix socket.
    func start(
        remedy: String, welcome: @escaping @Sendable (_ channel: any Channel, _ peer: String) throws -> Void
    ) throws(TapError) -> Int {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(ChannelOptions.backlog, value: 64)
            .childChannelOption(ChannelOptions.autoRead, value: false)
            .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .childChannelOption(ChannelOptions.socketOption(.so_sndbuf), value: 1 << 18)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try welcome(channel, try self.admit(channel))
                }
            }
        do {
            let bound: any Channel
            switch place {
            case .tcp(let host, let port):
                bound =
                    try bootstrap
                    .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
                    .childChannelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
                    .bind(host: host, port: port).wait()
            case .unix(let path): bound = try UnixSocketFile(path).bind(bootstrap, group)
            case .handed(let descriptor): bound = try bootstrap.withBoundSocket(descriptor).wait()
            }
            channel.withLock { $0 = bound }
            return bound.localAddress?.port ?? 0
        } catch let error as TapError {
            throw error
        } catch {
            throw TapError(
                .device, "\(place)", "cannot be listened on: \(ClientListener.words(error))", remedy: remedy)
        }
    }

    /// Ends every connection. Blocks until all have ended.
    func stop() {
        if let bound = channel.withLock({ $0.take() }) {
            try? bound.close().wait()
            if case .unix(let path) = place { UnixSocketFile(path).remove() }
        }
        try? group.syncShutdownGracefully()
    }

    static func words(_ error: any Error) -> String {
        guard let error = error as? IOError else { return "\(error)" }
        return Errno(error.errnoCode).words
    }

    private struct Full: Error {}

    /// - Returns: its name for messages.
    private func admit(_ channel: any Channel) throws -> String {
        let peer = channel.remoteAddress.map { "client \($0.ipAddress ?? "?"):\($0.port ?? 0)" } ?? "a client"
        let isFull = counters.withLock { counts in
            let isFull = counts.present >= connections
            if isFull {
                counts.turnedAway += 1
            } else {
                counts.present += 1
                counts.served += 1
            }
            return isFull
        }
        guard !isFull else {
            say("\(peer): rejected: \(connections) connections are open")
            throw Full()
        }
        channel.closeFuture.whenComplete { _ in self.counters.withLock { $0.present -= 1 } }
        return peer
    }
}
