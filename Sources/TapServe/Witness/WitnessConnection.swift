import NIOCore
import NIOHTTP1
import TapCore
import TapRecord

/// One client of a witness, request by request.
final class WitnessConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let witness: Witness
    private let idle: TimeAmount
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var isTooLong = false
    private var deadline: Scheduled<Void>?

    init(_ witness: Witness, idle: Nanoseconds) {
        self.witness = witness
        self.idle = .nanoseconds(idle.count)
    }

    func handlerAdded(context: ChannelHandlerContext) { if context.channel.isActive { expect(context) } }
    func channelActive(context: ChannelHandlerContext) {
        expect(context)
        context.fireChannelActive()
    }
    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    /// A whole request, from now on: one that comes byte by byte holds its connection no longer than that.
    private func expect(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: idle) { channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
            isTooLong = false
        case .body(let part):
            guard !isTooLong else { return }
            guard body.count + part.readableBytes <= WitnessRequest.longest else {
                isTooLong = true
                body = []
                if let head { answer(context, head, WitnessConnection.plain(.payloadTooLarge), isLast: true) }
                return
            }
            body += part.readableBytesView
        case .end:
            guard let head, !isTooLong else { return }
            answer(context, head, response(to: head), isLast: !head.isKeepAlive)
            self.head = nil
            body = []
        }
    }

    private struct Response {
        var status: HTTPResponseStatus
        var contentType = "text/plain; charset=utf-8"
        var body: [UInt8] = []
        var allow: String?
    }

    private static func plain(_ status: HTTPResponseStatus) -> Response {
        Response(status: status, body: Array((status.reasonPhrase + "\n").utf8))
    }

    private func response(to head: HTTPRequestHead) -> Response {
        if head.uri == "/add-checkpoint" {
            guard head.method == .POST else {
                var response = WitnessConnection.plain(.methodNotAllowed)
                response.allow = "POST"
                return response
            }
            return WitnessConnection.of(witness.addCheckpoint(body))
        }
        let parts = head.uri.split(separator: "/", omittingEmptySubsequences: false)
        if head.method == .GET, parts.count == 3, parts[0].isEmpty, parts[2] == "checkpoint", parts[1].utf8.count == 64
        {
            return WitnessConnection.of(witness.checkpoint(ofOrigin: String(parts[1])))
        }
        return WitnessConnection.plain(.notFound)
    }

    private static func of(_ answer: Witness.Answer) -> Response {
        Response(
            status: HTTPResponseStatus(statusCode: answer.status), contentType: answer.contentType, body: answer.body)
    }

    private func answer(
        _ context: ChannelHandlerContext, _ request: HTTPRequestHead, _ response: Response, isLast: Bool
    ) {
        var head = HTTPResponseHead(version: request.version, status: response.status)
        head.headers.add(name: "Content-Type", value: response.contentType)
        head.headers.add(name: "Content-Length", value: String(response.body.count))
        if let allow = response.allow { head.headers.add(name: "Allow", value: allow) }
        head.headers.add(name: "Connection", value: isLast ? "close" : "keep-alive")
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: response.body)))), promise: nil)
        let end = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        expect(context)
        guard isLast else { return }
        let channel = context.channel
        end.whenComplete { _ in channel.close(promise: nil) }
    }

    /// What is no HTTP, or a connection that breaks, is how clients leave.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
