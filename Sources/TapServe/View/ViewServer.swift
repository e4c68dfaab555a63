// Unsafe here: a C function that fills a structure which lives as long as the call.

import Glibc
import NIOCore
import Synchronization
public import TapCore

/// Gives what a window shows to another process, `ViewClient`, over a Unix socket, and takes from it what people with a token say
/// of incidents. Safe from any thread.
///
/// It sends nothing that was not asked for, and one answer at a time to each connection: a process that hangs is not waited for,
/// and nothing is queued for it. All answers together take at most a fifth of one processor, whatever is asked: who asks more waits. The
/// tokens are checked here, so that whoever takes over the other process has those alone that people give to it.
public final class ViewServer: Sendable {
    /// For two processes that change over, with two each.
    static let connections = 4
    /// How long an answer may stay untaken.
    static let patience = Nanoseconds.seconds(15)
    /// After an answer, so many times as long as it took nothing is answered.
    static let rest: Int64 = 4
    /// How long a question for the next state waits at most, and how often it is looked whether it has to.
    private static let turn = TimeAmount.nanoseconds((WindowServer.turn - WindowServer.pause).count)
    private static let step = TimeAmount.nanoseconds(WindowServer.step.count)

    private let content: WindowContent
    private let listener: ClientListener
    private let state = Mutex(State())

    private struct State: Sendable {
        var gate = WindowGate()
        var free = NIODeadline.uptimeNanoseconds(0)
    }

    /// - Parameter path: the socket's file. One that nobody listens on any more is replaced.
    public init(path: String, _ content: WindowContent) {
        self.content = content
        listener = ClientListener(.unix(path: path), connections: ViewServer.connections, threads: 1) { _ in }
    }

    public func start() throws(TapError) {
        _ = try listener.start(remedy: "name a socket in a folder that this user may write to") { channel, _ in
            try ViewConnection.add(to: channel, self)
        }
        // What watches and records goes first.
        listener.eventLoop.execute { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10) }
    }

    /// Ends every connection. Blocks until all have ended.
    public func stop() { listener.stop() }

    // On the event loop

    /// When it is to be looked again whether this one may be answered; nil: it may.
    ///
    /// - Parameter came: when it did.
    func due(_ request: ViewRequest, came: NIODeadline) -> NIODeadline? {
        let now = NIODeadline.now()
        let free = state.withLock { $0.free }
        if free > now { return free }
        guard case .next(let known) = request, now < came + ViewServer.turn, content.changes() == known else {
            return nil
        }
        return min(now + ViewServer.step, came + ViewServer.turn)
    }

    /// - Parameter begin: of `processorTime`.
    func worked(since begin: Int64) {
        let took = ViewServer.processorTime - begin
        state.withLock { $0.free = .now() + .nanoseconds(took * ViewServer.rest) }
    }

    /// Of this thread, in nanoseconds: what it waited for others does not count.
    static var processorTime: Int64 {
        var time = timespec()
        guard unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0 else { return 0 }
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// - Parameters:
    ///   - came: when it did.
    ///   - done: called once, on any thread.
    func answer(_ request: ViewRequest, came: NIODeadline, _ done: @escaping @Sendable (ViewAnswer) -> Void) {
        switch request {
        case .state, .next:
            let waited = Nanoseconds((NIODeadline.now() - came).nanoseconds)
            // Before the state: what it has is as new, or newer.
            let changes = content.changes()
            done(content.state().map { .state($0, changes: changes, waited: waited) } ?? .nothing)
        case .get(let question, let counts):
            content.answer(question, counts) { done($0.map { .answer($0) } ?? .nothing) }
        case .say(var statement, let token):
            switch content.statements {
            case .refused(let why): done(.answer(.refusal(403, why)))
            case .passedOn: done(.answer(.refusal(403, "this window is of another one: ask that")))
            case .taken(let tokens, let take):
                let now = Nanoseconds(Int64(clamping: NIODeadline.now().uptimeNanoseconds))
                switch state.withLock({ $0.gate.check(token, tokens, at: now) }) {
                case .refused(let refusal): done(.answer(refusal))
                case .holder(let name):
                    statement.holder = name
                    done(.answer(take(statement)))
                }
            }
        }
    }
}

/// One connection: a question, its answer, the next question.
private final class ViewConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let server: ViewServer
    private var reader = ViewReader(longest: WindowStatement.longest)
    private var isAnswering = false
    private var task: Scheduled<Void>?

    private init(_ server: ViewServer) { self.server = server }

    /// On the channel's event loop.
    static func add(to channel: any Channel, _ server: ViewServer) throws {
        let options = channel.syncOptions
        try options?.setOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4_096))
        try options?.setOption(.maxMessagesPerRead, value: 1)
        try channel.pipeline.syncOperations.addHandler(ViewConnection(server))
    }

    func channelActive(context: ChannelHandlerContext) { context.read() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        reader.append(unwrapInboundIn(data).readableBytesView)
        proceed(context)
    }

    /// Answers what has come whole; reads on only where nothing has.
    private func proceed(_ context: ChannelHandlerContext) {
        guard !isAnswering, context.channel.isActive else { return }
        do throws(ViewReader.Malformed) {
            guard let frame = try reader.next() else { return context.read() }
            guard let request = ViewRequest(frame) else { throw ViewReader.Malformed() }
            isAnswering = true
            answer(context, request, came: .now())
        } catch { context.close(promise: nil) }
    }

    private func answer(_ context: ChannelHandlerContext, _ request: ViewRequest, came: NIODeadline) {
        if let due = server.due(request, came: came) {
            // Another one may be answered first: then it waits again.
            task = context.eventLoop.assumeIsolated().scheduleTask(deadline: due) { [self] in
                if context.channel.isActive { answer(context, request, came: came) }
            }
            return
        }
        let begin = ViewServer.processorTime
        let made = context.eventLoop.makePromise(of: ViewAnswer.self)
        server.answer(request, came: came, made.succeed)
        made.futureResult.assumeIsolated().whenSuccess { [self] answer in
            send(context, answer)
            server.worked(since: begin)
        }
    }

    private func send(_ context: ChannelHandlerContext, _ answer: ViewAnswer) {
        guard context.channel.isActive else { return }
        let channel = context.channel
        task = context.eventLoop.scheduleTask(in: .nanoseconds(ViewServer.patience.count)) {
            channel.close(promise: nil)
        }
        let written = context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answer.frame.bytes)))
        written.assumeIsolated().whenSuccess { [self] in
            task?.cancel()
            isAnswering = false
            // Not from within: what has come already may be many questions.
            context.eventLoop.assumeIsolated().execute { [self] in proceed(context) }
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { task?.cancel() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Nobody hears an answer any more.
        if case ChannelEvent.inputClosed = event { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
