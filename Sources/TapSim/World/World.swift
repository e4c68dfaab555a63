import TapConfig
import TapCore

/// All wires of a scenario in virtual time: its lines, its converters, and the plant they belong to.
///
/// Records are written in one order, which is a function of the scenario and its seed: edges by time, those of one
/// instant in the order of the lines, claims after the edges of their instant, and each block of scans once its last
/// scan has been taken.
///
/// Sound as Sendable: everything in it is made for it and reached by nobody else, and it is moved, never shared.
struct World: ~Copyable, @unchecked Sendable {
    private var lines: [Line]
    /// Of the lines, by the next transition of each, as far as it is known.
    private var turns: TurnOrder
    private(set) var samplers: [Sampler]
    /// Their places, as `orderByDue` left them.
    private var byDue: [Int]
    private let feed: PlantFeed?
    private var truths: TruthFeed
    private let taker: TruthTaker?
    private let selection: ClaimSelection
    /// Everything up to this time is written, but for blocks that are not whole.
    private var done: UInt64 = 0
    /// Lines whose first level is written.
    private var levels = 0
    /// Cells written since the last watermark that was due to their number. A function of the scenario: not of when a
    /// driver steps, nor of how large a ring is.
    private var run = 0

    private struct Line {
        let id: LineID
        var cursor: TransitionCursor
        var sequence: UInt32 = 0
    }

    init(
        _ scenario: Scenario, seed: UInt64, plant: (any Plant)?, firstLine: UInt16, firstDevice: UInt16,
        truth: TruthTaker?
    ) {
        feed = plant.map { PlantFeed($0, of: scenario, seed: seed, keepsTruth: truth != nil) }
        selection = ClaimSelection(plant?.tags ?? [], names: scenario.claims)
        let builder = WaveBuilder(seed: seed, feed: feed)
        lines = scenario.lines.enumerated().map { index, line in
            Line(
                id: LineID(firstLine + UInt16(index)),
                cursor: TransitionCursor(builder.digital(line.wave, "line \(line.name)")))
        }
        turns = TurnOrder(lines: lines.count)
        samplers = scenario.converters.enumerated().map { index, converter in
            Sampler(Scanner(converter, device: DeviceID(firstDevice + UInt16(index)), builder))
        }
        byDue = Array(samplers.indices)
        truths = TruthFeed(scenario, plant: feed)
        taker = truth
    }

    /// Of what the plant's screen makes claims.
    var tags: [TagInfo] { selection.tags }

    /// The first levels.
    ///
    /// - Returns: false if it stopped for want of room; `advance` writes the others.
    @discardableResult
    mutating func begin(into writer: inout RecordWriter) -> Bool {
        while levels < lines.count {
            guard !writer.shouldWait(forCells: 2) else { return false }
            let line = lines[levels]
            writer.level(
                Level(line: line.id, isHigh: line.cursor.isHigh, reason: .first, notBefore: .zero, notAfter: .zero))
            levels += 1
        }
        return true
    }

    /// Goes on to a time and writes what happens until then.
    ///
    /// - Returns: false if it stopped for want of room: to be called again with a time not before this one.
    mutating func advance(to present: UInt64, into writer: inout RecordWriter) -> Bool {
        guard begin(into: &writer) else { return false }
        while true {
            if let feed, done == feed.horizon, done < present { feed.advance() }
            let limit = min(present, feed?.horizon ?? present)
            guard write(upTo: limit, present, into: &writer) else { return false }
            done = limit
            if let taker { for truth in truths.take(upTo: limit) { taker.take(truth) } }
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
        orderByDue()
        for index in byDue where samplers[index].hasScans {
            guard writeBlock(of: index, into: &writer) else { return false }
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
            guard writeClaims(upTo: min(limit, due), present, into: &writer) else { return false }
            guard due <= limit else { break }
            // A long run of edges or claims has ended the block before.
            guard samplers[first].due == due else { continue }
            guard mayGoOn(at: due, into: &writer) else { return false }
            samplers[first].take(upTo: due)
            guard writeBlock(of: first, into: &writer) else { return false }
        }
        for index in samplers.indices { samplers[index].take(upTo: limit) }
        return true
    }

    /// Claims, each after the edges up to its time.
    private mutating func writeClaims(
        upTo limit: UInt64, _ present: UInt64, into writer: inout RecordWriter
    ) -> Bool {
        while let feed, let claim = feed.nextClaim, claim.time.nanoseconds <= limit {
            guard writeEdges(upTo: claim.time.nanoseconds, present, into: &writer) else { return false }
            if let claim = selection.selected(claim) {
                guard !writer.shouldWait(forCells: Claim.mostCells), mayGoOn(at: claim.time.nanoseconds, into: &writer)
                else { return false }
                writer.event(.claim(claim))
                run += Claim.mostCells
            }
            feed.dropClaim()
        }
        return writeEdges(upTo: limit, present, into: &writer)
    }

    /// - Returns: false if there is no room: to be called again.
    private mutating func writeBlock(of index: Int, into writer: inout RecordWriter) -> Bool {
        let cells = samplers[index].cells
        guard samplers[index].write(into: &writer) else { return false }
        run += cells
        return true
    }

    /// In place, for `sorted` allocates at each call; samplers are few, and mostly in order.
    private mutating func orderByDue() {
        for next in byDue.indices.dropFirst() {
            var place = next
            while place > 0 {
                let (earlier, later) = (byDue[place - 1], byDue[place])
                guard (samplers[later].due, later) < (samplers[earlier].due, earlier) else { break }
                byDue.swapAt(place - 1, place)
                place -= 1
            }
        }
    }

    /// Before a record of a time: ends the run if it is as long as it may be.
    ///
    /// - Returns: false if there is no room: to be called again.
    @inline(__always)
    private mutating func mayGoOn(at time: UInt64, into writer: inout RecordWriter) -> Bool {
        run < SourceInfo.longestRun || endRun(before: time, into: &writer)
    }

    /// Ends a run of records that is as long as it may be: writes the scans before a time, block or not, and a watermark.
    ///
    /// Merge holds only so many records; a block that spans more of them would come when they are gone.
    ///
    /// - Returns: false if there is no room: to be called again.
    private mutating func endRun(before time: UInt64, into writer: inout RecordWriter) -> Bool {
        orderByDue()
        for index in byDue {
            if time > 0 { samplers[index].take(upTo: time - 1) }
            guard !samplers[index].hasScans || writeBlock(of: index, into: &writer) else { return false }
        }
        guard !writer.shouldWait() else { return false }
        let settled = samplers.reduce(time) { min($0, $1.settled) }
        if settled > 1 { writer.watermark(at: Timestamp(nanoseconds: settled - 1)) }
        run = 0
        return true
    }

    private mutating func writeEdges(
        upTo limit: UInt64, _ present: UInt64, into writer: inout RecordWriter
    ) -> Bool {
        for index in lines.indices where turns.time(of: index) == DigitalGenerator.none {
            let next = lines[index].cursor.peek(upTo: limit)
            if next != DigitalGenerator.none { turns.set(index, to: next) }
        }
        while true {
            let (time, index) = (turns.first.time, turns.first.line)
            guard time <= limit else { return true }
            guard !writer.shouldWait() else { return false }
            guard mayGoOn(at: time, into: &writer) else { return false }
            emit(index, at: time, present, into: &writer)
            turns.set(index, to: lines[index].cursor.peek(upTo: limit))
        }
    }

    @inline(__always)
    private mutating func emit(_ index: Int, at time: UInt64, _ present: UInt64, into writer: inout RecordWriter) {
        run += 1
        lines[index].sequence &+= 1
        lines[index].cursor.take()
        let edge = Edge(
            time: Timestamp(nanoseconds: time), line: lines[index].id,
            sequence: lines[index].sequence, flags: lines[index].cursor.isHigh ? .rising : [])
        writer.edge(edge, arrived: Timestamp(nanoseconds: present))
    }
}
