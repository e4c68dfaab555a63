import TapCore

/// Empties a ring every 5 ms and compares each edge with the one before it: one line, which alternates.
final class DrainStage: Stage {
    let name = "drain"
    let failure: TapError? = nil
    private(set) var edges: UInt64 = 0
    /// Edges whose number does not follow, whose stamp does not grow, or that do not alternate.
    private(set) var wrong: UInt64 = 0
    /// Losses that were reported, by kind.
    private(set) var gaps: [Gap.Kind] = []
    private var ring: RingConsumer
    private var last: Edge?
    /// Cells of a longer record that are still to come.
    private var left = 0
    private var isEnded = false

    private static let tick = Nanoseconds.milliseconds(5)

    init(_ ring: consuming RingConsumer) { self.ring = ring }

    func start(at now: Timestamp) -> Wake { .at(now + DrainStage.tick) }

    func step(at now: Timestamp) -> Wake {
        while ring.read({ take($0) }) > 0 {}
        return isEnded ? .ended : .at(now + DrainStage.tick)
    }

    /// Ends when its source has.
    func requestStop() {}

    private func take(_ cells: Span<Cell>) -> Int {
        for index in cells.indices {
            if left > 0 {
                left -= 1
                continue
            }
            // The layout of a record's first cell: RecordHeader.
            let cell = cells[index]
            let kind = RecordKind(rawValue: UInt8(truncatingIfNeeded: cell.word1 >> 48))
            if kind == .edge {
                add(Edge(cell: cell))
                continue
            }
            left = Int(UInt32(truncatingIfNeeded: cell.word1)) - 1
            if kind == .gap { gaps.append(Gap.Kind(rawValue: UInt8(truncatingIfNeeded: cell.word1 >> 56 & 0x7F))!) }
            if kind == .end { isEnded = true }
        }
        return cells.count
    }

    private func add(_ edge: Edge) {
        edges += 1
        if let last {
            let follows = edge.sequence == last.sequence &+ 1 && edge.isRising != last.isRising
            if !follows || edge.time <= last.time { wrong += 1 }
        }
        last = edge
    }
}
