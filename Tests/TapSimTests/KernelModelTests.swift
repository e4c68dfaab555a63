import TapConfig
import TapConformance
import TapCore
import Testing

@testable import TapSim

/// What the model of the kernel's GPIO path does, event by event; times in microseconds.
@Suite
struct KernelModelTests {
    /// A wire and the kernel's end of it.
    private final class Line {
        private let wire: DrivenWire
        private var line: InterruptLine
        var conditions = KernelConditions()

        init(
            _ model: KernelModel, _ options: LineOptions = LineOptions(), startsHigh: Bool = false, queue: Int = 16,
            seed: UInt64 = 1
        ) {
            wire = DrivenWire(startsHigh: startsHigh)
            line = InterruptLine(
                Wire(wire), options, queue: EventQueue(asked: queue), model, Random(seed: seed, stream: "line"))
        }

        func drive(_ times: Int...) { drive(times) }

        func drive(_ times: [Int]) {
            for time in times {
                level.toggle()
                wire.drive(high: level, at: us(time))
            }
        }

        lazy var level = wire.startsHigh

        func advance(to time: Int) { line.advance(to: us(time), conditions) }

        /// What waits, as "time+number" for rising and "time-number" for falling.
        func read() -> [String] {
            var events = [LineEvent](repeating: LineEvent(), count: LineEvent.batch)
            var span = events.mutableSpan
            let count = line.take(into: &span)
            return events.prefix(count).map { "\($0.nanoseconds / 1_000)\($0.isRising ? "+" : "-")\($0.sequence)" }
        }

        func events(until time: Int) -> [String] {
            advance(to: time)
            return read()
        }

        var isHigh: Bool { line.level }
        func listen(_ isListening: Bool) { line.listen(isListening) }
    }

    private static let slow = KernelModel(
        interrupt: KernelModel.Delay(.microseconds(10)), thread: KernelModel.Delay(.microseconds(20)))

    @Test func `without delays every change is an event at its time`() {
        let line = Line(.ideal)
        line.drive(5, 6, 7)
        #expect(line.events(until: 7) == ["5+1", "6-2", "7+3"])
    }

    @Test func `the hard interrupt stamps, and the event comes with its thread`() {
        let line = Line(KernelModelTests.slow)
        line.drive(100)
        #expect(line.events(until: 129) == [])
        #expect(line.events(until: 130) == ["110+1"])
    }

    @Test func `a change back before the interrupt leaves one event of the level it ended at`() {
        let line = Line(KernelModelTests.slow)
        line.drive(100, 105)
        #expect(line.events(until: 500) == ["110-1"])
    }

    @Test func `a change back before the thread gives two events of one direction, or one with the later stamp`() {
        let line = Line(KernelModelTests.slow)
        // Interrupts at 110 and 125, one thread at 130: it finds the later stamp.
        line.drive(100, 115)
        #expect(line.events(until: 500) == ["125-1"])
        // The first thread reads at 630 what changed at 625; the second event says the same.
        line.drive(600, 625)
        #expect(line.events(until: 900) == ["610-2", "635-3"])
    }

    @Test func `three changes within the latency fit and are lost in silence`() {
        let line = Line(KernelModelTests.slow)
        line.drive(100, 103, 106)
        #expect(line.events(until: 500) == ["110+1"])
    }

    @Test func `interrupts of a tick come at the next one, never at this`() {
        let line = Line(.testKernel)
        line.drive(1_000, 2_500, 2_600, 2_700)
        #expect(line.events(until: 10_000) == ["2000+1", "3000-2"])
    }

    @Test func `a full queue drops its oldest, and numbers show it`() {
        let line = Line(.ideal, queue: 4)
        line.drive(Array(1...7))
        #expect(line.events(until: 100) == ["4-4", "5+5", "6-6", "7+7"])
        line.drive(200)
        #expect(line.events(until: 300) == ["200-8"])
    }

    @Test(arguments: zip([0, 1, 3, 16, 100, 1_000, 5_000], [16, 1, 4, 16, 128, 1_024, 1_024]))
    func `a queue holds what the kernel's rule says`(_ asked: Int, _ held: Int) {
        #expect(EventQueue.capacity(asked: asked, lines: 1) == held)
        #expect(EventQueue.capacity(asked: 0, lines: 3) == 64)
    }

    @Test func `the debounce begins anew with each change, counts in jiffies, and stamps when it settles`() {
        let model = KernelModel(jiffy: .milliseconds(4))
        let line = Line(model, LineOptions(debounce: .milliseconds(5)))
        line.drive(1_000, 3_000, 5_000)
        // The last change is in jiffy 1; 5 ms are two jiffies.
        #expect(line.events(until: 11_999) == [])
        #expect(!line.isHigh)
        #expect(line.events(until: 12_000) == ["12000+1"])
        #expect(line.isHigh)
        // Back before it settled: nothing.
        line.drive(20_000, 21_000)
        #expect(line.events(until: 100_000) == [])
    }

    @Test func `with one direction asked for the kernel does not look at the level`() {
        let line = Line(KernelModelTests.slow, LineOptions(edges: .rising))
        line.drive(100, 105, 200, 300)
        #expect(line.events(until: 500) == ["110+1", "210+2"])
    }

    @Test func `active-low turns levels and directions around`() {
        let line = Line(.ideal, LineOptions(isActiveLow: true, edges: .falling))
        #expect(line.isHigh)
        line.drive(10, 20, 30)
        #expect(line.events(until: 100) == ["10-1", "30-2"])
    }

    @Test func `a line that is not listened to is read, and its numbers go on`() {
        let line = Line(.ideal)
        line.drive(10)
        line.advance(to: 15)
        line.listen(false)
        line.drive(20, 30, 40)
        line.advance(to: 50)
        #expect(!line.isHigh)
        line.listen(true)
        line.drive(60)
        #expect(line.events(until: 70) == ["10+1", "60+2"])
    }

    @Test func `a spike makes what falls into it late`() {
        let line = Line(.ideal)
        line.conditions.spikes.append((KernelConditions.Span(from: us(100), to: us(200)), .microseconds(50)))
        line.drive(90, 110, 220)
        // The interrupt comes at 160, its thread 50 later.
        #expect(line.events(until: 209) == ["90+1"])
        #expect(line.events(until: 300) == ["160-2", "220+3"])
    }

    @Test func `delays are a function of the seed, however often it is looked`() {
        let model = KernelModel(
            interrupt: KernelModel.Delay(.zero, jitter: .microseconds(40)),
            thread: KernelModel.Delay(.zero, jitter: .microseconds(90)))
        let changes = (0..<500).map { 100 * $0 + $0 * 37 % 91 }
        func run(seed: UInt64, step: Int) -> [String] {
            let line = Line(model, queue: 1_024, seed: seed)
            line.drive(changes)
            var events: [String] = []
            for time in stride(from: 0, through: 60_000, by: step) { events += line.events(until: time) }
            while case let more = line.events(until: 60_000), !more.isEmpty { events += more }
            return events
        }
        let whole = run(seed: 1, step: 60_000)
        #expect(whole.count > 200)
        #expect(run(seed: 1, step: 7) == whole)
        #expect(run(seed: 2, step: 60_000) != whole)
    }

    @Test func `the wall clock steps and drifts`() {
        var clock = WallClock(epoch: 1_000_000_000)
        clock.steps.append(WallClock.Step(at: us(100), by: .microseconds(-30)))
        clock.drifts.append(WallClock.Drift(from: us(1_000), to: us(1_001_000), partsPerBillion: 50_000))
        #expect(clock.utc(at: us(99)).nanoseconds == 1_000_099_000)
        #expect(clock.utc(at: us(100)).nanoseconds == 1_000_070_000)
        #expect(clock.utc(at: us(2_000_000)).nanoseconds == 3_000_000_000 - 30_000 + 50_000)
        #expect(clock.isSynchronised(at: us(999)) && !clock.isSynchronised(at: us(1_000)))
    }
}

private func us(_ time: Int) -> Timestamp { Timestamp(nanoseconds: UInt64(time) * 1_000) }
