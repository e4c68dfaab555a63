import CLinux
import Glibc
public import TapCore

/// A clock that only a test moves.
public final class ManualClock: TapClock, @unchecked Sendable {
    private var time: Timestamp
    public init(_ time: Timestamp = .zero) { self.time = time }
    public func now() -> Timestamp { time }
    public func advance(to later: Timestamp) { time = max(time, later) }
}

/// Moves one source by hand, on the thread of the test, and drives its wires in step with it.
public final class HandRun {
    /// What takes the records out of the ring.
    public enum Reader: Sendable {
        case merge
        /// The ring itself, without merge: for what merge does not give on.
        case ring
    }

    public let plan: Plan
    public let rig: Rig
    public private(set) var start = Timestamp.zero
    /// When `start` of the source had returned.
    public private(set) var started = Timestamp.zero
    public private(set) var wake = Wake.ended
    /// When each change was made; of a source that drives itself, when it was planned.
    public private(set) var driven: [(drive: Plan.Drive, time: Timestamp)] = []
    public private(set) var raw = RawRing()
    private let reader: Reader
    private let manual: ManualClock?
    private let clock: any TapClock
    private var drives: ArraySlice<Plan.Drive>
    private var merge: MergeStage<RecordCollector>?
    private var stepsAtOnce = 0

    public init(_ rig: Rig, _ plan: Plan, reader: Reader = .merge) {
        self.rig = rig
        self.plan = plan
        self.reader = reader
        manual = rig.clock == nil ? ManualClock() : rig.clock as? ManualClock
        clock = rig.clock ?? manual ?? ManualClock()
        drives = plan.drives[...]
    }

    public var now: Timestamp { clock.now() }

    /// Starts the source, where time is real at the next whole 10 ms: two runs then meet the kernel's tick alike.
    public func begin() {
        let grid: UInt64 = 10_000_000
        sleep(until: Timestamp(nanoseconds: (clock.now().nanoseconds + grid - 1) / grid * grid), .ended)
        start = clock.now()
        wake = rig.stage.start(at: start)
        started = clock.now()
        let consumer = rig.takeConsumer()
        switch reader {
        case .merge: merge = MergeStage([MergeInput(consumer, of: rig.stage.info)], into: RecordCollector())
        case .ring: raw.ring = consume consumer
        }
    }

    /// Lets time pass, driving what the plan says until then.
    ///
    /// - Parameters:
    ///   - isStepping: whether the source is stepped as it asks to be.
    ///   - isDraining: whether its ring is read.
    public func go(to offset: Nanoseconds, isStepping: Bool = true, isDraining: Bool = true) {
        while let next = drives.first, next.at <= offset {
            pass(until: start + next.at, isStepping, isDraining)
            drives.removeFirst()
            rig.wires?.drive(next.line, high: next.isHigh)
            driven.append((next, rig.wires == nil ? start + next.at : clock.now()))
        }
        pass(until: start + offset, isStepping, isDraining)
    }

    /// Asks the source to stop, and takes everything until the end.
    public func finish() {
        rig.stage.requestStop()
        wake = rig.stage.step(at: clock.now())
        while wake == .room {
            drain()
            wake = rig.stage.step(at: clock.now())
        }
        drain()
    }

    /// Lets time pass without anything being done, also before the start.
    public func rest(_ span: Nanoseconds) { sleep(until: clock.now() + span, .ended) }

    /// Lets time pass from now on, as `go(to:)` does.
    public func go(for span: Nanoseconds, isStepping: Bool = true) {
        go(to: (clock.now() - start) + span, isStepping: isStepping)
    }

    /// Drives a line now, beside the plan.
    public func drive(_ line: Int, high isHigh: Bool) { rig.wires?.drive(line, high: isHigh) }

    /// Once more than the source asks for.
    public func stepAgain() { wake = rig.stage.step(at: clock.now()) }

    public func drain() {
        _ = merge?.step(at: clock.now())
        raw.drain(at: clock.now())
    }

    public var recording: Recording { merge?.withSink { $0.recording } ?? Recording() }
    public var finishes: Int { merge?.withSink { $0.finishes } ?? 0 }

    /// The whole plan from start to stop.
    public static func whole(_ bench: Bench, _ plan: Plan, reader: Reader = .merge) throws -> HandRun {
        let run = HandRun(try bench.make(plan), plan, reader: reader)
        run.begin()
        run.go(to: plan.length)
        run.finish()
        return run
    }

    private func pass(until time: Timestamp, _ isStepping: Bool, _ isDraining: Bool) {
        while true {
            if isStepping, isDue(isDraining) {
                wake = rig.stage.step(at: clock.now())
                if isDraining { drain() }
                stepsAtOnce += 1
                precondition(stepsAtOnce < 100_000, "a source that is due without end: \(wake)")
            } else if clock.now() >= time {
                return
            } else {
                stepsAtOnce = 0
                sleep(until: time, isStepping ? wake : .ended)
            }
        }
    }

    private func isDue(_ isDraining: Bool) -> Bool {
        switch wake {
        case .at(let time):
            let now = clock.now()
            return time <= now || rig.wires?.wakes(before: now + Nanoseconds(1)).map { $0 <= now } == true
        case .readable(let descriptor, let time):
            return time <= clock.now() || HandRun.poll(descriptor, timeout: .zero)
        case .room: return isDraining
        case .ended: return false
        }
    }

    /// Until a time, or until the wake comes true.
    private func sleep(until time: Timestamp, _ wake: Wake) {
        var until = time
        var descriptor: Int32 = -1
        switch wake {
        case .at(let at):
            until = min(until, at)
            if let woken = rig.wires?.wakes(before: until) { until = min(until, woken) }
        case .readable(let readable, let at):
            until = min(until, at)
            descriptor = readable
        case .room, .ended: break
        }
        if let manual {
            manual.advance(to: until)
        } else {
            _ = HandRun.poll(descriptor, timeout: Nanoseconds(max(0, (until - clock.now()).count)))
        }
    }

    /// - Returns: whether the descriptor is readable, or its device gone.
    private static func poll(_ descriptor: Int32, timeout: Nanoseconds) -> Bool {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe tap_poll(&polled, 1, timeout.count) > 0
    }
}
