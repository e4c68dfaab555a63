import TapConfig
import TapConformance
import TapCore
import Testing

@testable import TapSim

/// Keeps records as words.
private struct Script: RecordSink, ~Copyable {
    var records: [String] = []

    mutating func edge(_ edge: Edge) {
        records.append("\(edge.time.nanoseconds) line \(edge.line.index) \(edge.isRising ? "+" : "-")\(edge.flags)")
    }
    mutating func event(_ event: Event) {
        switch event {
        case .level(let level): records.append("\(level)")
        case .gap(let gap): records.append("\(gap)")
        default: break
        }
    }
    mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        for scan in 0..<block.count {
            let time = block.firstTime + block.period * Int64(scan)
            records.append("\(time.nanoseconds) scan \(raw.load(at: scan * block.bytesPerScan)) \(block.isLate)")
        }
    }
}

@Suite struct SimMachineTests {
    private static func scenario(_ faults: [Fault] = [], ring: Int = 1_024) -> Scenario {
        let names = ["A", "B"]
        let model = KernelModel(
            interrupt: KernelModel.Delay(.microseconds(3), jitter: .microseconds(9)),
            thread: KernelModel.Delay(.microseconds(5), jitter: .microseconds(20)))
        return Scenario(
            name: "bench",
            lines: [
                ScenarioLine(name: "A", wave: .chance(meanInterval: .milliseconds(20), width: .milliseconds(3))),
                ScenarioLine(name: "B", wave: .pulses(PulseTrain(period: .milliseconds(7), width: .milliseconds(2)))),
            ],
            converters: [
                Converter(
                    name: "adc", rate_hz: 500,
                    channels: [
                        ConverterChannel(
                            name: "x", unit: "V", bottom: -1, top: 1, bits: 8, wave: .noise(deviation: 0.3))
                    ])
            ], machine: ScenarioMachine(kernel: model, ring: ring, faults: faults, lines: names))
    }

    private static func run(
        _ scenario: Scenario, for length: Nanoseconds, tick: Nanoseconds = .milliseconds(5), ring: Int = 1 << 14
    ) throws -> [String] {
        let source = SimMachineSource(scenario, try #require(scenario.machine), tick: tick, length: length)
        let stage = CaptureStage(
            source, ringCapacity: ring, lines: 0..<UInt16(scenario.lines.count),
            devices: 0..<UInt16(scenario.converters.count), whenFull: .wait)
        try stage.open(at: .zero)
        let merge = MergeStage([stage.makeInput()], into: Script(), tick: tick)
        StepDriver(clock: VirtualClock(), sources: [stage], consumers: [merge]).run()
        return merge.withSink { $0.records }
    }

    private static func ms(_ count: Int64) -> Nanoseconds { .milliseconds(count) }

    /// One of each that a scenario can have.
    private static let faults = [
        Fault(.latencySpike(ms(2)), at: .chip("simulated"), from: ms(200), lasting: ms(300)),
        Fault(.stormLine(period: .microseconds(40)), at: .line("A"), from: ms(600), lasting: ms(100)),
        Fault(.queueOverflow(period: .microseconds(500)), at: .line("B"), from: ms(900), lasting: ms(700)),
        Fault(.chipUnplug, at: .chip("simulated"), from: ms(2_000), lasting: ms(100)),
        Fault(.lineBusy(consumer: "other"), at: .line("B"), from: ms(3_500), lasting: ms(900)),
        Fault(.readError, at: .chip("simulated"), from: ms(6_000), lasting: ms(200)),
        Fault(.stuckADC, at: .converter("adc"), from: ms(300), lasting: ms(100)),
        Fault(.droppedScans, at: .converter("adc"), from: ms(600), lasting: ms(100)),
        Fault(.duplicatedScans, at: .converter("adc"), from: ms(800), lasting: ms(100)),
        Fault(.queueOverflow(period: ms(1)), at: .converter("adc"), from: ms(1_000), lasting: ms(600)),
        Fault(.readError, at: .converter("adc"), from: ms(2_000), lasting: ms(200)),
        Fault(.tornStream, at: .converter("adc"), from: ms(4_000), lasting: ms(200)),
        Fault(.slowConsumer, at: .consumer, from: ms(7_500), lasting: ms(2_000)),
        Fault(.stormLine(period: .microseconds(300)), at: .line("B"), from: ms(7_500), lasting: ms(1_000)),
    ]

    @Test func `however it is driven it gives the same records in order`() throws {
        let scenario = Self.scenario(Self.faults)
        let wanted = try Self.run(scenario, for: .seconds(10))
        for (tick, ring) in [(Self.ms(1), 1 << 14), (.seconds(3), 1 << 14), (Self.ms(40), 1_024)] {
            #expect(try Self.run(scenario, for: .seconds(10), tick: tick, ring: ring) == wanted)
        }
        // What it was asked for first comes first, whatever the faults held up.
        let times = wanted.compactMap { UInt64($0.prefix { $0 != " " }) }
        #expect(times.count > 5_000 && times == times.sorted())
        #expect(!wanted.contains { $0.hasSuffix("true") })
        let reported = Gap.Kind.allCases.filter { kind in wanted.contains { $0.contains("\(kind)") } }
        #expect(
            reported == [
                .kernelQueueOverflow, .repeatedPolarity, .scansMissing, .ringFull, .sourceGone, .sourceBack,
            ])
    }

    @Test func `a line that is picked does what it does among all`() throws {
        var scenario = Self.scenario([
            Fault(.stormLine(period: .microseconds(900)), at: .line("B"), from: Self.ms(100), lasting: Self.ms(200))
        ])
        let all = try Self.run(scenario, for: .seconds(1)).filter { $0.contains(" line 1 ") }
        scenario.lines.removeFirst()
        scenario.converters = []
        let picked = try Self.run(scenario, for: .seconds(1)).filter { $0.contains(" line 0 ") }
        #expect(picked.map { $0.replacing(" line 0 ", with: " line 1 ") } == all)
        #expect(all.count > 300)
    }

    @Test func `a scan that is not read changes no other`() throws {
        func scans(_ faults: [Fault]) throws -> [String] {
            try Self.run(Self.scenario(faults), for: .seconds(1)).filter { $0.contains(" scan ") }
        }
        let dropped = Fault(.droppedScans, at: .converter("adc"), from: Self.ms(301), lasting: Self.ms(100))
        let all = try scans([])
        #expect(all.count == 501)
        #expect(try scans([dropped]) == Array(all[...150] + all[201...]))
    }

    @Test func `a plant's labels come once and in time`() throws {
        let text = """
            tap-scenario: 1
            name: bench
            title: Bench
            plant: {kind: pump-station}
            kernel: {preset: test-kernel}

            """
        let scenario = try ScenarioFile.parse(text, file: "s.yaml", plants: Plants.all)
        let machine = SimMachine(scenario, try #require(scenario.machine), ListeningOptions(), keepsTruth: true)
        try machine.open()
        var truth: [Truth] = []
        for second in 1...3 {
            machine.run(until: .zero + .seconds(Int64(second)))
            truth += machine.takeTruth()
        }
        let plain = SimMachine(scenario, try #require(scenario.machine), ListeningOptions(), keepsTruth: true)
        try plain.open()
        plain.run(until: .zero + .seconds(3))
        #expect(truth == plain.takeTruth())
        #expect(truth.contains { if case .label = $0 { true } else { false } })
    }

    @Test func `a storm ends at the level that the wire has`() {
        func changes(_ own: [Int64], from: Int64, for length: Int64, period: Int64) -> [UInt64] {
            let wave = DigitalWave.changes(own.map(Self.ms), startsHigh: false)
            let wire = GeneratedWire(WaveBuilder(seed: 1, feed: nil).digital(wave, "A"), plant: nil)
            let fault = Fault(
                .stormLine(period: Self.ms(period)), at: .line("A"), from: Self.ms(from), lasting: Self.ms(length))
            let storm = FaultPlan([fault]).wire(wire, of: "A")
            var found: [UInt64] = []
            for limit in 0...60 {
                while let time = storm.next(upTo: .zero + Self.ms(Int64(limit))) {
                    found.append(time.nanoseconds / 1_000_000)
                }
            }
            return found
        }
        // Two of its own changes are within, and it ends low as it would be.
        #expect(changes([5, 12, 18, 50], from: 10, for: 10, period: 4) == [5, 10, 14, 18, 20, 50])
        #expect(changes([5, 12, 50], from: 10, for: 10, period: 4) == [5, 10, 14, 18, 50])
        #expect(changes([], from: 0, for: 3, period: 1) == [0, 1, 2, 3])
    }

    private static let conforming = Bench(
        "a scenario's machine", capabilities: [.edges, .readsLevels, .waitsForRoom], spacing: .milliseconds(1),
        latency: .zero, repeatsExactly: true, realClock: SimKernelBench.MonotonicClock()
    ) { plan in
        let scenario = Scenario(plan)
        return Rig(SimMachineSource(scenario, ScenarioMachine(lines: scenario.lines.map(\.name))), plan)
    }

    @Test func `conforms`() {
        let outcomes = Conformance.run(on: Self.conforming)
        #expect(outcomes.filter { $0.verdict == .failed }.map(\.description) == [])
        #expect(outcomes.count { $0.verdict == .passed } == 14)
    }
}
