import NIOCore
import TapCore
import TapDecode

/// One client of Modbus TCP: each whole frame is answered in its turn. What is no frame ends the connection, as where the next
/// one begins is not known. A client that takes no answers is read no further.
final class ModbusConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let server: ModbusServer
    private let peer: String
    /// Of a frame that has not come whole.
    private var input: [UInt8] = []

    /// What is read at once: its answers are 260 bytes at most for each 12.
    private static let readBytes = 2_048

    private init(_ server: ModbusServer, peer: String) {
        self.server = server
        self.peer = peer
    }

    /// On the channel's event loop.
    static func add(to channel: any Channel, _ server: ModbusServer, peer: String) throws {
        let options = channel.syncOptions
        try options?.setOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: readBytes))
        try options?.setOption(.maxMessagesPerRead, value: 1)
        try options?.setOption(.allowRemoteHalfClosure, value: false)
        try options?.setOption(.autoRead, value: true)
        try channel.pipeline.syncOperations.addHandlers([
            IdleStateHandler(allTimeout: .nanoseconds(server.options.idle.count)), BackPressureHandler(),
            ModbusConnection(server, peer: peer),
        ])
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        input += unwrapInboundIn(data).readableBytesView
        var answers: [UInt8] = []
        var start = 0
        while input.count - start > ModbusTCP.headerSize {
            guard let length = ModbusTCP.length(input.span.extracting(droppingFirst: start)) else { break }
            guard input.count - start >= length else { break }
            answers += answer(input[start..<start + length])
            start += length
        }
        input.removeFirst(start)
        if !answers.isEmpty {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answers)), promise: nil)
        }
        guard ModbusTCP.length(input.span) == nil else { return }
        server.say("\(peer): sent what is no Modbus TCP: disconnected")
        context.close(promise: nil)
    }

    private func answer(_ frame: ArraySlice<UInt8>) -> [UInt8] {
        let frame = Array(frame)
        let unit = frame[6]
        return ModbusTCP.frame(
            transaction: UInt16(frame[0]) << 8 | UInt16(frame[1]), unit: unit,
            response: ModbusAnswer.answer(
                frame.dropFirst(ModbusTCP.headerSize), outOf: server.registers(ofUnit: unit)
            ) { server.write($0, toUnit: unit) })
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is IdleStateHandler.IdleStateEvent else { return context.fireUserInboundEventTriggered(event) }
        server.say(
            "\(peer): disconnected: nothing went to it or came from it for \(Double(server.options.idle.count) / 1e9) s"
        )
        context.close(promise: nil)
    }

    /// A connection that breaks is how clients leave.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
