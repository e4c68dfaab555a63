import Glibc
import Synchronization
import TapCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct ThreadDriverTests {
    /// A stage that does what it is asked to do, and notes on which thread.
    private final class Scripted: Stage, @unchecked Sendable {
        let name = "scripted"
        var failure: TapError?
        var stopper: Stopper?
        private(set) var threads: Set<UInt> = []
        private(set) var steps = 0
        private(set) var isStopRequested = false
        private let body: (Scripted, Timestamp) -> Wake
        private let first: Wake?

        init(first: Wake? = nil, stopper: Stopper? = nil, _ body: @escaping (Scripted, Timestamp) -> Wake) {
            self.first = first
            self.stopper = stopper
            self.body = body
        }

        func start(at now: Timestamp) -> Wake {
            threads.insert(UInt(pthread_self()))
            return first ?? .at(now)
        }
        func requestStop() { isStopRequested = true }
        func step(at now: Timestamp) -> Wake {
            threads.insert(UInt(pthread_self()))
            steps += 1
            return body(self, now)
        }
    }

    private static let never = Wake.at(.distantFuture)

    /// Waits to be stopped, and says once it is there.
    private func patient(_ isRunning: Semaphore) -> Scripted {
        Scripted { stage, _ in
            if stage.isStopRequested { return .ended }
            isRunning.signal()
            return ThreadDriverTests.never
        }
    }

    private func driver(_ sources: [[any Stage]], _ consumers: [[any Stage]]) -> ThreadDriver {
        ThreadDriver(
            clock: MachineClock(), sources: sources.map { .init("source", $0) },
            consumers: consumers.map { .init("consumer", $0) })
    }

    /// Filled in once there is a driver.
    private final class Stop { var call: () -> Void = {} }

    @Test func `groups run on threads of their own, and stages of one group share it`() {
        let ended = { () -> Scripted in Scripted { _, _ in .ended } }
        let (a, b, c, d) = (ended(), ended(), ended(), ended())
        driver([[a, b], [c]], [[d]]).run()
        for stage in [a, b, c, d] { #expect(stage.threads.count == 1) }
        #expect(a.threads == b.threads)
        #expect(Set([a, c, d].map(\.threads)).count == 3)
        #expect(!a.threads.contains(UInt(pthread_self())))
    }

    @Test func `threads are named and prepared before their first step`() {
        let order = Mutex<[String]>([])
        let stage = Scripted { _, _ in
            let file = unsafe open("/proc/thread-self/comm", O_RDONLY)
            defer { close(file) }
            var name = [UInt8](repeating: 0, count: 32)
            let count = unsafe read(file, &name, name.count)
            let text = String(decoding: name.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
            order.withLock { $0.append(text) }
            return .ended
        }
        ThreadDriver(
            clock: MachineClock(),
            sources: [.init("a name of more than 15", [stage]) { order.withLock { $0.append("prepared") } }],
            consumers: []
        ).run()
        #expect(order.withLock { $0 } == ["prepared", "a name of more "])
    }

    @Test func `a stop ends sources that wait`() {
        let isRunning = Semaphore()
        let stages = (0..<3).map { _ in patient(isRunning) }
        let stop = Stop()
        let person = Scripted { _, _ in
            for _ in stages { isRunning.wait() }
            stop.call()
            stop.call()
            return .ended
        }
        let run = driver([[stages[0]], [stages[1], stages[2]], [person]], [])
        stop.call = run.stop
        run.run()
        for stage in stages {
            #expect(stage.isStopRequested)
            #expect(stage.steps == 2)
        }
    }

    @Test func `a stop before the run ends it`() {
        let source = patient(Semaphore())
        let run = driver([[source]], [])
        run.stop()
        run.run()
        #expect(source.isStopRequested)
    }

    @Test func `a blocking read is let go by its stopper`() {
        let isRunning = Semaphore()
        let isLetGo = Semaphore()
        let source = Scripted(stopper: Stopper(longestBlock: .seconds(1)) { isLetGo.signal() }) { stage, now in
            if stage.isStopRequested { return .ended }
            isRunning.signal()
            isLetGo.wait()
            return .at(now)
        }
        let stop = Stop()
        let person = Scripted { _, _ in
            isRunning.wait()
            stop.call()
            return .ended
        }
        let run = driver([[source], [person]], [])
        stop.call = run.stop
        run.run()
        #expect(source.isStopRequested)
    }

    @Test func `a stage wakes when its descriptor is readable`() {
        var ends: [Int32] = [0, 0]
        let status = unsafe pipe(&ends)
        #expect(status == 0)
        let (reader, writer) = (ends[0], ends[1])
        defer {
            close(reader)
            close(writer)
        }
        let source = Scripted(first: .readable(reader, orAt: .distantFuture)) { _, _ in
            var byte: UInt8 = 0
            let count = unsafe read(reader, &byte, 1)
            return count == 1 && byte == 42 ? .ended : ThreadDriverTests.never
        }
        let feeder = Scripted { _, _ in
            var byte: UInt8 = 42
            _ = unsafe write(writer, &byte, 1)
            return .ended
        }
        driver([[source], [feeder]], []).run()
        #expect(source.steps == 1)
    }

    @Test func `sources that end of their own accord end the run`() {
        let left = Atomic<Int>(2)
        let source = { () -> Scripted in
            Scripted { _, _ in
                left.subtract(1, ordering: .releasing)
                return .ended
            }
        }
        let consumer = Scripted { _, now in
            left.load(ordering: .acquiring) == 0 ? .ended : .at(now + .milliseconds(1))
        }
        let (a, b) = (source(), source())
        driver([[a], [b]], [[consumer]]).run()
        #expect(!a.isStopRequested)
        #expect(!b.isStopRequested)
    }

    /// The first may have ended before the second has started.
    @Test(arguments: 0..<50) func `a source that ends at once does not stop the others`(round: Int) {
        // One each: a stage is stepped by one thread.
        let brief = (0..<2).map { _ in Scripted(first: .ended) { _, _ in .ended } }
        let steady = Scripted { stage, now in stage.steps == 3 ? .ended : .at(now) }
        driver([[brief[0]], [brief[1]], [steady]], []).run()
        #expect(steady.steps == 3)
        #expect(!steady.isStopRequested)
    }

    @Test func `a consumer that fails stops the sources`() {
        let isRunning = Semaphore()
        let source = patient(isRunning)
        let consumer = Scripted { stage, _ in
            isRunning.wait()
            stage.failure = FailingSink.error
            return .ended
        }
        driver([[source]], [[consumer]]).run()
        #expect(source.isStopRequested)
    }

    @Test func `a consumer that fails at its start stops the sources`() {
        let source = patient(Semaphore())
        let consumer = Scripted(first: .ended) { _, _ in .ended }
        consumer.failure = FailingSink.error
        driver([[source]], [[consumer]]).run()
        #expect(source.isStopRequested)
    }

    @Test func `a source that cannot write its end does not hang the run once its consumer is dead`() {
        let log = ScriptedSource.Log()
        let capture = Pipe.capture(
            Record.overfillingASmallRing, ring: 256, whenFull: .refuse, tick: .seconds(3600), ends: false, log: log)
        let consumer = Scripted { stage, _ in
            stage.failure = FailingSink.error
            return .ended
        }
        driver([[capture.stage]], [[consumer]]).run()
        #expect(log.stops.count == 1)
        // Nobody took anything.
        #expect(capture.input.fill() == 255.0 / 256)
    }

    @Test func `without sources consumers end`() {
        let merge = MergeStage([], into: RecordCollector())
        driver([], [[merge]]).run()
        #expect(merge.withSink { $0.finishes } == 1)
    }

    @Test func `what went through threads is accounted for`() {
        let count: UInt64 = 20_000
        // One each microsecond, from now on.
        let script = (1...count).map { Record.edge($0 * 1000) }
        let clock = info(offset: Int64(MachineClock().now().nanoseconds))
        let captures = (0..<2).map { _ in
            Pipe.capture(script, ring: 1024, whenFull: .refuse, info: clock, tick: .microseconds(100))
        }
        let merge = MergeStage(captures.map(\.input), into: Digest(), tick: .milliseconds(1))
        driver(captures.map { [$0.stage] }, [[merge]]).run()
        let digest = merge.withSink { $0 }
        #expect(UInt64(digest.edges) == captures[0].stage.edges + captures[1].stage.edges)
        #expect(UInt64(digest.edges) + digest.lost == 2 * count)
    }
}
