// What a relay needs of the writer of a consumer's ring.

extension RecordWriter {
    /// For the same lines, devices and tags, into another ring.
    init(_ ring: consuming RingProducer, like other: borrowing RecordWriter) {
        self.init(
            ring, lines: UInt16(other.firstLine)..<UInt16(other.firstLine + other.lineCount),
            devices: UInt16(other.firstDevice)..<UInt16(other.firstDevice + other.deviceCount),
            tags: UInt16(other.firstTag)..<UInt16(other.firstTag + other.tagCount), whenFull: other.whenFull)
    }

    /// Cells that are free for whoever can wait.
    mutating func roomForWaiting() -> Int {
        if unreported > 0 { reportRefused(at: .zero) }
        return unreported > 0 ? 0 : max(0, ring.free(atLeast: ring.capacity) - RecordWriter.reserve)
    }

    /// Writes and publishes edges as they are; those without room are refused one by one. Only these are in the
    /// writer's statistics.
    mutating func edges(_ cells: Span<Cell>) {
        var done = 0
        if unreported == 0 {
            let room = ring.free(atLeast: cells.count + RecordWriter.reserve) - RecordWriter.reserve
            if room > 0 { done = ring.push(contentsOf: cells.extracting(..<min(room, cells.count))) }
        }
        for index in done..<cells.count {
            let edge = Edge(cell: cells[index])
            self.edge(edge, arrived: edge.time)
        }
        publish()
    }
}
