import TapCore
import TestSupport
import Testing

@Suite struct StepDriverTests {
    #if DEBUG
        private static let edges: UInt64 = 60_000
    #else
        private static let edges: UInt64 = 3_000_000
    #endif

    /// Notes when it is stepped, and does so again after `interval`, so many times.
    private final class Metronome: Stage {
        let name: String
        var failure: TapError?
        private let interval: Nanoseconds
        private var left: Int
        private let note: (String, Timestamp) -> Void
        private(set) var stopsRequested = 0

        init(_ name: String, every interval: Int64, times: Int, note: @escaping (String, Timestamp) -> Void) {
            self.name = name
            self.interval = Nanoseconds(interval)
            left = times
            self.note = note
        }

        func start(at now: Timestamp) -> Wake { .at(now + interval) }
        func requestStop() {
            stopsRequested += 1
            left = 1
        }
        func step(at now: Timestamp) -> Wake {
            note(name, now)
            left -= 1
            return left > 0 ? .at(now + interval) : .ended
        }
    }

    @Test func `time goes to the earliest wake`() {
        var notes: [String] = []
        let note = { (name: String, now: Timestamp) in notes.append("\(name)\(now.nanoseconds)") }
        let clock = VirtualClock()
        StepDriver(
            clock: clock, sources: [Metronome("a", every: 30, times: 2, note: note)],
            consumers: [
                Metronome("b", every: 20, times: 3, note: note), Metronome("c", every: 60, times: 2, note: note),
            ]
        ).run()
        #expect(notes == ["b20", "a30", "b40", "a60", "b60", "c60", "c120"])
        #expect(clock.now() == at(120))
    }

    @Test func `a stop ends the sources at the present instant`() {
        var stop: @Sendable () -> Void = {}
        var notes: [String] = []
        let source = Metronome("a", every: 10, times: 1_000) { name, now in
            notes.append("\(name)\(now.nanoseconds)")
            if now.nanoseconds == 30 { stop() }
        }
        let driver = StepDriver(clock: VirtualClock(), sources: [source], consumers: [])
        stop = driver.stop
        driver.run()
        #expect(source.stopsRequested == 1)
        // What falls on the end is written, then it is asked to stop.
        #expect(notes == ["a10", "a20", "a30", "a30", "a30"])
    }

    @Test func `nothing is lost where a source waits for room`() {
        // All in one tick, through a ring that is much smaller.
        let script = (1...20_000 as ClosedRange<UInt64>).map { Record.edge($0) }
        let log = ScriptedSource.Log()
        let capture = Pipe.capture(script, ring: 256, staging: 512, tick: .milliseconds(5), log: log)
        let merge = MergeStage([capture.input], into: RecordCollector())
        let clock = VirtualClock()
        StepDriver(clock: clock, sources: [capture.stage], consumers: [merge]).run()
        #expect(merge.withSink { $0.records } == script)
        #expect(merge.withSink { $0.finishes } == 1)
        #expect(log.waits > 100)
        // It never waited longer than an instant.
        #expect(Set(log.steps) == [Timestamp.zero + .milliseconds(5)])
    }

    @Test func `a source that must wait for another lets time pass`() {
        // Merge cannot give on the fast one's edges before the slow one's promise, which comes with its next tick.
        let script = (1...3000 as ClosedRange<UInt64>).map { Record.edge($0 * 1000) }
        let slowScript = [Record.edge(1_500_500, line: 1), .edge(40_000_000, line: 1)]
        let fast = Pipe.capture(script, ring: 256, staging: 256, tick: .milliseconds(1))
        let slow = Pipe.capture(slowScript, info: info(silence: .seconds(1)), tick: .milliseconds(50))
        let merge = MergeStage([fast.input, slow.input], into: RecordCollector())
        StepDriver(clock: VirtualClock(), sources: [fast.stage, slow.stage], consumers: [merge]).run()
        let records = merge.withSink { $0.records }
        #expect(records == (script + slowScript).sorted { $0.time < $1.time })
    }

    @Test func `at the end sources are stopped, and what they owe is written`() {
        let script = (1...20_000 as ClosedRange<UInt64>).map { Record.edge($0 * 10) }
        let log = ScriptedSource.Log()
        let capture = Pipe.capture(script, ring: 256, staging: 512, ends: false, log: log)
        let merge = MergeStage([capture.input], into: RecordCollector())
        let clock = VirtualClock()
        StepDriver(clock: clock, sources: [capture.stage], consumers: [merge]).run(until: at(123_456))
        #expect(merge.withSink { $0.records } == Array(script[..<12_345]))
        #expect(log.stops == [at(123_456)])
        #expect(log.steps.allSatisfy { $0 == at(123_456) })
        #expect(merge.withSink { $0.finishes } == 1)
    }

    @Test func `sources that end before the end end the run`() {
        let capture = Pipe.capture([.edge(10)])
        let merge = MergeStage([capture.input], into: RecordCollector())
        let clock = VirtualClock()
        StepDriver(clock: clock, sources: [capture.stage], consumers: [merge]).run(until: Timestamp.zero + .seconds(10))
        #expect(clock.now() == Timestamp.zero + .milliseconds(5))
    }

    @Test func `a consumer that fails ends the run, and every source is closed`() {
        let script = (1...20_000 as ClosedRange<UInt64>).map { Record.edge($0 * 1000) }
        let log = ScriptedSource.Log()
        let idle = ScriptedSource.Log()
        let capture = Pipe.capture(script, ring: 256, ends: false, log: log)
        let other = Pipe.capture([], tick: .seconds(3600), ends: false, log: idle)
        let merge = MergeStage([capture.input, other.input], into: FailingSink(at: 2))
        let clock = VirtualClock()
        StepDriver(clock: clock, sources: [capture.stage, other.stage], consumers: [merge]).run()
        #expect(merge.failure == FailingSink.error)
        #expect(log.stops.count == 1)
        #expect(idle.stops == log.stops)
        #expect(clock.now() <= Timestamp.zero + .milliseconds(10))
    }

    @Test func `a source that waits for room when no consumer is left is stopped`() {
        let script = (1...1000 as ClosedRange<UInt64>).map { Record.edge($0) }
        let log = ScriptedSource.Log()
        let capture = Pipe.capture(script, ring: 256, log: log)
        StepDriver(clock: VirtualClock(), sources: [capture.stage], consumers: []).run()
        #expect(log.stops == [Timestamp.zero + .milliseconds(5)])
    }

    @Test func `a source that fails leaves the others`() {
        let script = (1...20 as ClosedRange<UInt64>).map { Record.edge($0 * 1_000_000, line: 1) }
        let bad = Pipe.capture([.edge(1)], ends: false, failsAt: Timestamp.zero + .milliseconds(7))
        let good = Pipe.capture(script)
        let merge = MergeStage([bad.input, good.input], into: RecordCollector())
        StepDriver(clock: VirtualClock(), sources: [bad.stage, good.stage], consumers: [merge]).run()
        let records = merge.withSink { $0.records }
        #expect(bad.stage.failure == ScriptedSource.error)
        #expect(records.filter { if case .edge(let edge) = $0 { edge.line == LineID(1) } else { false } } == script)
    }

    /// Edges of a line at a steady rate, far too many to be kept.
    private struct SteadySource: ~Copyable, TapSource {
        let info: SourceInfo
        let line: LineID
        let period: UInt64
        let count: UInt64
        var next: UInt64 = 1

        mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake { .at(now) }

        mutating func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
            while next <= count, next * period <= now.nanoseconds {
                if writer.shouldWait() {
                    writer.publish()
                    return .room
                }
                let edge = Edge(
                    time: Timestamp(nanoseconds: next * period), line: line,
                    sequence: UInt32(truncatingIfNeeded: next), flags: next % 2 == 0 ? [] : .rising)
                writer.edge(edge, arrived: now)
                next += 1
            }
            writer.publish()
            writer.watermark(at: now)
            return next > count ? .ended : .at(now + .milliseconds(5))
        }

        mutating func stop(at now: Timestamp, into writer: inout RecordWriter) {}
    }

    private func digestOfALongRun(ring: Int) -> Digest {
        var stages: [any Stage] = []
        var inputs: [MergeInput] = []
        for (line, period) in [(UInt16(0), UInt64(900)), (1, 1300), (2, 1300)] {
            let rings = Ends(capacity: ring)
            let source = SteadySource(
                info: info(), line: LineID(line), period: period, count: StepDriverTests.edges / 3)
            stages.append(
                CaptureStage(source, into: RecordWriter(rings.producer, lines: 0..<4, devices: 0..<0, whenFull: .wait)))
            inputs.append(MergeInput(rings.consumer, of: info()))
        }
        let merge = MergeStage(inputs, into: Digest())
        StepDriver(clock: VirtualClock(), sources: stages, consumers: [merge]).run()
        return merge.withSink { $0 }
    }

    @Test func `a long run loses nothing and is the same each time, whatever the ring`() {
        let first = digestOfALongRun(ring: 1024)
        #expect(first.edges == Int(StepDriverTests.edges))
        #expect(first.others == 0)
        #expect(first.late == 0)
        #expect(digestOfALongRun(ring: 1024).hash == first.hash)
        #expect(digestOfALongRun(ring: 1 << 14).hash == first.hash)
    }

    @Test func `the virtual clock starts at zero`() { #expect(VirtualClock().now() == .zero) }
}
