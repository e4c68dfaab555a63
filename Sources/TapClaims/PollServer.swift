public import TapCore
public import TapDecode

/// A Modbus TCP server that is asked, and how gently.
public struct PollServer: Sendable, Hashable, CustomStringConvertible {
    /// IPv4 or IPv6, in figures: resolving a name can hang.
    public var address: String
    public var port: UInt16
    public var unit: UInt8
    /// From one round of questions to the next.
    public var every: Nanoseconds
    /// Requests a second at most, whatever the round has.
    public var budget: Int
    /// Of connecting, and of each answer.
    public var timeout: Nanoseconds

    public init(
        address: String, port: UInt16 = ModbusTCP.port, unit: UInt8 = 1, every: Nanoseconds = .seconds(1),
        budget: Int = 10, timeout: Nanoseconds = .seconds(1)
    ) {
        self.address = address
        self.port = port
        self.unit = unit
        self.every = every
        self.budget = budget
        self.timeout = timeout
    }

    /// From `modbus-tcp:ADDRESS[:PORT]`, IPv6 in brackets; nil: it is none.
    public init?(_ text: String) {
        let scheme = "modbus-tcp:"
        guard text.hasPrefix(scheme) else { return nil }
        let rest = text.dropFirst(scheme.count)
        let end = rest.first == "[" ? rest.firstIndex(of: "]") : rest.firstIndex(of: ":") ?? rest.endIndex
        guard let end else { return nil }
        let isBracketed = rest.first == "["
        let address = isBracketed ? rest[rest.index(after: rest.startIndex)..<end] : rest[..<end]
        let tail = isBracketed ? rest[rest.index(after: end)...] : rest[end...]
        guard !address.isEmpty, tail.isEmpty || tail.first == ":",
            let port = tail.isEmpty ? ModbusTCP.port : UInt16(tail.dropFirst()), port > 0
        else { return nil }
        self.init(address: String(address), port: port)
    }

    public var description: String {
        address.contains(":") ? "modbus-tcp:[\(address)]:\(port)" : "modbus-tcp:\(address):\(port)"
    }
}
