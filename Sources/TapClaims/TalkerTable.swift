import TapCore
import TapDecode

/// Counts who talks in protocols that are not read. Bounded: what it has no room for is counted together.
public struct TalkerTable: Sendable {
    private struct Key: Hashable {
        var kind: TalkerProtocol
        var server: NetworkEndpoint
    }

    private var numbers: [Key: Int] = [:]
    /// In the order in which they were first heard.
    public private(set) var all: [Talker] = []
    /// Packets of those that there is no room for.
    public private(set) var others: UInt64 = 0

    public static let most = 4_096

    init() {}

    mutating func take(_ packet: Packet, _ bytes: Span<UInt8>, length: Int, at time: Timestamp) {
        let (kind, isFromServer) = TalkerProtocol.of(packet)
        var server = isFromServer ? packet.source : packet.destination
        if packet.content != .tcp, packet.content != .udp { server = packet.source }
        let key = Key(kind: kind, server: server)
        let number: Int
        if let known = numbers[key] {
            number = known
        } else {
            guard all.count < TalkerTable.most else {
                others += 1
                return
            }
            number = all.count
            numbers[key] = number
            all.append(Talker(kind: kind, server: server, first: time, last: time))
        }
        all[number].packets += 1
        all[number].bytes += UInt64(length)
        all[number].last = time
        if packet.content == .tcp, TalkerTable.isTLS(bytes.extracting(packet.payload)) {
            all[number].isEncrypted = true
        }
    }

    /// A record of TLS: its kind, and version 3.x (RFC 8446, 5.1).
    private static func isTLS(_ payload: Span<UInt8>) -> Bool {
        payload.count >= 5 && (20...23).contains(payload[0]) && payload[1] == 3 && payload[2] <= 4
    }
}
