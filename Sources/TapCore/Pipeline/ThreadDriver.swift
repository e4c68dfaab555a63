import CLinux
import Glibc
import Synchronization

/// Steps stages on real threads by a real clock. Capture never waits for a consumer.
///
/// Stages of one group share a thread, which sleeps in `poll` until one of them is due.
public final class ThreadDriver {
    /// Stages that share a thread.
    public struct Group {
        var name: String
        var stages: [any Stage]
        var prepare: @Sendable () -> Void

        /// - Parameters:
        ///   - name: the thread's name, of which the kernel keeps 15 bytes.
        ///   - prepare: called on the new thread before its first step: scheduling, affinity.
        public init(_ name: String, _ stages: [any Stage], prepare: @escaping @Sendable () -> Void = {}) {
            self.name = name
            self.stages = stages
            self.prepare = prepare
        }
    }

    private let clock: any TapClock
    private let workers: [Worker]
    private let signal: StopSignal
    /// Why it could not be run: the system made no more threads or pipes. nil: it was, or was not asked to yet.
    public private(set) var failure: TapError?

    public convenience init(clock: any TapClock, sources: [Group], consumers: [Group]) {
        self.init(clock: clock, sources: sources, consumers: consumers, ends: WakePipe())
    }

    /// - Parameter ends: by it the session is ended.
    package init(clock: any TapClock, sources: [Group], consumers: [Group], ends: WakePipe) {
        self.clock = clock
        let signal = StopSignal(ends)
        self.signal = signal
        signal.expect(sources: sources.count, consumers: consumers.count)
        workers =
            sources.map { Worker($0, clock, signal, isSource: true) }
            + consumers.map { Worker($0, clock, signal, isSource: false) }
    }

    /// May be called from any thread and from a signal handler; safe to repeat.
    public var stop: @Sendable () -> Void { { [signal] in signal.raise() } }

    /// Runs until every stage has ended: after `stop`, or by themselves. Blocks; call once.
    ///
    /// Once an essential consumer has failed or all have ended, the sources are stopped; one that still waits for room
    /// when no consumer is left goes without it. Where not all of it can be run, what is open is closed, and `failure`
    /// says why.
    public func run() {
        do throws(TapError) { try signal.check() } catch {
            failure = error
            for worker in workers { worker.cancel() }
            return
        }
        launch()
        signal.wait()
        for worker in workers where worker.isSource { worker.interrupt() }
        for worker in workers where worker.isSource { worker.join() }
        for worker in workers where !worker.isSource { worker.join() }
    }

    /// Sources first: no consumer waits for the end of one that never began.
    private func launch() {
        for index in workers.indices {
            do throws(Errno) { try workers[index].launch() } catch {
                failure = TapError(
                    .device, "this process", "the system makes no more threads for it: \(error.words)",
                    remedy: "raise the limit (ulimit -u), or end other programs")
                for worker in workers[index...] { worker.cancel() }
                signal.raise()
                return
            }
        }
    }

    /// Raised once to end the session: by a person, by the last source or consumer, or by an essential consumer that
    /// failed.
    final class StopSignal: Sendable {
        private let ends: WakePipe
        private let sourcesLeft = Atomic<Int>(0)
        private let consumersLeft = Atomic<Int>(0)

        init(_ ends: WakePipe) { self.ends = ends }

        var descriptor: Int32 { ends.descriptor }
        func check() throws(TapError) { try ends.check() }
        func raise() { ends.wake() }
        func wait() { ends.waitReadable() }
        var isConsumed: Bool { consumersLeft.load(ordering: .acquiring) > 0 }

        /// Before the first thread starts: one that ends at once must not look like the last.
        func expect(sources: Int, consumers: Int) {
            sourcesLeft.store(sources, ordering: .relaxed)
            consumersLeft.store(consumers, ordering: .relaxed)
            if sources == 0 { raise() }
        }
        func sourceEnded() {
            if sourcesLeft.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { raise() }
        }
        func consumerEnded() {
            if consumersLeft.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { raise() }
        }
    }
}

/// One thread and the stages it moves.
private final class Worker: @unchecked Sendable {
    let isSource: Bool
    private let group: ThreadDriver.Group
    private let clock: any TapClock
    private let signal: ThreadDriver.StopSignal
    private var thread: SystemThread?
    /// Asked for on the stages' own thread, used by the one that ends the session.
    private let stoppers = Mutex<[Stopper]>([])
    /// How long a source waits, in the clock's time, before it looks again whether there is room.
    private static let roomTick = Nanoseconds.milliseconds(5)

    init(_ group: ThreadDriver.Group, _ clock: any TapClock, _ signal: ThreadDriver.StopSignal, isSource: Bool) {
        self.group = group
        self.clock = clock
        self.signal = signal
        self.isSource = isSource
    }

    func launch() throws(Errno) { thread = try SystemThread(group.name) { self.run() } }

    /// Instead of `launch`: its stages end before they begin.
    func cancel() {
        for stage in group.stages {
            stage.requestStop()
            if isSource { _ = stage.step(at: clock.now()) }
        }
        if isSource { signal.sourceEnded() } else { signal.consumerEnded() }
    }

    /// Lets go stages that are in a blocking read. One that has not started yet sees the signal before it reads.
    func interrupt() { for stopper in stoppers.withLock({ $0 }) { stopper.stop() } }

    func join() { thread?.join() }

    private func run() {
        group.prepare()
        var wakes = group.stages.map { $0.start(at: clock.now()) }
        let stoppers = group.stages.compactMap { $0.stopper }
        self.stoppers.withLock { $0 = stoppers }
        raiseIfFailed()
        var isStopping = false
        // One for each stage, then the stop signal; those that wait for nothing are -1, which poll passes over.
        var polled = [pollfd](
            repeating: pollfd(fd: -1, events: Int16(POLLIN), revents: 0), count: wakes.count + 1)
        while wakes.contains(where: { $0 != .ended }) {
            polled[wakes.count].fd = isSource && !isStopping ? signal.descriptor : -1
            wait(for: wakes, &polled)
            if polled[wakes.count].revents != 0 {
                isStopping = true
                for stage in group.stages { stage.requestStop() }
            }
            for index in wakes.indices where wakes[index] != .ended {
                let now = clock.now()
                guard isDue(wakes[index], now) || polled[index].revents != 0 || polled[wakes.count].revents != 0
                else { continue }
                wakes[index] = group.stages[index].step(at: now)
            }
            raiseIfFailed()
            if isStopping, !signal.isConsumed, wakes.allSatisfy({ $0 == .ended || $0 == .room }) { break }
        }
        if isSource { signal.sourceEnded() } else { signal.consumerEnded() }
    }

    private func raiseIfFailed() {
        if !isSource, group.stages.contains(where: { $0.isEssential && $0.failure != nil }) { signal.raise() }
    }

    private func isDue(_ wake: Wake, _ now: Timestamp) -> Bool {
        switch wake {
        case .at(let time), .readable(_, let time): time <= now
        case .room: true
        case .ended: false
        }
    }

    /// Sleeps until a stage is due or a descriptor readable.
    private func wait(for wakes: [Wake], _ polled: inout [pollfd]) {
        let now = clock.now()
        var until = Timestamp.distantFuture
        for index in wakes.indices {
            polled[index].fd = -1
            switch wakes[index] {
            case .at(let time): until = min(until, time)
            case .readable(let descriptor, let time):
                until = min(until, time)
                polled[index].fd = descriptor
            case .room: until = min(until, now + Worker.roomTick)
            case .ended: break
            }
        }
        let left = until == .distantFuture ? -1 : max(0, clock.realSpan(of: until - now).count)
        let count = unsafe tap_poll(&polled, UInt32(polled.count), left)
        // Interrupted: nothing is readable, and what is due is found by its time.
        if count < 0 { for index in polled.indices { polled[index].revents = 0 } }
    }
}
