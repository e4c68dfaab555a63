public import TapCore
public import TapDecode

/// A service that is talked to in a protocol that is not read: who, how much, and when.
public struct Talker: Sendable, Hashable {
    public let kind: TalkerProtocol
    /// The server, or, where there is none, whoever sends.
    public let server: NetworkEndpoint
    public internal(set) var packets: UInt64 = 0
    /// On the network, headers and all.
    public internal(set) var bytes: UInt64 = 0
    /// TLS or another encryption was seen in it: nobody beside it can read it.
    public internal(set) var isEncrypted = false
    public internal(set) var first: Timestamp
    public internal(set) var last: Timestamp
}
