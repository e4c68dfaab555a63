import Synchronization

/// Steps every stage on the calling thread, in a fixed order, in virtual time: a run is a function of its inputs.
///
/// Time goes to the earliest wake-up of any stage that has something to do then. Where a source waits for room, consumers
/// are stepped at that same instant, so nothing is dropped; if they make none, time goes on, for they may be waiting for
/// another source.
public struct StepDriver {
    private let clock: VirtualClock
    private let sources: [any Stage]
    private let consumers: [any Stage]
    private let flag = StopFlag()

    /// - Parameters:
    ///   - sources: stepped first, in this order. None may wait on a file descriptor: that traps.
    ///   - consumers: stepped after them; each ends when its sources have.
    public init(clock: VirtualClock, sources: [any Stage], consumers: [any Stage]) {
        self.clock = clock
        self.sources = sources
        self.consumers = consumers
    }

    /// Asks the sources to stop at the present instant of a run. May be called from any thread, from a stage and from a
    /// signal handler; safe to repeat.
    public var stop: @Sendable () -> Void { { [flag] in flag.raise() } }

    /// Runs until every stage has ended, or until sources wait for room that no consumer is left to make. Sources are
    /// stopped once an essential consumer has failed or all have ended.
    ///
    /// - Parameter end: virtual time at which the sources are asked to stop, each as soon as it does not wait for room;
    ///   none is stepped at a later time. nil: they end by themselves.
    public func run(until end: Timestamp? = nil) {
        var run = Run(sources: sources, stages: sources + consumers, end: end ?? .distantFuture)
        run.start(at: clock.now())
        while run.isRunning {
            if flag.isRaised { run.end = min(run.end, clock.now()) }
            let next = run.next(after: clock.now())
            if next > clock.now() { clock.advance(to: next) }
            run.step(at: clock.now())
        }
    }
}

private final class StopFlag: Sendable {
    private let raised = Atomic<Bool>(false)
    func raise() { raised.store(true, ordering: .relaxed) }
    var isRaised: Bool { raised.load(ordering: .relaxed) }
}

/// What a run of `StepDriver` keeps from one instant to the next.
private struct Run {
    let sources: [any Stage]
    let stages: [any Stage]
    /// When the sources are asked to stop.
    var end: Timestamp
    var wakes: [Wake] = []
    /// Of each source: what it had written when it last waited for room, and whether that has not grown since.
    var written: [UInt64?]
    var isStuck: [Bool]
    var isStopping: [Bool]

    init(sources: [any Stage], stages: [any Stage], end: Timestamp) {
        self.sources = sources
        self.stages = stages
        self.end = end
        written = Array(repeating: nil, count: sources.count)
        isStuck = Array(repeating: false, count: stages.count)
        isStopping = Array(repeating: false, count: sources.count)
    }

    private var consumers: Range<Int> { sources.count..<stages.count }

    var isRunning: Bool {
        guard wakes.contains(where: { $0 != .ended }) else { return false }
        guard wakes[consumers].allSatisfy({ $0 == .ended }) else { return true }
        return !wakes.indices.allSatisfy { wakes[$0] == .ended || wakes[$0] == .room && isStopping[$0] }
    }

    mutating func start(at now: Timestamp) {
        wakes = stages.map { $0.start(at: now) }
        stopSourcesIfInVain(at: now)
    }

    /// When there is something to do.
    func next(after now: Timestamp) -> Timestamp {
        var time = isStopping.contains(false) ? end : .distantFuture
        let isRoomWanted = wakes.contains(.room)
        for (index, wake) in wakes.enumerated()
        where index < sources.count || isRoomWanted || !stages[index].isIdle {
            switch wake {
            case .at(let at): time = min(time, at)
            case .room: if !isStuck[index] { time = now }
            case .readable: preconditionFailure("virtual time cannot wait for a file descriptor")
            case .ended: break
            }
        }
        return time
    }

    mutating func step(at now: Timestamp) {
        for index in sources.indices {
            // What falls on the end is still the source's to write, before it is asked to stop.
            if isDue(wakes[index], now) || now >= end && !isStopping[index] && wakes[index] != .ended {
                stepSource(index, at: min(now, end))
            }
            if now >= end, !isStopping[index], wakes[index] != .room { stopSource(index, at: end) }
        }
        let isRoomWanted = wakes.contains(.room)
        for index in consumers where wakes[index] != .ended && (isRoomWanted || isDue(wakes[index], now)) {
            wakes[index] = stages[index].step(at: now)
        }
        stopSourcesIfInVain(at: now)
    }

    private mutating func stepSource(_ index: Int, at now: Timestamp) {
        wakes[index] = stages[index].step(at: now)
        let progress = stages[index].progress
        isStuck[index] = wakes[index] == .room && written[index] == progress
        written[index] = wakes[index] == .room ? progress : nil
    }

    private mutating func stopSource(_ index: Int, at now: Timestamp) {
        isStopping[index] = true
        stages[index].requestStop()
        if wakes[index] != .ended { stepSource(index, at: now) }
    }

    /// Stops the sources once an essential consumer has failed or none is left, also if one waits for room that nobody
    /// will make.
    private mutating func stopSourcesIfInVain(at now: Timestamp) {
        let isAlone = wakes[consumers].allSatisfy { $0 == .ended }
        guard
            isAlone && (!consumers.isEmpty || wakes.contains(.room))
                || consumers.contains(where: { stages[$0].isEssential && stages[$0].failure != nil })
        else { return }
        for index in sources.indices where !isStopping[index] { stopSource(index, at: min(now, end)) }
    }

    private func isDue(_ wake: Wake, _ now: Timestamp) -> Bool {
        switch wake {
        case .at(let time): time <= now
        case .room: true
        case .readable, .ended: false
        }
    }
}
