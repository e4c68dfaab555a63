import TapDecode

/// What is spoken, as far as a port or a type of frame says it: the ports that IANA has for it, and those of the vendors.
public enum TalkerProtocol: Sendable, Hashable {
    case named(String)
    case tcp(port: UInt16)
    case udp(port: UInt16)
    case ip(UInt8)
    case link(UInt16)

    public var name: String {
        switch self {
        case .named(let name): name
        case .tcp(let port): "TCP port \(port)"
        case .udp(let port): "UDP port \(port)"
        case .ip(let number): "IP protocol \(number)"
        case .link(let type): type < 1_536 ? "802.3 frame" : "Ethernet type 0x\(String(type, radix: 16))"
        }
    }

    /// Whether it is one of those that carry what a plant does: what is not read of it is missing in the claims.
    public var isIndustrial: Bool {
        if case .named(let name) = self { return TalkerProtocol.industrial.contains(name) }
        return false
    }

    /// The protocol of a packet, and whether a server sends it.
    static func of(_ packet: Packet) -> (TalkerProtocol, isFromServer: Bool) {
        switch packet.content {
        case .tcp: port(packet, tcp) { .tcp(port: $0) }
        case .udp: port(packet, udp) { .udp(port: $0) }
        case .ip(1), .ip(58): (.named("ICMP"), true)
        case .ip(2): (.named("IGMP"), true)
        case .ip(let number): (.ip(number), true)
        case .link(let type): (links[type].map { .named($0) } ?? .link(type < 1_536 ? 0 : type), true)
        case .fragment, .damaged: (.link(0), true)
        }
    }

    /// By the end whose port is known; else the lower port is the server's, or who answers a SYN.
    private static func port(
        _ packet: Packet, _ names: [UInt16: String], _ other: (UInt16) -> TalkerProtocol
    ) -> (TalkerProtocol, isFromServer: Bool) {
        let (from, to) = (packet.source.port, packet.destination.port)
        if let name = names[to] { return (.named(name), false) }
        if let name = names[from] { return (.named(name), true) }
        if from == to { return (other(to), false) }
        return from < to ? (other(from), true) : (other(to), false)
    }

    private static let industrial: Set<String> = [
        "S7comm", "OPC UA", "EtherNet/IP", "IEC 104", "DNP3", "BACnet", "Profinet", "GOOSE", "Sampled Values",
        "EtherCAT",
        "FINS", "HART-IP", "MQTT", "MQTT over TLS", "Modbus over TLS", "ADS", "MELSEC", "GE SRTP",
        "Foundation Fieldbus",
        "MMS or S7comm", "CODESYS",
    ]

    private static let tcp: [UInt16: String] = [
        22: "SSH", 23: "Telnet", 80: "HTTP", 102: "MMS or S7comm", 443: "HTTPS", 445: "SMB", 802: "Modbus over TLS",
        1_217: "CODESYS", 1_883: "MQTT", 2_404: "IEC 104", 3_389: "RDP", 4_840: "OPC UA", 4_843: "OPC UA",
        5_007: "MELSEC",
        5_094: "HART-IP", 8_883: "MQTT over TLS", 9_600: "FINS", 11_740: "CODESYS", 18_245: "GE SRTP", 19_998: "DNP3",
        20_000: "DNP3", 44_818: "EtherNet/IP", 48_898: "ADS",
    ]

    private static let udp: [UInt16: String] = [
        53: "DNS", 67: "DHCP", 68: "DHCP", 123: "NTP", 137: "NetBIOS", 138: "NetBIOS", 161: "SNMP", 162: "SNMP",
        319: "PTP", 320: "PTP", 502: "Modbus over UDP", 514: "syslog", 1_900: "SSDP", 2_222: "EtherNet/IP",
        5_353: "mDNS",
        5_094: "HART-IP", 9_600: "FINS", 20_000: "DNP3", 34_964: "Profinet", 44_818: "EtherNet/IP",
        47_808: "BACnet",
    ]

    private static let links: [UInt16: String] = [
        0x0806: "ARP", 0x8892: "Profinet", 0x88A4: "EtherCAT", 0x88B8: "GOOSE", 0x88BA: "Sampled Values",
        0x88CC: "LLDP",
        0x88F7: "PTP", 0x888E: "802.1X",
    ]
}
