public import TapCore

/// Digital lines that nobody wired: square waves and pulse trains.
///
/// Stamps are virtual time, from zero at the start, so a run is a function of its waves; edges of one instant come in
/// the order of the lines. With a driver that moves virtual time it waits for room in its ring and nothing is lost;
/// paced by a real clock it behaves like wires and waits for nobody. Not thread-safe, never blocks.
public struct SimSource: ~Copyable, TapSource {
    public private(set) var info: SourceInfo
    private var wires: [Wire]
    private var start = Timestamp.zero

    private struct Wire {
        let line: LineID
        var cursor: EdgeCursor
        var sequence: UInt32 = 0
    }

    static let tick = Nanoseconds.milliseconds(5)
    /// Nothing computed is ever late but on a machine that leaves its thread no time: merge waits, so that a run stays
    /// a function of its waves.
    static let longestSilence = Nanoseconds.seconds(5)

    /// - Parameters:
    ///   - lines: what the wires do.
    ///   - firstLine: the session's number of the first of them.
    public init(_ lines: [SimulatedLine], firstLine: LineID = LineID(0)) {
        var infos: [LineInfo] = []
        wires = []
        for (index, line) in lines.enumerated() {
            let id = LineID(firstLine.index + UInt16(index))
            infos.append(LineInfo(id: id, name: line.name))
            wires.append(Wire(line: id, cursor: EdgeCursor(line)))
        }
        info = SourceInfo(
            name: "simulated lines", provenance: .simulated, clock: ClockDomain(.virtual),
            capabilities: [.edges, .countsQueueLoss, .waitsForRoom], lines: infos,
            longestSilence: SimSource.longestSilence)
    }

    public mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        start = now
        info.clock.offsetToMonotonic = now - .zero
        for index in wires.indices {
            writer.level(
                Level(
                    line: wires[index].line, isHigh: wires[index].cursor.startsHigh, reason: .first,
                    notBefore: .zero, notAfter: .zero))
        }
        return .at(now + SimSource.tick)
    }

    public mutating func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        let present = UInt64((now - start).count)
        let isAll = write(upTo: present, into: &writer)
        writer.publish()
        guard isAll else { return .room }
        writer.watermark(at: Timestamp(nanoseconds: present))
        return .at(now + SimSource.tick)
    }

    public mutating func stop(at now: Timestamp, into writer: inout RecordWriter) {
        _ = write(upTo: UInt64((now - start).count), into: &writer)
        writer.publish()
    }

    /// - Returns: false if it stopped for want of room.
    private mutating func write(upTo present: UInt64, into writer: inout RecordWriter) -> Bool {
        while let (first, others) = earliest(), let time = wires[first].cursor.next, time <= present {
            // This line alone, as long as no other has its turn.
            let until = min(present, others)
            while let next = wires[first].cursor.next, next <= until {
                guard !writer.shouldWait() else { return false }
                emit(first, at: next, present, into: &writer)
            }
        }
        return true
    }

    /// The line whose edge is next, and the last time at which it needs no look at the others.
    private func earliest() -> (line: Int, until: UInt64)? {
        var best: Int?
        var bestTime = UInt64.max
        var until = UInt64.max
        for index in wires.indices {
            guard let time = wires[index].cursor.next else { continue }
            if time < bestTime {
                // A line further up the list has precedence where times are equal.
                if best != nil { until = min(until, bestTime &- 1) }
                best = index
                bestTime = time
            } else {
                until = min(until, time)
            }
        }
        return best.map { ($0, max(until, bestTime)) }
    }

    @inline(__always)
    private mutating func emit(_ index: Int, at time: UInt64, _ present: UInt64, into writer: inout RecordWriter) {
        wires[index].sequence &+= 1
        let edge = Edge(
            time: Timestamp(nanoseconds: time), line: wires[index].line, sequence: wires[index].sequence,
            flags: wires[index].cursor.isRising ? .rising : [])
        writer.edge(edge, arrived: Timestamp(nanoseconds: present))
        wires[index].cursor.advance()
    }
}
