import NIOCore
import NIOPosix
import Synchronization
public import TapCore

/// Asks a session that runs, over its control socket.
public enum ControlClient {
    /// Bytes of a line.
    public static let longest = 4_096
    /// The one of the service.
    public static let service = "/run/tap/control/socket"

    /// Blocks until the answer has come, 10 s at most.
    ///
    /// - Returns: one line.
    public static func ask(_ path: String, _ line: String) throws(TapError) -> String {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { try? group.syncShutdownGracefully() }
        let text: String
        do {
            let channel = try connect(path, group).wait()
            let handler = Reply(channel.eventLoop.makePromise(of: String.self))
            let reply = handler.promise.futureResult
            try channel.eventLoop.submit {
                try channel.pipeline.syncOperations.addHandlers([
                    IdleStateHandler(readTimeout: .seconds(10)), handler,
                ])
            }.wait()
            channel.writeAndFlush(ByteBuffer(string: line + "\n"), promise: nil)
            channel.read()
            text = try reply.wait()
        } catch {
            throw TapError(
                .device, printable(path), "does not answer: \(ClientListener.words(error))",
                remedy: "is a 'tap run' or 'tap watch' with --control running? Its owner and group may ask it")
        }
        guard !text.isEmpty else {
            throw TapError(.device, printable(path), "gave no answer", remedy: "look at what it has logged")
        }
        return text
    }

    static func connect(_ path: String, _ group: any EventLoopGroup) -> EventLoopFuture<any Channel> {
        ClientBootstrap(group: group).connectTimeout(.seconds(2))
            .channelOption(.autoRead, value: true).connect(unixDomainSocketPath: path)
    }

    private final class Reply: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        let promise: EventLoopPromise<String>
        private let bytes = Mutex<[UInt8]>([])

        init(_ promise: EventLoopPromise<String>) { self.promise = promise }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let isTooLong = bytes.withLock { bytes in
                bytes += unwrapInboundIn(data).readableBytesView
                return bytes.count > ControlClient.longest
            }
            if isTooLong { context.close(promise: nil) }
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) { context.close(promise: nil) }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        func channelInactive(context: ChannelHandlerContext) {
            let line = bytes.withLock { $0.prefix { $0 != 0x0A } }
            promise.succeed(String(decoding: line, as: UTF8.self))
        }
    }
}
