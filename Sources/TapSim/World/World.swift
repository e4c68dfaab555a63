import TapConfig
import TapCore

/// All wires of a scenario in virtual time: its lines, its converters, and the plant they belong to.
///
/// Records are written in one order, which is a function of the scenario and its seed: edges by time, those of one
/// instant in the order of the lines, and each block of scans once its last scan has been taken.
///
/// Sound as Sendable: everything in it is made for it and reached by nobody else, and it is moved, never shared.
struct World: ~Copyable, @unchecked Sendable {
    private var lines: [Line]
    private(set) var samplers: [Sampler]
    private let feed: PlantFeed?
    private let notes: NoteTaker?
    /// Everything up to this time is written, but for blocks that are not whole.
    private var done: UInt64 = 0

    private struct Line {
        let id: LineID
        var cursor: TransitionCursor
        /// The next transition, as far as it is known.
        var next = DigitalGenerator.none
        var sequence: UInt32 = 0
    }

    init(
        _ scenario: Scenario, seed: UInt64, plant: (any Plant)?, firstLine: UInt16, firstDevice: UInt16,
        notes: NoteTaker?
    ) {
        feed = plant.map { PlantFeed($0) }
        let builder = WaveBuilder(seed: seed, feed: feed)
        lines = scenario.lines.enumerated().map { index, line in
            Line(
                id: LineID(firstLine + UInt16(index)),
                cursor: TransitionCursor(builder.digital(line.wave, "line \(line.name)")))
        }
        samplers = scenario.converters.enumerated().map { index, converter in
            Sampler(Scanner(converter, device: DeviceID(firstDevice + UInt16(index)), builder))
        }
        self.notes = notes
    }

    /// The first levels.
    func begin(into writer: inout RecordWriter) {
        for line in lines {
            writer.level(
                Level(line: line.id, isHigh: line.cursor.isHigh, reason: .first, notBefore: .zero, notAfter: .zero))
        }
    }

    /// Goes on to a time and writes what happens until then.
    ///
    /// - Returns: false if it stopped for want of room: to be called again with a time not before this one.
    mutating func advance(to present: UInt64, into writer: inout RecordWriter) -> Bool {
        while true {
            if let feed, done == feed.horizon, done < present { feed.advance() }
            let limit = min(present, feed?.horizon ?? present)
            guard write(upTo: limit, present, into: &writer) else { return false }
            done = limit
            if let feed, let notes { for note in feed.takeNotes(upTo: limit) { notes.take(note) } }
            if limit == present { return true }
        }
    }

    /// Up to where everything is written.
    var watermark: UInt64 {
        var time = done
        for sampler in samplers { time = min(time, max(1, sampler.settled) - 1) }
        return time
    }

    /// Writes the scans up to a time of blocks that are not whole, in the order in which they would be.
    ///
    /// - Returns: false if it stopped for want of room: to be called again.
    mutating func finish(at present: UInt64, into writer: inout RecordWriter) -> Bool {
        for index in samplers.indices {
            // Jitter may take a scan later than its time says.
            let end = present + samplers[index].reach
            feed?.reach(end)
            samplers[index].take(upTo: end)
        }
        for index in samplers.indices.sorted(by: { (samplers[$0].due, $0) < (samplers[$1].due, $1) })
        where samplers[index].hasScans {
            guard !writer.shouldWait(forCells: samplers[index].blockCells) else { return false }
            samplers[index].write(into: &writer)
        }
        return true
    }

    private mutating func write(upTo limit: UInt64, _ present: UInt64, into writer: inout RecordWriter) -> Bool {
        while true {
            var due = DigitalGenerator.none
            var first = 0
            for index in samplers.indices where samplers[index].due < due {
                due = samplers[index].due
                first = index
            }
            guard writeEdges(upTo: min(limit, due), present, into: &writer) else { return false }
            guard due <= limit else { break }
            guard !writer.shouldWait(forCells: samplers[first].blockCells) else { return false }
            samplers[first].take(upTo: due)
            samplers[first].write(into: &writer)
        }
        for index in samplers.indices { samplers[index].take(upTo: limit) }
        return true
    }

    private mutating func writeEdges(
        upTo limit: UInt64, _ present: UInt64, into writer: inout RecordWriter
    ) -> Bool {
        for index in lines.indices where lines[index].next == DigitalGenerator.none {
            lines[index].next = lines[index].cursor.peek(upTo: limit)
        }
        while let (first, others) = earliest(upTo: limit) {
            // This line alone, as long as no other has its turn.
            while lines[first].next <= others {
                guard !writer.shouldWait() else { return false }
                emit(first, present, into: &writer)
                lines[first].next = lines[first].cursor.peek(upTo: limit)
            }
        }
        return true
    }

    /// The line whose edge is next, and the last time at which it needs no look at the others.
    private func earliest(upTo limit: UInt64) -> (line: Int, until: UInt64)? {
        var best = 0
        var bestTime = DigitalGenerator.none
        var until = limit
        for index in lines.indices {
            let time = lines[index].next
            if time < bestTime {
                // A line further up the list has precedence where times are equal.
                if bestTime != DigitalGenerator.none { until = min(until, bestTime &- 1) }
                best = index
                bestTime = time
            } else {
                until = min(until, time)
            }
        }
        return bestTime <= limit ? (best, max(until, bestTime)) : nil
    }

    @inline(__always)
    private mutating func emit(_ index: Int, _ present: UInt64, into writer: inout RecordWriter) {
        lines[index].sequence &+= 1
        lines[index].cursor.take()
        let edge = Edge(
            time: Timestamp(nanoseconds: lines[index].next), line: lines[index].id,
            sequence: lines[index].sequence, flags: lines[index].cursor.isHigh ? .rising : [])
        writer.edge(edge, arrived: Timestamp(nanoseconds: present))
    }
}
