import Glibc
import NIOCore
import NIOHTTP1
import TapCore

/// One client: one question or statement, its answer, and the end; or a stream.
final class WindowConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case waiting, listening, asking, answered, streaming
    }

    private let server: WindowServer
    private var state = State.waiting
    private var deadline: Scheduled<Void>?
    private var stream: WindowStream?
    /// What is being said, and the token where another process checks it.
    private var statement: WindowStatement?
    private var token: String?

    /// What is read at once.
    private static let readBytes = 4_096
    /// After an answer, so that what the client still sends does not destroy it on its way.
    private static let drain = TimeAmount.seconds(1)

    private init(_ server: WindowServer) { self.server = server }

    /// On the channel's event loop.
    static func add(to channel: any Channel, _ server: WindowServer) throws {
        let options = channel.syncOptions
        try options?.setOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: readBytes))
        try options?.setOption(.maxMessagesPerRead, value: 1)
        try options?.setOption(.autoRead, value: true)
        if channel.remoteAddress?.port != nil {
            // TCP. What waits in the system is old: as little as possible.
            try options?.setOption(.tcpOption(.init(rawValue: TCP_NOTSENT_LOWAT)), value: 16_384)
        }
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 8_192
        limits.maxHeaderListSize = 16_384
        limits.maxHeaderFieldCount = 64
        let decoder = HTTPRequestDecoder(
            leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .drop, limitConfiguration: limits)
        try channel.pipeline.syncOperations.addHandlers([
            HTTPResponseEncoder(), ByteToMessageHandler(decoder), WindowConnection(server),
        ])
    }

    func handlerAdded(context: ChannelHandlerContext) {
        wait(context, .nanoseconds(server.options.patience.count))
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        if let stream { server.remove(stream) }
    }

    /// Ends the connection, unless something happens before.
    private func wait(_ context: ChannelHandlerContext, _ time: TimeAmount) {
        deadline?.cancel()
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(let head), .waiting): begin(context, head)
        case (.body(let bytes), .listening): statement?.content += bytes.readableBytesView
        case (.end, .listening):
            if let statement { ask(context) { server.take(statement, token: token, $0) } }
        default: break
        }
    }

    private func begin(_ context: ChannelHandlerContext, _ head: HTTPRequestHead) {
        if let refusal = WindowGuard.refusal(of: head, names: server.options.names) {
            let allowed = WindowStatement(target: head.uri) == nil ? "GET" : "POST"
            return answer(context, refusal, isRefused: true, more: refusal.status == 405 ? [("Allow", allowed)] : [])
        }
        if let said = WindowStatement(target: head.uri) { return listen(context, said, head.headers) }
        guard let question = WindowQuestion(target: head.uri) else {
            return answer(context, .refusal(400, "the target of the request is no path: ask for / or /api/state"))
        }
        if question.path == "/api/events" { return open(context) }
        ask(context) { server.answer(question, $0) }
    }

    /// - Parameter question: is given what takes its answer, on any thread.
    private func ask(_ context: ChannelHandlerContext, _ question: (@escaping WindowContent.Reply) -> Void) {
        state = .asking
        let replied = context.eventLoop.makePromise(of: WindowAnswer?.self)
        question(replied.succeed)
        replied.futureResult.assumeIsolated().whenSuccess { [self] found in
            guard context.channel.isActive else { return }
            answer(
                context,
                found ?? .refusal(404, "there is nothing under this path: /api/openapi.yaml lists what there is"))
        }
    }

    private func listen(_ context: ChannelHandlerContext, _ said: WindowStatement, _ headers: HTTPHeaders) {
        switch server.admit(headers) {
        case .refused(let refusal):
            answer(
                context, refusal, isRefused: true,
                more: refusal.status == 401
                    ? [("WWW-Authenticate", "Bearer")] : refusal.status == 429 ? [("Retry-After", "1")] : [])
        case .holder(let name):
            statement = said
            statement?.holder = name
            state = .listening
        case .bearer(let secret):
            (statement, token) = (said, secret)
            state = .listening
        }
    }

    private func answer(
        _ context: ChannelHandlerContext, _ answer: WindowAnswer, isRefused: Bool = false,
        more: [(String, String)] = []
    ) {
        state = .answered
        server.count(isRefused: isRefused || answer.status >= 400)
        var headers = WindowGuard.headers(type: answer.type)
        headers.add(name: "Content-Length", value: "\(answer.text.utf8.count)")
        for (name, value) in more { headers.add(name: name, value: value) }
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.text)))), promise: nil)
        wait(context, .nanoseconds(server.options.patience.count))
        context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { [self] _ in
            context.close(mode: .output, promise: nil)
            wait(context, WindowConnection.drain)
        }
    }

    private func open(_ context: ChannelHandlerContext) {
        let stream = WindowStream(context.channel, patience: .nanoseconds(server.options.patience.count))
        guard server.add(stream) else {
            return answer(
                context, .refusal(429, "\(server.options.streams) viewers have a stream: poll /api/state instead"),
                isRefused: true)
        }
        self.stream = stream
        state = .streaming
        deadline?.cancel()
        server.count(isRefused: false)
        var headers = WindowGuard.headers(type: "text/event-stream")
        // nginx holds answers back otherwise.
        headers.add(name: "X-Accel-Buffering", value: "no")
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        if let newest = server.newestState() { _ = stream.send(newest, at: .now(), isBeat: true) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Nothing more will come: who waits for an answer or a stream still reads.
        guard case ChannelEvent.inputClosed = event else { return context.fireUserInboundEventTriggered(event) }
        if state == .asking { return }
        if state != .answered { return context.close(promise: nil) }
        wait(context, .milliseconds(50))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard state == .waiting || state == .listening else {
            // What comes behind a question is of no use; a connection that breaks is how viewers leave.
            if !(error is HTTPParserError) { context.close(promise: nil) }
            return
        }
        switch error {
        case HTTPParserError.headerOverflow:
            answer(
                context, .refusal(431, "the head of the request is too long: it may have 16384 bytes"), isRefused: true)
        case is HTTPParserError:
            answer(context, .refusal(400, "this is no HTTP/1.1: ask with GET"), isRefused: true)
        default: context.close(promise: nil)
        }
    }
}
