public import TapCore
public import TapDecode

/// What was heard of one server's unit in one function: how often, and which coils, inputs or registers.
public struct HeardRegisters: Sendable {
    public let server: NetworkEndpoint
    public let unit: UInt8
    public let function: UInt8
    public internal(set) var requests: UInt64 = 0
    /// Of requests that were heard.
    public internal(set) var responses: UInt64 = 0
    public internal(set) var exceptions: UInt64 = 0
    /// Frames whose form is not that of the function.
    public internal(set) var malformed: UInt64 = 0
    /// That it has given.
    public internal(set) var addresses = AddressRanges()
    public internal(set) var first: Timestamp
    public internal(set) var last: Timestamp
    /// Masters that asked for it.
    public internal(set) var masters: Set<NetworkAddress> = []

    static let mostMasters = 64
}
