/// Gives what a source has written to several consumers, each through a ring of its own.
///
/// A consumer that is too slow loses records of its own ring, which become gaps there and nowhere else. Where a source's
/// time can wait, nothing is taken from its ring unless all consumers have room. A consumer that has closed its feed is
/// passed over. On the source's thread; does not allocate after birth.
final class Relay {
    private var ring: RingConsumer
    private let outlets: [RelayOutlet]
    private let isWaiting: Bool
    private var levels: RelayLevels

    /// - Parameters:
    ///   - ring: what the source writes into, through `writer`.
    ///   - count: of consumers.
    init(
        _ ring: consuming RingConsumer, writtenBy writer: borrowing RecordWriter, of info: SourceInfo, isPatient: Bool,
        to count: Int
    ) {
        isWaiting = writer.whenFull == .wait
        levels = RelayLevels(first: writer.firstLine, count: writer.lineCount)
        let capacity = ring.capacity
        var made: [RelayOutlet] = []
        for _ in 0..<count {
            made.append(RelayOutlet(capacity: capacity, like: writer, of: info, isPatient: isPatient))
        }
        outlets = made
        self.ring = ring
    }

    /// One for each consumer.
    var feeds: [RecordFeed] { outlets.map(\.feed) }

    /// Cells that went to any consumer.
    var progress: UInt64 { outlets.reduce(0) { $0 &+ $1.staged } }

    /// Gives on what is there.
    ///
    /// - Returns: false if something is left, because there was no room for it.
    func move() -> Bool {
        for outlet in outlets { outlet.look() }
        while ring.available(atLeast: 1) > 0 {
            guard ring.read({ Relay.give($0, to: outlets, &levels, isWaiting) }) > 0 else { return false }
        }
        var isAll = true
        for outlet in outlets { isAll = outlet.settleEnd() && isAll }
        return isAll
    }

    /// - Returns: the cells that were given to all.
    private static func give(
        _ cells: Span<Cell>, to outlets: [RelayOutlet], _ levels: inout RelayLevels, _ isWaiting: Bool
    ) -> Int {
        var offset = 0
        while offset < cells.count {
            var end = offset + RecordDecoder.length(cells, at: offset)
            let isEdge = RecordHeader(cells[offset]).rawKind == RecordKind.edge.rawValue
            let room = isWaiting ? outlets.reduce(Int.max) { min($0, $1.room) } : Int.max
            // A longer record may need a pad before it.
            guard (isEdge ? 1 : 2 * (end - offset)) <= room else { break }
            if isEdge {
                while end < cells.count, end - offset < room,
                    RecordHeader(cells[end]).rawKind == RecordKind.edge.rawValue
                {
                    end += 1
                }
            }
            let piece = cells.extracting(offset..<end)
            levels.see(piece)
            for outlet in outlets {
                if isEdge { outlet.giveEdges(piece) } else { outlet.give(piece, levels) }
            }
            offset = end
        }
        return offset
    }
}
