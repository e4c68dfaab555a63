public import TapCore
import TapWatch

/// Gives the records of a session to a window's memory. Late ones change nothing.
public struct WindowSink: RecordSink, ~Copyable {
    private let memory: WindowMemory
    private let layout: WindowLayout
    private let isLive: Bool
    /// Of one channel of a block.
    private var samples: [Double] = []

    /// - Parameter isLive: time is real: the present is the clock's. Otherwise it is that of the last record, for one that is
    ///   replayed or simulated waits for whoever takes it.
    public init(_ memory: WindowMemory, isLive: Bool) {
        self.memory = memory
        self.isLive = isLive
        layout = memory.layout
    }

    public mutating func edge(_ edge: Edge) {
        let index = Int(edge.line.index)
        let time = WindowSink.instant(edge.time + layout.lineShifts[index])
        memory.change { state in
            state.heard(layout.sourceOfLine[index], at: time)
            guard !edge.flags.contains(.late) else { return state.late += 1 }
            guard let lane = layout.lines[index] else { return }
            let isCount = layout.lanes[lane].kind == .count
            if !isCount { state.changes += 1 }
            if edge.isRising { state.now[lane].pulses &+= 1 } else if isCount { return }
            state.set(lane, isCount ? 1 : edge.isRising ? 1 : 0, .known, at: time, counts: true)
        }
    }

    public mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        let device = Int(block.device.index)
        let begin = WindowSink.instant(block.firstTime + layout.deviceShifts[device])
        guard block.count > 0 else { return }
        let source = layout.sourceOfDevice[device]
        let period = max(0, block.period.count)
        memory.change { state in
            state.sources[source].records &+= UInt64(block.count)
            state.hear(source, at: begin &+ period &* Int64(block.count - 1))
            if block.isLate { state.late += UInt64(block.count) }
        }
        guard !block.isLate else { return }
        for channel in layout.channels[device] {
            channel.read(block, raw, into: &samples)
            let samples = samples
            memory.change { $0.set(channel.lane, samples, at: begin, each: period) }
        }
    }

    public mutating func event(_ event: Event) {
        switch event {
        case .level(let level):
            let index = Int(level.line.index)
            let time = WindowSink.instant(level.notAfter + layout.lineShifts[index])
            memory.change { state in
                state.heard(layout.sourceOfLine[index], at: time)
                guard let lane = layout.lines[index] else { return }
                guard layout.lanes[lane].kind == .digital else { return state.confirm(lane, at: time) }
                state.changes += 1
                state.set(
                    lane, level.isHigh ? 1 : 0, level.reason == .muted ? .muted : .known, at: time, counts: false)
            }
        case .reread(let reread):
            let index = Int(reread.line.index)
            let time = WindowSink.instant(reread.to + layout.lineShifts[index])
            memory.change { state in
                state.hear(layout.sourceOfLine[index], at: time)
                if reread.agreed > 0, let lane = layout.lines[index] { state.confirm(lane, at: time) }
            }
        case .claim(let claim): take(claim)
        case .gap(let gap): lose(gap)
        case .clockFix(let fix):
            memory.change { $0.fix = fix }
        case .note: break
        }
    }

    private func take(_ claim: Claim) {
        let index = Int(claim.tag.index)
        let time = WindowSink.instant(claim.time + layout.tagShifts[index])
        memory.change { state in
            state.heard(layout.sourceOfTag[index], at: time)
            guard let tag = layout.tags[index] else { return }
            let (value, text) = tag.value(of: claim)
            state.now[tag.lane].text = text
            state.set(
                tag.lane, value, value == value || text != nil ? .known : .unknown, at: time, counts: true)
        }
    }

    private func lose(_ gap: Gap) {
        let count = gap.count.known
        switch gap.subject {
        case .line(let line):
            let index = Int(line.index)
            lose(
                gap, layout.sourceOfLine[index], layout.lines[index].map { [$0] } ?? [], layout.lineShifts[index], count
            )
        case .device(let device):
            let index = Int(device.index)
            lose(
                gap, layout.sourceOfDevice[index], layout.channels[index].map(\.lane), layout.deviceShifts[index], count
            )
        case .tag(let tag):
            let index = Int(tag.index)
            lose(
                gap, layout.sourceOfTag[index], layout.tags[index].map { [$0.lane] } ?? [], layout.tagShifts[index],
                count)
        case .notes: break
        }
    }

    private func lose(_ gap: Gap, _ source: Int, _ lanes: [Int], _ shift: Nanoseconds, _ count: UInt64) {
        let time = WindowSink.instant(gap.discovered + shift)
        memory.change { state in
            state.sources[source].lost &+= count
            state.sources[source].gaps &+= 1
            if gap.kind == .sourceGone { state.sources[source].isGone = true }
            if gap.kind == .sourceBack { state.sources[source].isGone = false }
            state.changes += 1
            for lane in lanes {
                state.now[lane].losses &+= 1
                state.now[lane].text = nil
                state.set(lane, .nan, gap.kind == .muted ? .muted : .lost, at: time, counts: false, isLoss: true)
                state.now[lane].rate?.add(.nan, at: time)
            }
        }
    }

    public mutating func batchEnded(at now: Timestamp) throws(TapError) {
        let time = WindowSink.instant(now + (.zero - (layout.origin - .zero)))
        if isLive { memory.change { $0.reached = max($0.reached, time) } }
    }

    public mutating func captureEnded(at end: Timestamp) {
        let time = WindowSink.instant(end + layout.otherShift)
        memory.change { $0.reached = max(0, time) }
    }

    public mutating func finish(at now: Timestamp) throws(TapError) { memory.end() }

    private static func instant(_ time: Timestamp) -> Int64 { Int64(clamping: time.nanoseconds) }
}

extension WindowMemory.State {
    fileprivate mutating func heard(_ source: Int, at time: Int64) {
        sources[source].records &+= 1
        hear(source, at: time)
    }

    fileprivate mutating func hear(_ source: Int, at time: Int64) {
        sources[source].heard = time
        reached = max(reached, time)
    }

    fileprivate mutating func set(_ lane: Int, _ samples: [Double], at begin: Int64, each period: Int64) {
        lanes[lane].add(samples, at: begin, each: period)
        guard let last = samples.last else { return }
        let end = begin &+ period &* Int64(samples.count - 1)
        now[lane].value = last
        now[lane].state = last == last ? .known : .unknown
        now[lane].heard = max(now[lane].heard ?? 0, end)
        now[lane].records &+= UInt64(samples.count)
        if let due = now[lane].rate?.due, end >= due || last != last { now[lane].rate?.add(last, at: end) }
    }

    fileprivate mutating func confirm(_ lane: Int, at time: Int64) { now[lane].heard = max(now[lane].heard ?? 0, time) }

    fileprivate mutating func set(
        _ lane: Int, _ value: Double, _ state: LaneNow.State, at time: Int64, counts: Bool, isLoss: Bool = false
    ) {
        lanes[lane].add(value, at: time, counts: counts, isLoss: isLoss)
        now[lane].value = value
        now[lane].state = state
        // A loss is when nothing was heard.
        if !isLoss { now[lane].heard = max(now[lane].heard ?? 0, time) }
        now[lane].records &+= counts ? 1 : 0
    }
}
