/// An address of a network: of the Internet Protocol, or of Ethernet where there is none.
public struct NetworkAddress: Sendable, Hashable, BitwiseCopyable {
    public enum Kind: UInt8, Sendable, Hashable, BitwiseCopyable { case ethernet, ipv4, ipv6 }

    public var kind: Kind
    /// The first eight bytes of an IPv6 address; 0 for the others.
    public var high: UInt64
    /// The last eight bytes; an IPv4 address in the lowest four, one of Ethernet in the lowest six.
    public var low: UInt64

    public init(_ kind: Kind, high: UInt64 = 0, low: UInt64) {
        (self.kind, self.high, self.low) = (kind, high, low)
    }
}

extension NetworkAddress: CustomStringConvertible {
    /// As `10.0.0.5`, `fd00:0:0:0:0:0:0:5`, `00:1b:1b:07:fe:01`.
    public var description: String {
        func byte(_ index: Int) -> UInt64 { low >> UInt64(8 * index) & 0xFF }
        switch kind {
        case .ipv4: return [3, 2, 1, 0].map { String(byte($0)) }.joined(separator: ".")
        case .ethernet:
            return [5, 4, 3, 2, 1, 0].map { (byte($0) < 16 ? "0" : "") + String(byte($0), radix: 16) }
                .joined(separator: ":")
        case .ipv6:
            let words = [high, low].flatMap { half in [48, 32, 16, 0].map { half >> UInt64($0) & 0xFFFF } }
            return words.map { String($0, radix: 16) }.joined(separator: ":")
        }
    }
}
