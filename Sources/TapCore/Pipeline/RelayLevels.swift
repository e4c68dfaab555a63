/// The level of each line by what its source has written, so that a consumer whose own ring had no room for the last
/// edge need not go on without it.
struct RelayLevels {
    private let first: Int
    private var lines: [Known?]

    private struct Known {
        var isHigh: Bool
        var since: Timestamp
        var isMuted = false
    }

    init(first: Int, count: Int) {
        self.first = first
        lines = Array(repeating: nil, count: count)
    }

    /// - Parameter cells: edges, or one other record.
    mutating func see(_ cells: Span<Cell>) {
        let header = RecordHeader(cells[0])
        switch header.kind {
        case .edge:
            for index in cells.indices {
                let edge = Edge(cell: cells[index])
                lines[Int(edge.line.index) - first] = Known(isHigh: edge.isRising, since: edge.time)
            }
        case .level:
            let level = Level(cells)
            lines[Int(level.line.index) - first] = Known(
                isHigh: level.isHigh, since: level.notAfter, isMuted: level.reason == .muted)
        case .gap:
            // The record that says how it is from then on comes after it.
            if case .line(let line) = Gap(cells).subject { lines[Int(line.index) - first] = nil }
        default: break
        }
    }

    /// Writes the levels that were lost to a full ring: they held when everything up to `time` was in.
    func restore(at time: Timestamp, into writer: inout RecordWriter) {
        for index in lines.indices {
            let line = LineID(UInt16(first + index))
            guard let known = lines[index], writer.takeUnknownLevel(of: line) else { continue }
            writer.level(
                Level(
                    line: line, isHigh: known.isHigh, reason: known.isMuted ? .muted : .resumed,
                    notBefore: known.since, notAfter: max(known.since, time)))
        }
    }
}
