import Glibc
import TapConfig
import TapConformance
import TapCore
import TapSim
import Testing

@Suite
struct SimConformanceTests {
    private struct MonotonicClock: TapClock {
        func now() -> Timestamp {
            var time = timespec()
            unsafe clock_gettime(CLOCK_MONOTONIC, &time)
            return Timestamp(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
        }
    }

    private static let bench = Bench(
        "simulated lines", capabilities: [.edges, .countsQueueLoss, .waitsForRoom], spacing: .milliseconds(1),
        latency: .zero, repeatsExactly: true, realClock: MonotonicClock()
    ) { plan in Rig(SimSource(Scenario(plan)), plan) }

    /// A ramp of one step a scan: the code is the scan's number.
    private static let adc: Bench = {
        var bench = Bench(
            "simulated ADC", capabilities: [.scans, .waitsForRoom], spacing: .milliseconds(1), latency: .zero,
            repeatsExactly: true, realClock: MonotonicClock()
        ) { Rig(SimSource(counter), $0) }
        bench.scans = ScanBench(period: .milliseconds(1), samples: .number { Int($0[0]) })
        return bench
    }()

    private static let counter = Scenario(
        name: "bench",
        converters: [
            Converter(
                name: "counter", rate_hz: 1_000,
                channels: [
                    ConverterChannel(
                        name: "n", unit: "V", bottom: 0, top: 10, bits: 16,
                        wave: .periodic(
                            Periodic(.ramp, offset: 5, amplitude: 5, period: .milliseconds(65_535))))
                ])
        ])

    @Test func `the ADC conforms`() {
        let outcomes = Conformance.run(on: SimConformanceTests.adc)
        #expect(outcomes.filter { $0.verdict == .failed }.map(\.description) == [])
        #expect(outcomes.count { $0.verdict == .passed } == 13)
        #expect(SimSource(SimConformanceTests.counter).info.capabilities == SimConformanceTests.adc.capabilities)
    }

    @Test func `conforms`() {
        let outcomes = Conformance.run(on: SimConformanceTests.bench)
        #expect(outcomes.filter { $0.verdict == .failed }.map(\.description) == [])
        #expect(outcomes.count { $0.verdict == .passed } == 14)
    }

    @Test func `capabilities are those of the bench`() {
        #expect(
            SimSource(Scenario(name: "bench", lines: [ScenarioLine(name: "a", wave: .constant(isHigh: false))])).info
                .capabilities
                == SimConformanceTests.bench.capabilities)
    }

    @Test func `a pulse that begins at time zero is the first level, not an edge`() {
        let wave = DigitalWave.pulses(PulseTrain(period: .milliseconds(10), width: .milliseconds(3)))
        let scenario = Scenario(name: "bench", lines: [ScenarioLine(name: "a", wave: wave)])
        var plan = Plan([Plan.Line()], length: .milliseconds(25))
        plan.whenFull = .wait
        let run = HandRun(Rig(SimSource(scenario), plan), plan)
        run.begin()
        run.go(to: plan.length)
        run.finish()
        #expect(
            run.recording.text(from: .zero) == [
                "0 line 0 high first since 0",
                "3000000 line 0 falling #1 flags 0",
                "10000000 line 0 rising #2 flags 1",
                "13000000 line 0 falling #3 flags 0",
                "20000000 line 0 rising #4 flags 1",
                "23000000 line 0 falling #5 flags 0",
            ])
    }
}

extension Scenario {
    /// Lines that do what a plan says.
    init(_ plan: Plan) {
        let lines = plan.lines.enumerated().map { number, line in
            ScenarioLine(
                name: "line \(number)",
                wave: line.pulses == 0
                    ? .constant(isHigh: line.startsHigh)
                    : .pulses(
                        PulseTrain(
                            phase: line.first, period: .seconds(3_600), pulses: line.pulses, width: line.width,
                            spacing: line.spacing, isInverted: line.startsHigh)))
        }
        self.init(name: "bench", lines: lines)
    }
}
