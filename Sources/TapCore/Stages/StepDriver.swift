import Synchronization

/// The clock of a simulated run: starts at zero and moves only when its driver says so.
public final class VirtualClock: TapClock {
    private let time = Atomic<UInt64>(0)

    public init() {}

    public func now() -> Timestamp { Timestamp(nanoseconds: time.load(ordering: .relaxed)) }

    func advance(to now: Timestamp) { time.store(now.nanoseconds, ordering: .relaxed) }
}

/// Steps every stage on the calling thread, in a fixed order, in virtual time: a run is a function of its inputs.
///
/// Time goes to the earliest wake-up of any stage. Where a source waits for room, consumers are stepped at that same
/// instant, so nothing is dropped.
public struct StepDriver {
    private let clock: VirtualClock
    private let sources: [any Stage]
    private let consumers: [any Stage]

    /// - Parameters:
    ///   - sources: stepped first, in this order. None may wait on a file descriptor: that traps.
    ///   - consumers: stepped after them; each ends when its sources have.
    public init(clock: VirtualClock, sources: [any Stage], consumers: [any Stage]) {
        self.clock = clock
        self.sources = sources
        self.consumers = consumers
    }

    /// Runs until every stage has ended.
    ///
    /// - Parameter end: virtual time at which the sources are asked to stop; nil: they end by themselves.
    public func run(until end: Timestamp? = nil) {
        var isStopping = false
        let stages = sources + consumers
        var wakes = stages.map { $0.start(at: clock.now()) }
        while wakes.contains(where: { $0 != .ended }) {
            advance(to: earliest(wakes, end: isStopping ? nil : end))
            let now = clock.now()
            if let end, now >= end, !isStopping {
                isStopping = true
                for source in sources { source.requestStop() }
                for index in sources.indices where wakes[index] != .ended { wakes[index] = .at(now) }
            }
            for index in sources.indices where isDue(wakes[index], now) { wakes[index] = stages[index].step(at: now) }
            let isRoomWanted = wakes.contains(.room)
            for index in sources.count..<stages.count where isRoomWanted || isDue(wakes[index], now) {
                if wakes[index] != .ended { wakes[index] = stages[index].step(at: now) }
            }
            if consumers.contains(where: { $0.failure != nil }), !isStopping {
                isStopping = true
                for source in sources { source.requestStop() }
            }
            // A consumer that failed makes no room: its source has nobody left to tell.
            if isStopping, isRoomWanted, wakes[sources.count...].allSatisfy({ $0 == .ended }) { return }
        }
    }

    private func advance(to time: Timestamp) { if time > clock.now() { clock.advance(to: time) } }

    private func earliest(_ wakes: [Wake], end: Timestamp?) -> Timestamp {
        var time = end ?? .distantFuture
        for wake in wakes {
            switch wake {
            case .at(let at): time = min(time, at)
            case .room: time = min(time, clock.now())
            case .readable: preconditionFailure("virtual time cannot wait for a file descriptor")
            case .ended: break
            }
        }
        return time
    }

    private func isDue(_ wake: Wake, _ now: Timestamp) -> Bool {
        switch wake {
        case .at(let time): time <= now
        case .room: true
        case .readable, .ended: false
        }
    }
}
