import Synchronization
import Testing

@testable import TapCore
@testable import TapDriver

@Suite
struct ClockFixTests {
    /// Monotonic time goes on by the next of `steps` at each reading, again and again; UTC is 1.7e18 ns ahead of it.
    final class FakeClocks: Sendable {
        let now: Mutex<UInt64>
        let kernel = Mutex<KernelClock?>(KernelClock(isSynchronised: true, maximumError: .milliseconds(3)))
        private let readings = Mutex(0)
        private let steps: [UInt64]

        init(from start: UInt64, steps: [UInt64] = [100]) {
            now = Mutex(start)
            self.steps = steps
        }

        var values: ClockFixSource.Readings {
            ClockFixSource.Readings(
                monotonic: { [self] in
                    let step = readings.withLock { count in
                        defer { count += 1 }
                        return steps[count % steps.count]
                    }
                    return now.withLock { time in
                        time += step
                        return Timestamp(nanoseconds: time)
                    }
                },
                utc_ns: { [self] in now.withLock { $0 } + 1_700_000_000_000_000_000 },
                kernelClock: { [self] in kernel.withLock { $0 } },
                bootID: { BootID("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0") })
        }
    }

    struct Fixes: RecordSink, ~Copyable {
        var fixes: [ClockFix] = []
        mutating func edge(_ edge: Edge) { Issue.record("an edge of a clock") }
        mutating func event(_ event: Event) {
            if case .clockFix(let fix) = event { fixes.append(fix) } else { Issue.record("of a clock: \(event)") }
        }
        mutating func scans(_ block: ScanBlock, raw: RawSpan) { Issue.record("scans of a clock") }
    }

    /// What a run in virtual time brings, until `end`.
    func run(_ source: consuming ClockFixSource, until end: Timestamp) -> [ClockFix] {
        let ring = RingStorage(capacity: 256)
        let writer = RecordWriter(RingProducer(ring), lines: 0..<0, devices: 0..<0)
        let info = source.info
        let capture = CaptureStage(source, into: writer)
        let merge = MergeStage([MergeInput(RingConsumer(ring), of: info)], into: Fixes())
        StepDriver(clock: VirtualClock(), sources: [capture], consumers: [merge]).run(until: end)
        #expect(capture.failure == nil)
        return merge.withSink { $0.fixes }
    }

    @Test func `a fix at the start, each ten seconds, and at the stop`() {
        let clocks = FakeClocks(from: 0)
        let fixes = run(ClockFixSource(clocks.values), until: Timestamp(nanoseconds: 25_000_000_000))
        #expect(fixes.count == 4)
    }

    struct Events: RecordSink, ~Copyable {
        var events: [Event] = []
        mutating func edge(_ edge: Edge) {}
        mutating func event(_ event: Event) { events.append(event) }
        mutating func scans(_ block: ScanBlock, raw: RawSpan) {}
    }

    @Test(
        arguments: [
            (Int64(3_600_000_000_000), "the wall clock was set forward by 3600.000000 s"),
            (-1_500_000, "the wall clock was set back by 0.001500 s"), (90_000, nil),
        ] as [(Int64, String?)])
    func `a wall clock that is set is reported within a tenth of a second, with a fix by what it says then`(
        by: Int64, words: String?
    ) {
        let clock = VirtualClock()
        let readings = ClockFixSource.Readings(
            monotonic: { clock.now() },
            utc_ns: {
                let now = clock.now().nanoseconds
                let step: Int64 = now >= 1_234_000_000 ? by : 0
                return now &+ 1_700_000_000_000_000_000 &+ UInt64(bitPattern: step)
            }, kernelClock: { nil }, bootID: { BootID("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0") })
        let ring = RingStorage(capacity: 256)
        let source = ClockFixSource(readings)
        let info = source.info
        let capture = CaptureStage(
            source, into: RecordWriter(RingProducer(ring), lines: 0..<0, devices: 0..<0))
        let merge = MergeStage([MergeInput(RingConsumer(ring), of: info)], into: Events())
        StepDriver(clock: clock, sources: [capture], consumers: [merge]).run(
            until: Timestamp(nanoseconds: 5_000_000_000))
        let events = merge.withSink { $0.events }
        let notes = events.compactMap { if case .note(let note) = $0 { note } else { nil } }
        let fixes = events.compactMap { if case .clockFix(let fix) = $0 { fix } else { nil } }
        #expect(notes.map(\.text.text) == (words.map { [$0] } ?? []))
        #expect(notes.allSatisfy { $0.author == "tap" && $0.time.nanoseconds == 1_300_000_000 })
        #expect(fixes.count == (words == nil ? 2 : 3))
        if words != nil {
            #expect(fixes[1].utcNanoseconds == 1_700_000_001_300_000_000 &+ UInt64(bitPattern: by))
        }
    }

    @Test func `of five brackets the tightest is kept, with the monotonic clock at its middle`() {
        // Pairs of readings: widths 900, 700, 300, 800, 500, with 1 ns between the pairs.
        let clocks = FakeClocks(from: 1000, steps: [1, 900, 1, 700, 1, 300, 1, 800, 1, 500])
        let fixes = run(ClockFixSource(clocks.values), until: .zero)
        #expect(
            fixes.first
                == ClockFix(
                    // 1000 + 1 + 900 + 1 + 700 + 1 = 2603, and half of 300.
                    monotonic: Timestamp(nanoseconds: 2753), utcNanoseconds: 1_700_000_000_000_002_603,
                    bracket: Nanoseconds(300),
                    bootID: BootID(high: 0x0F1E_2D3C_4B5A_6978, low: 0x8796_A5B4_C3D2_E1F0), isSynchronised: true,
                    sinceSynchronised: .zero, kernelMaximumError: .milliseconds(3)))
    }

    @Test func `a clock that was never seen synchronised does not say since when`() {
        let clocks = FakeClocks(from: 0)
        clocks.kernel.withLock { $0 = KernelClock(isSynchronised: false, maximumError: .seconds(16)) }
        let fixes = run(ClockFixSource(clocks.values), until: .zero)
        #expect(fixes.map(\.isSynchronised) == [false, false])
        #expect(fixes.map(\.sinceSynchronised) == [nil, nil])
    }

    @Test func `after synchronisation was lost each fix says how long ago it held`() throws {
        let clocks = FakeClocks(from: 0)
        // Readings are counted, so it does not watch for steps, which takes some.
        var source = ClockFixSource(clocks.values, provenance: .hardware, clock: ClockDomain(.monotonic))
        let ring = RingStorage(capacity: 256)
        var writer = RecordWriter(RingProducer(ring), lines: 0..<0, devices: 0..<0)
        _ = try source.start(at: .zero, into: &writer)
        clocks.kernel.withLock { $0 = KernelClock(isSynchronised: false, maximumError: .zero) }
        clocks.now.withLock { $0 += 10_000_000_000 }
        let early = try source.step(at: Timestamp(nanoseconds: 9_999_999_999), into: &writer)
        #expect(early == .at(Timestamp(nanoseconds: 10_000_000_000)))
        let due = try source.step(at: Timestamp(nanoseconds: 10_000_000_000), into: &writer)
        #expect(due == .at(Timestamp(nanoseconds: 20_000_000_000)))
        source.stop(at: Timestamp(nanoseconds: 11_000_000_000), into: &writer)
        _ = writer.end(at: Timestamp(nanoseconds: 11_000_000_000))
        let merge = MergeStage([MergeInput(RingConsumer(ring), of: source.info)], into: Fixes())
        _ = merge.step(at: Timestamp(nanoseconds: 11_000_000_000))
        let fixes = merge.withSink { $0.fixes }
        // Ten readings of 100 ns from the first fix to the second.
        #expect(fixes.map(\.sinceSynchronised) == [.zero, Nanoseconds(10_000_001_000), Nanoseconds(10_000_002_000)])
        #expect(fixes.map(\.isSynchronised) == [true, false, false])
    }

    @Test func `a kernel that does not answer is not synchronised and has no error bound`() {
        let clocks = FakeClocks(from: 0)
        clocks.kernel.withLock { $0 = nil }
        let fixes = run(ClockFixSource(clocks.values), until: .zero)
        #expect(fixes.first?.isSynchronised == false)
        #expect(fixes.first?.kernelMaximumError == Nanoseconds(.max))
    }

    @Test func `without a boot ID it does not start`() {
        var readings = FakeClocks(from: 0).values
        readings.bootID = { nil }
        var source = ClockFixSource(readings)
        let ring = RingStorage(capacity: 256)
        var writer = RecordWriter(RingProducer(ring), lines: 0..<0, devices: 0..<0)
        #expect(throws: TapError.self) { _ = try source.start(at: .zero, into: &writer) }
    }

    @Test func `merge is held back by no more than a millisecond`() {
        let source = ClockFixSource(FakeClocks(from: 0).values)
        let info = source.info
        #expect(info.longestSilence == .milliseconds(1))
        #expect(info.allowedLateness == .zero)
        #expect(info.lines.isEmpty && info.devices.isEmpty)
    }

    @Test func `this machine's clocks make a fix with a bracket below a millisecond`() throws {
        let now = SystemClock().now()
        var source = ClockFixSource()
        let ring = RingStorage(capacity: 256)
        var writer = RecordWriter(RingProducer(ring), lines: 0..<0, devices: 0..<0)
        let wake = try source.start(at: now, into: &writer)
        #expect(wake == .at(now + .milliseconds(100)))
        _ = writer.end(at: now)
        let merge = MergeStage([MergeInput(RingConsumer(ring), of: source.info)], into: Fixes())
        _ = merge.step(at: SystemClock().now())
        let fix = try #require(merge.withSink { $0.fixes }.first)
        #expect(fix.monotonic >= now)
        #expect(fix.bracket >= .zero && fix.bracket < .milliseconds(1))
        #expect(fix.utcNanoseconds > 1_700_000_000_000_000_000)
        #expect(fix.bootID == Machine.current.text("/proc/sys/kernel/random/boot_id").flatMap { BootID($0) })
    }
}
