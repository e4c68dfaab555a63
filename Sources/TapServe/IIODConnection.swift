import Glibc
import NIOCore
import NIOPosix
import TapCore
import TapSim

/// One client's connection: takes one command after the other, each once the answer to the one before has been taken.
///
/// So no client makes the server hold more than one piece of an answer: a piece is made when the one before it has gone
/// to the system. A client that does not take a piece within the server's patience is disconnected. Everything happens on the
/// channel's event loop.
final class IIODConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let server: IIODServer
    private let peer: String
    private let address: String
    private var session: IIODSession
    private var input = ByteBuffer()
    /// The WRITE whose value is under way.
    private var value: (attribute: IIODCommand.Attribute, count: Int)?
    /// The READBUF that is being answered.
    private var transfer: (device: Int, left: Int, isFirst: Bool)?
    /// An answer is being sent, or scans are waited for.
    private var isBusy = false
    private var isInputClosed = false
    private var isClosing = false
    private var isSending = false
    private var cutOff: Scheduled<Void>?
    /// When the client last said something or was answered.
    private var lastHeard = NIODeadline.now()
    private var idle: Scheduled<Void>?
    /// The server knows that there is a stream.
    private var isStreaming = false

    /// Longer than any valid command.
    static let longestLine = 1_024

    init(_ server: IIODServer, peer: String, address: String, _ session: IIODSession) {
        self.server = server
        self.peer = peer
        self.address = address
        self.session = session
    }

    func channelActive(context: ChannelHandlerContext) {
        watch(context, after: .nanoseconds(server.options.idle.count))
        proceed(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastHeard = .now()
        var bytes = unwrapInboundIn(data)
        input.writeBuffer(&bytes)
        proceed(context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else { return }
        isInputClosed = true
        proceed(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        isClosing = true
        cutOff?.cancel()
        idle?.cancel()
        if isStreaming { server.closed(by: address) }
        isStreaming = false
    }

    /// A connection that breaks is how clients leave.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { close(context) }

    /// Looks from time to time whether it says anything.
    private func watch(_ context: ChannelHandlerContext, after wait: TimeAmount) {
        idle = context.eventLoop.assumeIsolated().scheduleTask(in: wait) { [self] in
            guard !isClosing else { return }
            let limit = TimeAmount.nanoseconds(server.options.idle.count)
            let silent = isBusy ? .zero : NIODeadline.now() - lastHeard
            if silent < limit { return watch(context, after: limit - silent) }
            if !isStreaming, server.streams(from: address) { return watch(context, after: limit) }
            server.idled(peer)
            close(context)
        }
    }

    private func noteStreams() {
        guard session.hasStream != isStreaming else { return }
        isStreaming.toggle()
        if isStreaming { server.opened(by: address) } else { server.closed(by: address) }
    }

    // MARK: Commands

    /// Answers what has come, as far as it goes.
    private func proceed(_ context: ChannelHandlerContext) {
        guard !isBusy, !isClosing else { return }
        if let value {
            if let bytes = input.readSlice(length: value.count) {
                self.value = nil
                return give(session.write(value.attribute, bytes.readableBytesView), context)
            }
        } else if let end = input.readableBytesView.prefix(IIODConnection.longestLine).firstIndex(of: 10) {
            var line = input.readableBytesView[..<end]
            let count = line.count + 1
            while line.last == 13 { line.removeLast() }
            let answer = line.allSatisfy({ $0 == 0x20 || $0 == 9 }) ? nil : session.answer(line)
            if answer == .notYet { return again(context) }
            noteStreams()
            input.moveReaderIndex(forwardBy: count)
            guard let answer else { return again(context) }
            return give(answer, context)
        } else if input.readableBytes >= IIODConnection.longestLine {
            server.say("\(peer): a command of more than \(IIODConnection.longestLine) bytes: disconnected")
            return give(.outOfStep, context)
        }
        input.discardReadBytes()
        guard isInputClosed else { return context.read() }
        if input.readableBytes > 0 || value != nil { server.say("\(peer): disconnected in the middle of a command") }
        close(context)
    }

    private func give(_ answer: IIODSession.Answer, _ context: ChannelHandlerContext) {
        switch answer {
        case .text(let text): send(context) { $0.writeString(text) }
        case .bytes(let bytes): send(context) { $0.writeBytes(bytes) }
        case .number(let number): send(context) { $0.writeString("\(number)\n") }
        case .error(let code): send(context) { $0.writeString("\(code.rawValue)\n") }
        case .notYet: again(context)
        case .value(let attribute, let count):
            value = (attribute, count)
            again(context)
        case .scans(let device, let count):
            transfer = (device, count, true)
            pump(context)
        case .goodbye: close(context)
        case .outOfStep:
            isClosing = true
            send(context) { $0.writeString("\(IIODErrno.invalid.rawValue)\n") }
        }
    }

    /// Not at once: other clients of this loop have their turn first, and nothing grows on the stack.
    private func again(_ context: ChannelHandlerContext) {
        isBusy = true
        context.eventLoop.assumeIsolated().execute { [self] in
            isBusy = false
            if transfer == nil { proceed(context) } else { pump(context) }
        }
    }

    // MARK: Scans

    private func pump(_ context: ChannelHandlerContext) {
        guard let transfer, !isClosing else { return }
        let before = session.refusals(transfer.device)
        let piece = session.take(transfer.device, transfer.left, most: server.options.pieceBytes)
        if session.refusals(transfer.device) > before { server.refused(peer) }
        switch piece {
        case .bytes(let bytes):
            let left = transfer.left - bytes.count
            let mask = transfer.isFirst ? session.mask(transfer.device) + "\n" : ""
            self.transfer = left > 0 ? (transfer.device, left, false) : nil
            send(context) { buffer in
                buffer.writeString("\(bytes.count)\n\(mask)")
                buffer.writeBytes(bytes)
            }
        case .later(let time):
            isBusy = true
            let span = server.span(until: time)
            context.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(span.count)) { [self] in
                isBusy = false
                pump(context)
            }
        case .again: again(context)
        case .end:
            self.transfer = nil
            send(context) { $0.writeString("0\n") }
        }
    }

    // MARK: Sending

    private func send(_ context: ChannelHandlerContext, _ fill: (inout ByteBuffer) -> Void) {
        isBusy = true
        var buffer = context.channel.allocator.buffer(capacity: 64)
        fill(&buffer)
        let loop = context.eventLoop.assumeIsolated()
        let count = buffer.readableBytes
        isSending = true
        context.writeAndFlush(wrapOutboundOut(buffer)).assumeIsolated().whenComplete { [self] result in
            isSending = false
            cutOff?.cancel()
            cutOff = nil
            lastHeard = .now()
            guard case .success = result, !isClosing else { return close(context) }
            again(context)
        }
        // Mostly the system has taken it already.
        guard isSending else { return }
        cutOff = loop.scheduleTask(in: .nanoseconds(server.options.patience.count)) { [self] in
            cut(context, holding: count)
        }
    }

    private func cut(_ context: ChannelHandlerContext, holding count: Int) {
        server.cutOff(peer, holding: count)
        // What the system still holds for it goes too.
        _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        close(context)
    }

    private func close(_ context: ChannelHandlerContext) {
        isClosing = true
        context.close(promise: nil)
    }
}
