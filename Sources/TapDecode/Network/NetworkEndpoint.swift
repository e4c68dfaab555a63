/// One end of a connection.
public struct NetworkEndpoint: Sendable, Hashable, BitwiseCopyable {
    public var address: NetworkAddress
    public var port: UInt16

    public init(_ address: NetworkAddress, port: UInt16) { (self.address, self.port) = (address, port) }
}

extension NetworkEndpoint: CustomStringConvertible {
    /// As `10.0.0.5:502`, `[fd00:0:0:0:0:0:0:5]:502`.
    public var description: String { address.kind == .ipv6 ? "[\(address)]:\(port)" : "\(address):\(port)" }
}
