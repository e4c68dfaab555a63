import NIOCore
import NIOPosix
import Synchronization
import TapCore

/// A connection to a `ViewServer` that is made when it is needed: one question on its way, some that wait. Safe from any thread.
final class ViewLink: Sendable {
    typealias Done = @Sendable (ViewAnswer?) -> Void

    /// At once; more get no answer.
    static let most = 96
    /// Bytes of an answer.
    static let longestAnswer = 16 << 20

    private let path: String
    private let eventLoop: any EventLoop
    private let limit: Nanoseconds
    private let ended: @Sendable () -> Void
    private let state = Mutex(State())

    private struct State: Sendable {
        var channel: (any Channel)?
        /// The first is on its way, if there is a channel.
        var waiting: [(request: ViewRequest, done: Done)] = []
        var deadline: Scheduled<Void>?
    }

    /// - Parameters:
    ///   - limit: an answer that takes longer ends the connection.
    ///   - ended: called on the event loop where a connection ends or cannot be made.
    init(
        _ path: String, on eventLoop: any EventLoop, limit: Nanoseconds, ended: @escaping @Sendable () -> Void = {}
    ) {
        (self.path, self.eventLoop, self.limit, self.ended) = (path, eventLoop, limit, ended)
    }

    /// - Parameter done: called once, on the event loop; with nil where no answer came.
    func ask(_ request: ViewRequest, _ done: @escaping Done) {
        eventLoop.execute { [self] in
            let (isFull, isFirst) = state.withLock { state in
                guard state.waiting.count < ViewLink.most else { return (true, false) }
                state.waiting.append((request, done))
                return (false, state.waiting.count == 1)
            }
            if isFull { return done(nil) }
            if isFirst { sendFirst() }
        }
    }

    // On the event loop

    private func sendFirst() {
        let (channel, request) = state.withLock { ($0.channel, $0.waiting.first?.request) }
        guard let request else { return }
        guard let channel else { return connect() }
        let scheduled = eventLoop.scheduleTask(in: .nanoseconds(limit.count)) { channel.close(promise: nil) }
        state.withLock { $0.deadline = scheduled }
        channel.writeAndFlush(ByteBuffer(bytes: request.frame.bytes), promise: nil)
    }

    private func connect() {
        let connected = ClientBootstrap(group: eventLoop).connectTimeout(.seconds(1))
            .channelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answers(self))
                }
            }
            .connect(unixDomainSocketPath: path)
        connected.whenComplete { [self] result in
            switch result {
            case .success(let channel):
                state.withLock { $0.channel = channel }
                sendFirst()
            case .failure: lose()
            }
        }
    }

    /// Nobody who waits gets an answer any more; the next question connects anew.
    private func lose() {
        let lost = state.withLock { state in
            let lost = state.waiting
            state.deadline?.cancel()
            (state.channel, state.waiting, state.deadline) = (nil, [], nil)
            return lost
        }
        ended()
        for (_, done) in lost { done(nil) }
    }

    /// - Returns: false: nobody has asked.
    private func take(_ answer: ViewAnswer) -> Bool {
        let done = state.withLock { state -> Done? in
            guard !state.waiting.isEmpty else { return nil }
            state.deadline?.cancel()
            state.deadline = nil
            return state.waiting.removeFirst().done
        }
        guard let done else { return false }
        done(answer)
        sendFirst()
        return true
    }

    private final class Answers: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let link: ViewLink
        private var reader = ViewReader(longest: ViewLink.longestAnswer)

        init(_ link: ViewLink) { self.link = link }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            reader.append(unwrapInboundIn(data).readableBytesView)
            do throws(ViewReader.Malformed) {
                while let frame = try reader.next() {
                    guard let answer = ViewAnswer(frame), link.take(answer) else { throw ViewReader.Malformed() }
                }
            } catch { context.close(promise: nil) }
        }

        func channelInactive(context: ChannelHandlerContext) { link.lose() }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
