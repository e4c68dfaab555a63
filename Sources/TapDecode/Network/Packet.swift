/// A packet as it was on the network, taken apart as far as its transport: where each part lies in the bytes of the
/// frame. Nothing is copied.
///
/// Ethernet II and 802.3, tags of VLANs (802.1Q, 802.1ad), IPv4, IPv6 with its extension headers, TCP and UDP. Checksums
/// are not judged: a machine that sends leaves them to its card, and a capture on it has them wrong.
public struct Packet: Sendable, Hashable {
    public enum Content: Sendable, Hashable {
        case tcp
        case udp
        /// Another protocol over IP: its number.
        case ip(UInt8)
        /// No IP: the type of the Ethernet frame; below 1,536 a length (802.3).
        case link(UInt16)
        /// A piece of an IP datagram; `fragment` says which.
        case fragment
        /// Cut off, or not what it says it is, before its transport is known.
        case damaged
    }

    public struct Fragment: Sendable, Hashable {
        public var identification: UInt32
        /// In the datagram's payload, in bytes.
        public var offset: Int
        public var isLast: Bool
        /// Of the payload.
        public var transport: UInt8
    }

    public struct Flags: OptionSet, Sendable, Hashable {
        public var rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        public static let fin = Flags(rawValue: 1)
        public static let syn = Flags(rawValue: 2)
        public static let reset = Flags(rawValue: 4)
        public static let acknowledges = Flags(rawValue: 16)
    }

    public var content = Content.damaged
    /// The innermost tag; nil: none.
    public var vlan: UInt16?
    /// Of Ethernet where the packet is not IP.
    public var source = NetworkEndpoint(NetworkAddress(.ethernet, low: 0), port: 0)
    public var destination = NetworkEndpoint(NetworkAddress(.ethernet, low: 0), port: 0)
    /// Of TCP.
    public var sequence: UInt32 = 0
    public var acknowledged: UInt32 = 0
    public var flags: Flags = []
    /// Of the transport, or of the link where it is not IP; of a fragment the piece. In the bytes that were captured.
    public var payload = 0..<0
    /// Bytes of the payload that were on the network and not captured.
    public var missing = 0
    public var fragment: Fragment?

    public init() {}

    /// Takes a frame apart. Never traps: what does not fit is `damaged`.
    ///
    /// - Parameter bytes: as captured, perhaps not to their end.
    public init(_ bytes: Span<UInt8>, link: LinkType) {
        self.init()
        switch link {
        case .ethernet: ethernet(bytes)
        case .raw, .ipv4, .ipv6: internet(bytes, at: 0)
        case .null:
            // A number of the capturing machine's, in its byte order: IP's version says the same.
            internet(bytes, at: 4)
        case .linuxCooked: cooked(bytes, type: 14, header: 16)
        case .linuxCooked2: cooked(bytes, type: 0, header: 20)
        }
    }

    private mutating func ethernet(_ bytes: Span<UInt8>) {
        guard bytes.count >= 14 else { return }
        destination.address = NetworkAddress(.ethernet, low: bytes.big48(0))
        source.address = NetworkAddress(.ethernet, low: bytes.big48(6))
        network(bytes, type: bytes.big16(12), at: 14)
    }

    private mutating func cooked(_ bytes: Span<UInt8>, type: Int, header: Int) {
        guard bytes.count >= header else { return }
        network(bytes, type: bytes.big16(type), at: header)
    }

    private mutating func network(_ bytes: Span<UInt8>, type: UInt16, at offset: Int) {
        var (type, offset) = (type, offset)
        while type == 0x8100 || type == 0x88A8 || type == 0x9100 {
            guard bytes.count >= offset + 4 else { return }
            vlan = bytes.big16(offset) & 0xFFF
            type = bytes.big16(offset + 2)
            offset += 4
        }
        if type == 0x0800 || type == 0x86DD { return internet(bytes, at: offset) }
        content = .link(type)
        payload = min(offset, bytes.count)..<bytes.count
    }

    private mutating func internet(_ bytes: Span<UInt8>, at offset: Int) {
        guard bytes.count > offset else { return }
        switch bytes[offset] >> 4 {
        case 4: version4(bytes, at: offset)
        case 6: version6(bytes, at: offset)
        default: return
        }
    }

    private mutating func version4(_ bytes: Span<UInt8>, at offset: Int) {
        guard bytes.count >= offset + 20 else { return }
        let header = Int(bytes[offset] & 15) * 4
        // A card that joins segments for its machine leaves the length 0.
        let total = Int(bytes.big16(offset + 2))
        let length = total == 0 ? bytes.count - offset : total
        guard header >= 20, length >= header, bytes.count >= offset + header else { return }
        source.address = NetworkAddress(.ipv4, low: UInt64(bytes.big32(offset + 12)))
        destination.address = NetworkAddress(.ipv4, low: UInt64(bytes.big32(offset + 16)))
        let (transport, piece) = (bytes[offset + 9], bytes.big16(offset + 6))
        if piece & 0x3FFF != 0 {
            fragment = Fragment(
                identification: UInt32(bytes.big16(offset + 4)), offset: Int(piece & 0x1FFF) * 8,
                isLast: piece & 0x2000 == 0, transport: transport)
        }
        carry(bytes, transport, at: offset + header, to: offset + length)
    }

    private mutating func version6(_ bytes: Span<UInt8>, at offset: Int) {
        guard bytes.count >= offset + 40 else { return }
        source.address = NetworkAddress(.ipv6, high: bytes.big64(offset + 8), low: bytes.big64(offset + 16))
        destination.address = NetworkAddress(.ipv6, high: bytes.big64(offset + 24), low: bytes.big64(offset + 32))
        let length = Int(bytes.big16(offset + 4))
        let end = length == 0 ? bytes.count : offset + 40 + length
        var (next, at) = (bytes[offset + 6], offset + 40)
        // Hop-by-hop, routing, destination options, fragment (RFC 8200).
        while [0, 43, 44, 60].contains(next) {
            guard bytes.count >= at + 8, fragment == nil else { return }
            if next == 44 {
                let piece = bytes.big16(at + 2)
                if piece & 0xFFF9 != 0 {
                    fragment = Fragment(
                        identification: bytes.big32(at + 4), offset: Int(piece >> 3) * 8, isLast: piece & 1 == 0,
                        transport: bytes[at])
                }
            }
            let header = next == 44 ? 8 : 8 + Int(bytes[at + 1]) * 8
            (next, at) = (bytes[at], at + header)
        }
        carry(bytes, next, at: at, to: end)
    }

    /// What IP carries from `offset` to `end`, which may lie behind what was captured.
    private mutating func carry(_ bytes: Span<UInt8>, _ transport: UInt8, at offset: Int, to end: Int) {
        guard offset <= end else { return }
        if fragment != nil {
            content = .fragment
            setPayload(bytes, from: offset, to: end)
        } else {
            take(transport: transport, bytes, at: offset, to: end)
        }
    }

    /// Takes the transport apart: of a packet, or of a datagram put together from its pieces.
    mutating func take(transport: UInt8, _ bytes: Span<UInt8>, at offset: Int, to end: Int) {
        content = .damaged
        switch transport {
        case 6:
            guard bytes.count >= offset + 20, end >= offset + 20 else { return }
            let header = Int(bytes[offset + 12] >> 4) * 4
            guard header >= 20, offset + header <= end else { return }
            ports(bytes, offset)
            sequence = bytes.big32(offset + 4)
            acknowledged = bytes.big32(offset + 8)
            flags = Flags(rawValue: bytes[offset + 13])
            setPayload(bytes, from: offset + header, to: end)
            content = .tcp
        case 17:
            guard bytes.count >= offset + 8, end >= offset + 8 else { return }
            ports(bytes, offset)
            setPayload(bytes, from: offset + 8, to: end)
            content = .udp
        default:
            content = .ip(transport)
            setPayload(bytes, from: offset, to: end)
        }
    }

    private mutating func ports(_ bytes: Span<UInt8>, _ offset: Int) {
        source.port = bytes.big16(offset)
        destination.port = bytes.big16(offset + 2)
    }

    private mutating func setPayload(_ bytes: Span<UInt8>, from offset: Int, to end: Int) {
        let (start, stop) = (min(offset, bytes.count), min(end, bytes.count))
        payload = start..<max(start, stop)
        missing = end - offset - payload.count
    }
}
