import TapCore
import TestSupport
import Testing

@Suite struct CaptureStageTests {
    @Test func `a source that fails is closed and reported gone`() {
        let log = ScriptedSource.Log()
        let capture = Pipe.capture(
            [.edge(10)], info: info(lines: 2, devices: 1), ends: false, failsAt: at(20), log: log)
        let merge = MergeStage([capture.input], into: RecordCollector())
        _ = capture.stage.start(at: .zero)
        _ = capture.stage.step(at: at(15))
        #expect(capture.stage.failure == nil)
        #expect(capture.stage.step(at: at(20)) == .ended)
        #expect(capture.stage.failure == ScriptedSource.error)
        #expect(log.stops == [at(20)])
        let subjects: [Gap.Subject] = [.line(LineID(0)), .line(LineID(1)), .device(DeviceID(0))]
        #expect(
            merge.take()
                == [.edge(10)]
                + subjects.map { .gap(Gap(.sourceGone, $0, .unknown, discovered: at(20), from: at(20), to: at(20))) })
        #expect(merge.withSink { $0.finishes } == 1)
    }

    @Test func `what is reported for a source is in its own clock`() {
        // Its clock stands at 5 when the monotonic one stands at 1005.
        let capture = Pipe.capture(
            [.edge(3)], ring: 256, info: info(offset: 1000, lines: 1, devices: 0), failsAt: at(1005))
        let merge = MergeStage([capture.input], into: RecordCollector())
        _ = capture.stage.start(at: at(1000))
        #expect(capture.stage.step(at: at(1005)) == .ended)
        #expect(
            merge.take() == [
                .edge(3),
                .gap(
                    Gap(.sourceGone, .line(LineID(0)), .unknown, discovered: at(5), from: at(5), to: at(5))),
            ])
    }

    @Test func `a loss reported at the end is in the source's own clock`() {
        let script = (1...300 as ClosedRange<UInt64>).map { Record.edge($0) }
        let capture = Pipe.capture(script, ring: 256, whenFull: .refuse, info: info(offset: 1000), ends: false)
        let merge = MergeStage([capture.input], into: RecordCollector())
        _ = capture.stage.start(at: at(1000))
        capture.stage.requestStop()
        #expect(capture.stage.step(at: at(1400)) == .ended)
        #expect(
            merge.take().last
                == .gap(
                    Gap(.ringFull, .line(LineID(0)), .exactly(108), discovered: at(400), from: at(193), to: at(300))))
    }

    @Test func `a stop takes what is queued and happens once`() {
        let log = ScriptedSource.Log()
        let capture = Pipe.capture([.edge(10), .edge(30)], ends: false, log: log)
        let merge = MergeStage([capture.input], into: RecordCollector())
        _ = capture.stage.start(at: .zero)
        _ = capture.stage.step(at: at(5))
        capture.stage.requestStop()
        capture.stage.requestStop()
        #expect(capture.stage.step(at: at(20)) == .ended)
        #expect(log.stops == [at(20)])
        #expect(log.steps == [at(5)])
        #expect(merge.take() == [.edge(10)])
    }

    @Test func `it asks for room until its end is written`() {
        let capture = Pipe.capture(Record.overfillingASmallRing, ring: 256, whenFull: .refuse, ends: false)
        let merge = MergeStage([capture.input], into: RecordCollector())
        _ = capture.stage.start(at: .zero)
        capture.stage.requestStop()
        #expect(capture.stage.step(at: at(200)) == .room)
        #expect(capture.stage.step(at: at(201)) == .room)
        _ = merge.take()
        #expect(capture.stage.step(at: at(202)) == .ended)
        _ = merge.take()
        #expect(merge.withSink { $0.finishes } == 1)
    }
}
