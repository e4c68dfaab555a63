public import TapCore

/// Puts datagrams of IP together from their pieces. What it holds is bounded; a datagram whose pieces do not all come
/// within 30 s is given up and counted.
public struct FragmentTable: Sendable {
    private struct Datagram {
        var source: NetworkAddress
        var destination: NetworkAddress
        var identification: UInt32
        var transport: UInt8
        var begun: Timestamp
        var bytes: [UInt8] = []
        /// Pieces that are there, by offset.
        var pieces: [Range<Int>] = []
        var end: Int?
    }

    private var open: [Datagram] = []
    /// Datagrams of which a piece never came, or that had no room.
    public private(set) var lost: UInt64 = 0

    public init() {}

    static let most = 64
    static let longest = 65_535
    static let patience = Nanoseconds.seconds(30)

    /// - Returns: the whole datagram's packet and its bytes, once the last piece is there.
    public mutating func take(_ packet: Packet, _ bytes: Span<UInt8>, at time: Timestamp) -> (Packet, [UInt8])? {
        let before = open.count
        open.removeAll { time > $0.begun && time - $0.begun > FragmentTable.patience }
        lost += UInt64(before - open.count)
        guard let fragment = packet.fragment, packet.missing == 0,
            fragment.offset + packet.payload.count <= FragmentTable.longest
        else { return nil }
        let index = place(packet, fragment, time)
        let range = fragment.offset..<fragment.offset + packet.payload.count
        if open[index].bytes.count < range.upperBound {
            open[index].bytes += [UInt8](repeating: 0, count: range.upperBound - open[index].bytes.count)
        }
        for (position, at) in zip(packet.payload, range) { open[index].bytes[at] = bytes[position] }
        open[index].pieces.append(range)
        if fragment.isLast { open[index].end = range.upperBound }
        guard isWhole(open[index]) else { return nil }
        let whole = open.remove(at: index)
        var made = packet
        made.fragment = nil
        made.take(transport: fragment.transport, whole.bytes.span, at: 0, to: whole.bytes.count)
        return (made, whole.bytes)
    }

    private mutating func place(_ packet: Packet, _ fragment: Packet.Fragment, _ time: Timestamp) -> Int {
        let (from, to) = (packet.source.address, packet.destination.address)
        let found = open.firstIndex {
            $0.identification == fragment.identification && $0.source == from && $0.destination == to
                && $0.transport == fragment.transport
        }
        if let found { return found }
        if open.count == FragmentTable.most {
            open.removeFirst()
            lost += 1
        }
        open.append(
            Datagram(
                source: from, destination: to, identification: fragment.identification,
                transport: fragment.transport, begun: time))
        return open.count - 1
    }

    private func isWhole(_ datagram: Datagram) -> Bool {
        guard let end = datagram.end else { return false }
        var reached = 0
        for piece in datagram.pieces.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            guard piece.lowerBound <= reached else { return false }
            reached = max(reached, piece.upperBound)
        }
        return reached >= end
    }
}
