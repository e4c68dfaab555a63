import TapCore

/// Takes what records say of lanes, in order of time for each of them.
protocol LaneTarget {
    /// - Parameters:
    ///   - value: in the SI's base; NaN: unknown from then on.
    ///   - time: since the session's start, in nanoseconds.
    ///   - counts: an edge or a claim; not one that confirms.
    mutating func add(_ value: Double, to lane: Int, at time: Int64, counts: Bool, isLoss: Bool)
    /// At even steps.
    mutating func add(_ samples: [Double], to lane: Int, at begin: Int64, each period: Int64)
}

/// Gives what records say of lanes to a target. Late records change nothing, as in a window's memory. A loss is when it was found.
struct LaneFeed<Target: LaneTarget>: RecordSink {
    private let layout: WindowLayout
    var target: Target
    /// Of the newest record, since the session's start.
    private(set) var reached: Int64 = 0
    /// Of each lane: a reading lasts, so that it may end after an edge that follows it.
    private var last: [Int64]
    private var samples: [Double] = []

    init(_ layout: WindowLayout, into target: Target) {
        self.layout = layout
        self.target = target
        last = layout.lanes.map { _ in 0 }
    }

    private mutating func add(
        _ value: Double, to lane: Int, at time: Timestamp, counts: Bool, isLoss: Bool = false
    ) {
        let time = max(Int64(clamping: time.nanoseconds), last[lane])
        last[lane] = time
        target.add(value, to: lane, at: time, counts: counts, isLoss: isLoss)
    }

    private mutating func reach(_ time: Timestamp) { reached = max(reached, Int64(clamping: time.nanoseconds)) }

    mutating func edge(_ edge: Edge) {
        let index = Int(edge.line.index)
        let time = edge.time + layout.lineShifts[index]
        reach(time)
        guard !edge.flags.contains(.late), let lane = layout.lines[index] else { return }
        let isCount = layout.lanes[lane].kind == .count
        guard edge.isRising || !isCount else { return }
        add(edge.isRising ? 1 : 0, to: lane, at: time, counts: true)
    }

    mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        let device = Int(block.device.index)
        let begin = block.firstTime + layout.deviceShifts[device]
        reach(begin)
        guard block.count > 0, !block.isLate else { return }
        let period = max(0, block.period.count)
        for channel in layout.channels[device] {
            channel.read(block, raw, into: &samples)
            let first = max(Int64(clamping: begin.nanoseconds), last[channel.lane])
            last[channel.lane] = first &+ period &* Int64(block.count - 1)
            target.add(samples, to: channel.lane, at: first, each: period)
        }
    }

    mutating func event(_ event: Event) {
        switch event {
        case .level(let level):
            let index = Int(level.line.index)
            let time = level.notAfter + layout.lineShifts[index]
            guard let lane = layout.lines[index], layout.lanes[lane].kind == .digital else { return }
            add(level.isHigh ? 1 : 0, to: lane, at: time, counts: false)
        case .claim(let claim):
            let index = Int(claim.tag.index)
            let time = claim.time + layout.tagShifts[index]
            reach(time)
            guard let tag = layout.tags[index] else { return }
            add(tag.value(of: claim).value, to: tag.lane, at: time, counts: true)
        case .gap(let gap): lose(gap)
        case .reread, .clockFix, .note: break
        }
    }

    private mutating func lose(_ gap: Gap) {
        let (lanes, shift): ([Int], Nanoseconds)
        switch gap.subject {
        case .line(let line):
            (lanes, shift) = (layout.lines[Int(line.index)].map { [$0] } ?? [], layout.lineShifts[Int(line.index)])
        case .device(let device):
            let index = Int(device.index)
            (lanes, shift) = (layout.channels[index].map(\.lane), layout.deviceShifts[index])
        case .tag(let tag):
            (lanes, shift) = (layout.tags[Int(tag.index)].map { [$0.lane] } ?? [], layout.tagShifts[Int(tag.index)])
        case .notes: return
        }
        let time = gap.discovered + shift
        reach(time)
        for lane in lanes { add(.nan, to: lane, at: time, counts: false, isLoss: true) }
    }
}
