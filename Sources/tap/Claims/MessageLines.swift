import TapClaims
import TapCore
import TapDecode

/// Messages that were heard, as lines that wait to be written.
struct MessageLines {
    let format: DecodeCommand.Format
    private var heard: [(Int, HeardMessage)] = []
    private var text = ""

    init(_ format: DecodeCommand.Format) { self.format = format }

    mutating func take(_ connection: Int, _ message: ModbusTCPMessage, _ frame: Span<UInt8>) {
        heard.append((connection, HeardMessage(message, frame)))
    }

    /// Makes lines of what was taken: numbers of connections may be given to others later.
    ///
    /// - Parameter clock: of packets that are heard live.
    mutating func make(of hearing: borrowing PacketHearing, by clock: StampClock? = nil) {
        for (number, message) in heard {
            let connection = hearing.connections[number]
            text += format == .text ? message.text(of: connection, by: clock) : message.json(of: connection, by: clock)
            text += "\n"
        }
        heard.removeAll(keepingCapacity: true)
    }

    mutating func add(_ loss: PacketLoss, by clock: StampClock) {
        text += (format == .text ? loss.text(by: clock) : loss.json(by: clock)) + "\n"
    }

    mutating func write(to output: OutputFile) throws(TapError) {
        guard !text.isEmpty else { return }
        try output.write(text)
        text.removeAll(keepingCapacity: true)
    }
}
