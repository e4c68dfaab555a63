public import TapCore
public import TapDecode

/// Hears Modbus TCP in the packets of a mirror port or of a file, and counts who else talks there.
///
/// Nothing is sent. What is held is bounded: connections that have been silent for longest are given up first. Not
/// thread-safe.
public struct PacketHearing: Sendable {
    /// A connection of Modbus TCP.
    public struct Connection: Sendable {
        public let client: NetworkEndpoint
        public let server: NetworkEndpoint
        public let vlan: UInt16?
        fileprivate var conversation = ModbusTCPConversation()
        public fileprivate(set) var last: Timestamp

        public var counts: ModbusTCPConversation.Counts { conversation.counts }
    }

    /// Packets, by what became of them.
    public struct Counts: Sendable, Hashable {
        public var packets: UInt64 = 0
        /// Not to be read: cut off, damaged, or of a link that is not known.
        public var unreadable: UInt64 = 0
        /// Pieces of datagrams that never came together.
        public var lostDatagrams: UInt64 = 0
        /// Connections that were given up for want of room.
        public var forgottenConnections: UInt64 = 0
        /// Packets of talkers that there was no room to count by themselves.
        public var otherTalkers: UInt64 = 0
    }

    private struct Key: Hashable {
        var client: NetworkEndpoint
        var server: NetworkEndpoint
        var vlan: UInt16
    }

    private var numbers: [Key: Int] = [:]
    private var keys: [Key] = []
    /// In the order in which they were first heard.
    public private(set) var connections: [Connection] = []
    public private(set) var talkers = TalkerTable()
    private var fragments = FragmentTable()
    private var heard = Counts()
    private let ports: Set<UInt16>
    private let most: Int

    public static let mostConnections = 16_384

    /// - Parameters:
    ///   - ports: of Modbus servers.
    ///   - most: connections that are followed at a time.
    public init(ports: Set<UInt16> = [ModbusTCP.port], mostConnections most: Int = PacketHearing.mostConnections) {
        (self.ports, self.most) = (ports, most)
    }

    public var counts: Counts {
        var counts = heard
        counts.lostDatagrams = fragments.lost
        counts.otherTalkers = talkers.others
        return counts
    }

    /// Takes a packet. Times do not go back, or what waits for a lost segment waits longer.
    ///
    /// - Parameters:
    ///   - length: bytes that were on the network.
    ///   - link: nil: of a kind that is not known.
    ///   - emit: is given each message with the number of its connection, and the bytes of its frame.
    public mutating func take(
        _ bytes: Span<UInt8>, length: Int, link: LinkType?, at time: Timestamp,
        _ emit: (Int, ModbusTCPMessage, Span<UInt8>) -> Void
    ) {
        heard.packets += 1
        guard let link else {
            heard.unreadable += 1
            return
        }
        let packet = Packet(bytes, link: link)
        if packet.content == .fragment {
            guard let (whole, datagram) = fragments.take(packet, bytes, at: time) else {
                if packet.missing > 0 { heard.unreadable += 1 }
                return
            }
            take(whole, datagram.span, length: length, at: time, emit)
        } else {
            take(packet, bytes, length: length, at: time, emit)
        }
    }

    private mutating func take(
        _ packet: Packet, _ bytes: Span<UInt8>, length: Int, at time: Timestamp,
        _ emit: (Int, ModbusTCPMessage, Span<UInt8>) -> Void
    ) {
        if packet.content == .damaged {
            heard.unreadable += 1
        } else if packet.content == .tcp, let isToServer = direction(packet) {
            let number = number(packet, isToServer, time)
            connections[number].last = time
            connections[number].conversation.take(packet, bytes, isToServer: isToServer, at: time) {
                emit(number, $0, $1)
            }
        } else {
            talkers.take(packet, bytes, length: length, at: time)
        }
    }

    /// Nothing more comes: what waits is given.
    public mutating func finish(at time: Timestamp, _ emit: (Int, ModbusTCPMessage, Span<UInt8>) -> Void) {
        for index in connections.indices {
            connections[index].conversation.finish(at: time) { emit(index, $0, $1) }
        }
    }

    /// nil: it is no packet of Modbus.
    private func direction(_ packet: Packet) -> Bool? {
        if ports.contains(packet.destination.port) { return true }
        return ports.contains(packet.source.port) ? false : nil
    }

    private mutating func number(_ packet: Packet, _ isToServer: Bool, _ time: Timestamp) -> Int {
        let (client, server) =
            isToServer ? (packet.source, packet.destination) : (packet.destination, packet.source)
        let key = Key(client: client, server: server, vlan: packet.vlan ?? .max)
        if let known = numbers[key] { return known }
        let connection = Connection(client: client, server: server, vlan: packet.vlan, last: time)
        guard connections.count == most else {
            numbers[key] = connections.count
            keys.append(key)
            connections.append(connection)
            return connections.count - 1
        }
        // One at a time: whoever opens more makes room of those that are silent.
        let oldest = connections.indices.min { connections[$0].last < connections[$1].last } ?? 0
        numbers[keys[oldest]] = nil
        numbers[key] = oldest
        keys[oldest] = key
        connections[oldest] = connection
        heard.forgottenConnections += 1
        return oldest
    }
}
