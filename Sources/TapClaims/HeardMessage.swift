import TapCore
public import TapDecode
import TapFormats

/// A message of Modbus TCP as a line of text or of JSON.
public struct HeardMessage {
    private let message: ModbusTCPMessage
    /// Registers, or bits of coils and inputs, as far as the frame has them.
    private let values: [Int]

    public init(_ message: ModbusTCPMessage, _ frame: Span<UInt8>) {
        self.message = message
        let data = frame.extracting(message.values)
        switch message.function {
        case 1, 2, 15:
            let bits = (0..<data.count * 8).map { Int(data[$0 / 8] >> UInt8($0 % 8) & 1) }
            values = message.address == nil ? bits : Array(bits.prefix(Int(message.count)))
        case 5: values = data.count > 0 ? [data[0] == 0 ? 0 : 1] : []
        default: values = (0..<data.count / 2).map { Int(data[2 * $0]) << 8 | Int(data[2 * $0 + 1]) }
        }
    }

    /// One line without its end, with an address and its values where it has them.
    ///
    /// - Parameter clock: by which it was stamped, where it was heard live; the same below.
    public func text(of connection: PacketHearing.Connection, by clock: StampClock? = nil) -> String {
        let (client, server) = (connection.client, connection.server)
        var words = [
            Words.utc(utc(message.time, clock).nanoseconds), message.kind == .request ? "request " : "response",
            message.kind == .request ? "\(client) > \(server)" : "\(server) > \(client)",
            "unit \(message.unit)", "function \(message.function)",
        ]
        if let code = message.exception { words.append("refused with \(code)") }
        if let address = message.address { words.append("address \(address) count \(message.count)") }
        if let address = message.writeAddress { words.append("writes \(address) count \(message.writeCount)") }
        if message.kind == .unaskedResponse { words.append("to no request that was heard") }
        if message.faults.contains(.form) { words.append("MALFORMED") }
        if message.faults.contains(.function) { words.append("unknown function") }
        if !values.isEmpty { words.append(values.map { "\($0)" }.joined(separator: " ")) }
        return words.joined(separator: "  ")
    }

    /// One object; docs/claims.md describes it.
    public func json(of connection: PacketHearing.Connection, by clock: StampClock? = nil) -> String {
        let (client, server) = (connection.client, connection.server)
        var faults: [String] = []
        if message.faults.contains(.form) { faults.append("\"form\"") }
        if message.faults.contains(.function) { faults.append("\"function\"") }
        let kind =
            switch message.kind {
            case .request: "request"
            case .response: "response"
            case .unaskedResponse: "unasked-response"
            }
        return JSON.object([
            ("utc_ns", "\(utc(message.time, clock).nanoseconds)"), ("kind", JSON.string(kind)),
            ("client", JSON.string("\(client)")), ("server", JSON.string("\(server)")),
            ("transaction", "\(message.transaction)"), ("unit", "\(message.unit)"),
            ("function", "\(message.function)"), ("exception", message.exception.map { "\($0)" }),
            ("address", message.address.map { "\($0)" }), ("count", message.address.map { _ in "\(message.count)" }),
            ("write_address", message.writeAddress.map { "\($0)" }),
            ("write_count", message.writeAddress.map { _ in "\(message.writeCount)" }),
            ("values", values.isEmpty ? nil : JSON.array(values.map { "\($0)" })),
            ("asked_utc_ns", message.asked.map { "\(utc($0, clock).nanoseconds)" }),
            ("monotonic_ns", clock.map { "\($0.monotonic(message.time).nanoseconds)" }),
            ("uncertainty_ns", clock.map { "\($0.uncertainty.count)" }),
            ("faults", faults.isEmpty ? nil : JSON.array(faults)),
        ])
    }

    private func utc(_ time: Timestamp, _ clock: StampClock?) -> Timestamp { clock?.utc(time) ?? time }
}
