import CLinux
public import TapCore
import TapDriver
public import TapSim

/// Plays changes onto lines, each at its absolute time of CLOCK_MONOTONIC, on a thread of its own.
///
/// The thread driver sleeps through long rests, so that a stop is seen; what is left is slept here, to the deadline
/// itself. What could not be written ends it. Lines are released when it ends, however it ends.
public final class DriveStage: Stage {
    public let name = "drive"
    public private(set) var failure: TapError?
    public let log: DriveLog
    private let lines: [any DrivenLine]
    private let options: Options
    private let clock = SystemClock()
    private let next: () -> WireTransitions.Change?
    private let ended: @Sendable () -> Void
    private var pending: WireTransitions.Change?
    private var isStopRequested = false
    private var isHeld = false
    private var lastDriven: Timestamp?
    /// Time zero of the changes.
    public private(set) var origin = Timestamp.zero

    public struct Options: Sendable, Hashable {
        /// Time from the first levels to time zero.
        public var lead = Nanoseconds.zero
        /// How many times as fast as the changes say.
        public var speed: UInt32 = 1
        /// Of the changes: one at this time is not made any more. nil: until there is none.
        public var length: Nanoseconds?
        /// How long the lines are held after that.
        public var settle = Nanoseconds.zero
        /// Before each deadline the clock is watched without sleeping for so long, which is more exact than a sleep.
        /// Zero in a test kernel, whose time stands still meanwhile.
        public var spin = Nanoseconds.zero

        public init() {}
    }

    /// What is due within this time is waited for in `step`. poll(2) may oversleep by 0.1% of its timeout, and by no
    /// more than 100 ms (select_estimate_accuracy in fs/select.c): so much earlier the thread driver must be back.
    private static let lookAhead = Nanoseconds.milliseconds(110)
    /// A step is over after this time, so that a stop is seen.
    private static let longestStep = Nanoseconds.milliseconds(20)

    /// - Parameters:
    ///   - lines: released by this stage once they were begun.
    ///   - next: the changes, in order of time.
    ///   - ended: called once everything was driven and settled.
    public init(
        _ lines: [any DrivenLine], options: Options, log: DriveLog, ended: @escaping @Sendable () -> Void = {},
        next: @escaping () -> WireTransitions.Change?
    ) {
        self.lines = lines
        self.options = options
        self.log = log
        self.next = next
        self.ended = ended
    }

    /// Takes all lines and puts them at their first levels. On an error none stays taken.
    public func begin(_ levels: [Bool]) throws(TapError) {
        isHeld = true
        for (line, isHigh) in zip(lines, levels) {
            do throws(TapError) { try line.begin(isHigh) } catch {
                release()
                throw error
            }
        }
    }

    public func start(at now: Timestamp) -> Wake {
        tap_timer_slack(1)
        origin = clock.now() + options.lead
        pending = take()
        return wake()
    }

    public func step(at now: Timestamp) -> Wake {
        let begun = clock.now()
        while !isStopRequested, failure == nil, let change = pending {
            let due = due(change)
            let now = clock.now()
            guard due - now <= DriveStage.lookAhead, now - begun <= DriveStage.longestStep else { return wake() }
            wait(until: due)
            drive(change, due)
            pending = take()
        }
        if !isStopRequested, failure == nil, clock.now() < end { return .at(end) }
        release()
        ended()
        return .ended
    }

    public func requestStop() { isStopRequested = true }

    private func take() -> WireTransitions.Change? {
        guard let change = next() else { return nil }
        if let length = options.length, change.time >= length { return nil }
        return change
    }

    private func wake() -> Wake {
        guard let pending else { return .at(end) }
        let due = due(pending)
        let wait = max(.zero, due - clock.now())
        return .at(due - min(Nanoseconds(wait.count / 500) + .microseconds(500), DriveStage.lookAhead))
    }

    private func due(_ change: WireTransitions.Change) -> Timestamp { origin + scaled(change.time) }

    private func scaled(_ span: Nanoseconds) -> Nanoseconds { Nanoseconds(span.count / Int64(options.speed)) }

    private var end: Timestamp {
        let last = options.length.map { origin + scaled($0) } ?? lastDriven ?? origin
        return last + options.settle
    }

    private func wait(until due: Timestamp) {
        if options.spin > .zero {
            if clock.now() < due - options.spin { sleep(until: due - options.spin) }
            while clock.now() < due {}
        } else if clock.now() < due {
            sleep(until: due)
        }
    }

    private func drive(_ change: WireTransitions.Change, _ due: Timestamp) {
        let before = clock.now()
        do throws(TapError) { try lines[change.line].set(change.isHigh) } catch {
            failure = error
            return
        }
        let after = clock.now()
        lastDriven = after
        log.add(DriveRecord(line: change.line, isHigh: change.isHigh, due: due, before: before, after: after))
    }

    private func release() {
        guard isHeld else { return }
        isHeld = false
        for line in lines { line.release() }
    }
}
