import Glibc
import NIOCore
import NIOPosix
import Synchronization
public import TapCore

/// Takes one line from each client of a Unix socket and answers it with one. Safe from any thread.
///
/// Whoever may write to the socket's file may ask: its owner and its group. Nothing that is asked here can drive a line.
public final class ControlServer: Sendable {
    /// - Returns: the answer, one line. Called on the server's thread, one question at a time.
    public typealias Answer = @Sendable (_ question: String, _ user: ControlUser) -> String

    private let path: String
    private let answer: Answer
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel = Mutex<(any Channel)?>(nil)

    /// Clients at once; more are disconnected.
    static let connections = 16
    /// How long a client may take for its line.
    static let idle = Nanoseconds.seconds(10)

    /// - Parameter path: the socket's file. One that nobody listens on any more is replaced.
    public init(path: String, answer: @escaping Answer) {
        self.path = path
        self.answer = answer
    }

    /// Listens from now on.
    ///
    /// - Throws: where the socket cannot be made, or another process listens on it.
    public func start() throws(TapError) {
        let present = Counter()
        let bootstrap = ServerBootstrap(group: group)
            .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { [answer] channel in
                let isFull = present.add(1) > ControlServer.connections
                channel.closeFuture.whenComplete { _ in _ = present.add(-1) }
                guard !isFull else { return channel.eventLoop.makeFailedFuture(ChannelError.inputClosed) }
                return ControlServer.user(of: channel).flatMapThrowing { user in
                    try channel.pipeline.syncOperations.addHandlers([
                        IdleStateHandler(allTimeout: .nanoseconds(ControlServer.idle.count)),
                        ControlConnection { answer($0, user) },
                    ])
                }
            }
        do {
            let bound = try UnixSocketFile(path).bind(bootstrap, group)
            channel.withLock { $0 = bound }
        } catch let error as TapError {
            throw error
        } catch {
            throw TapError(
                .device, printable(path), "cannot be listened on: \(ClientListener.words(error))",
                remedy: "name a socket in a folder that this user may write to, with --control")
        }
    }

    /// Ends every connection and removes the socket's file. Blocks until all have ended.
    public func stop() {
        if let bound = channel.withLock({ $0.take() }) {
            try? bound.close().wait()
            UnixSocketFile(path).remove()
        }
        try? group.syncShutdownGracefully()
    }

    /// - Returns: fails where the kernel does not say: then nobody is answered.
    private static func user(of channel: any Channel) -> EventLoopFuture<ControlUser> {
        guard let provider = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
        }
        let credentials: EventLoopFuture<Credentials> = provider.unsafeGetSocketOption(
            level: .socket, name: .init(rawValue: SO_PEERCRED))
        return credentials.map { ControlUser(id: $0.user) }
    }

    /// struct ucred of unix(7).
    private struct Credentials: Sendable {
        var process: Int32 = 0
        var user: UInt32 = 0
        var group: UInt32 = 0
    }

    private final class Counter: Sendable {
        private let count = Mutex(0)

        func add(_ change: Int) -> Int {
            count.withLock { count in
                count += change
                return count
            }
        }
    }
}

/// One client: a line is answered by a line, and that is all.
private final class ControlConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answer: (String) -> String
    private var line: [UInt8] = []

    init(answer: @escaping (String) -> String) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        line += unwrapInboundIn(data).readableBytesView
        let end = line.firstIndex(of: 0x0A)
        guard end != nil || line.count > ControlClient.longest else { return }
        let length = end ?? line.count
        let text =
            length <= ControlClient.longest
            ? answer(String(decoding: line[..<length], as: UTF8.self))
            : "refused: the line has more than \(ControlClient.longest) bytes"
        line = []
        let written = context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text + "\n")))
        written.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Nothing more will come, or nothing came for too long.
        context.close(promise: nil)
    }

    /// A connection that breaks is how clients leave.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
