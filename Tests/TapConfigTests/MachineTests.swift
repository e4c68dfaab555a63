import TapConfig
import TapCore
import Testing

@Suite struct MachineTests {
    private static let wires = """
        lines: [{name: PUMP, wave: constant}, {name: FLOW, wave: constant}]
        converters: [{name: adc, rate: 10, channels: [{name: x, unit: V, range: [0, 1], wave: dc, value: 0}]}]

        """

    /// What is reported about text from line 6 on.
    private func reported(_ text: String) -> [String] { scenarioMistakes(Self.wires + text + "\n") }

    private func machine(_ text: String) throws -> ScenarioMachine? {
        try ScenarioFile.parse(Minimal.scenario + Self.wires + text + "\n", file: "s.yaml").machine
    }

    @Test func `without kernel and faults there is no machine`() throws {
        #expect(try machine("") == nil)
        #expect(try machine("faults: []") == ScenarioMachine(lines: ["PUMP", "FLOW"]))
    }

    @Test func `a kernel is a preset and what is named`() throws {
        #expect(try machine("kernel: {preset: ideal}")?.kernel == .ideal)
        #expect(try machine("kernel: {preset: test-kernel}")?.kernel == .testKernel)
        let found = try machine(
            "kernel: {preset: test-kernel, interrupt: {fixed: 2us, jitter: 3us}, thread: {jitter: 5us}, jiffy: 10ms, interrupt-tick: 0s, debounce: 7ms, queue: 16, buffer: 64, ring: 2048}"
        )
        var model = KernelModel.testKernel
        model.interrupt = KernelModel.Delay(.microseconds(2), jitter: .microseconds(3))
        model.thread = KernelModel.Delay(.zero, jitter: .microseconds(5))
        model.jiffy = .milliseconds(10)
        model.interruptTick = .zero
        model.converter.bufferLength = 64
        #expect(
            found
                == ScenarioMachine(
                    kernel: model, debounce: .milliseconds(7), queue: 16, ring: 2_048, lines: ["PUMP", "FLOW"]))
    }

    @Test func `a profile gives the kernel that was measured`() {
        func spread(_ minimum: UInt64, _ share999: UInt64) -> Profile.Spread {
            Profile.Spread(count: 9, minimum: minimum, median: minimum, share999: share999, maximum: share999 + 7)
        }
        var profile = Profile(
            bench: "b", boards: [], provenance: .hardware, utc: 0, version: "", model: "", architecture: "",
            kernel: "", kernelBuild: "", libgpiod: "", lines: [])
        #expect(KernelModel(profile: profile) == .ideal)
        profile.interruptLatency = spread(4_000, 21_000)
        profile.ringDelay = spread(30_000, 95_000)
        let model = KernelModel(profile: profile)
        #expect(model.interrupt == KernelModel.Delay(.microseconds(4), jitter: .microseconds(17)))
        #expect(model.thread == KernelModel.Delay(.microseconds(30), jitter: .microseconds(65)))
        #expect(model.jiffy == KernelModel.ideal.jiffy && model.converter == KernelModel.ideal.converter)
        // What no bench writes does not trap.
        profile.ringDelay = spread(.max, 1)
        #expect(KernelModel(profile: profile).thread == KernelModel.Delay(Nanoseconds(1)))
    }

    @Test func `what is wrong with a kernel is reported at its place`() {
        #expect(
            reported("kernel: {preset: rt}") == ["s.yaml:6:18: preset 'rt' is not known: write ideal or test-kernel"])
        #expect(
            reported("kernel: {preset: ideal, profile: b.profile.json}") == [
                "s.yaml:6:25: key 'profile' conflicts with 'preset': delete one of the two"
            ])
        #expect(
            reported("kernel: {profile: b.profile.json}") == [
                "s.yaml:6:19: profile 'b.profile.json' cannot be found, because this scenario is not in a folder: delete it, or write the scenario to a file"
            ])
        #expect(
            reported("kernel: {ring: 1500}") == ["s.yaml:6:16: ring 1500 is not a power of two: write for example 1024"]
        )
        #expect(reported("kernel: {queue: 0}") == ["s.yaml:6:17: queue 0 is out of range: write 1 to 1024"])
        #expect(
            reported("kernel: {thread: {jiter: 1ms}}") == [
                "s.yaml:6:19: unknown key 'jiter' in thread: did you mean 'jitter'?"
            ])
    }

    @Test func `a fault has a name, a place, a time and its quantity`() throws {
        let text = """
            faults:
              - {fault: latency-spike, chip: simulated, at: 1s, for: 2s, extra: 3ms}
              - {fault: slow-consumer, at: 0s, for: 2s}
              - {fault: queue-overflow, line: FLOW, at: 1s, for: 2s, period: 1ms}
              - {fault: line-busy, line: PUMP, at: 1s, for: 2s, consumer: gpiomon}
              - {fault: read-error, converter: adc, at: 1s, for: 2s}
              - {fault: read-error, chip: simulated, at: 1s, for: 2s}

            """
        let (at, span) = (Nanoseconds.seconds(1), Nanoseconds.seconds(2))
        let wanted = [
            Fault(.latencySpike(.milliseconds(3)), at: .chip("simulated"), from: at, lasting: span),
            Fault(.slowConsumer, at: .consumer, from: .zero, lasting: span),
            Fault(.queueOverflow(period: .milliseconds(1)), at: .line("FLOW"), from: at, lasting: span),
            Fault(.lineBusy(consumer: "gpiomon"), at: .line("PUMP"), from: at, lasting: span),
            Fault(.readError, at: .converter("adc"), from: at, lasting: span),
            Fault(.readError, at: .chip("simulated"), from: at, lasting: span),
        ]
        #expect(try machine(text)?.faults == wanted)
        #expect(wanted.allSatisfy { $0.isLegal })
    }

    /// What is reported about one fault, whose map begins at 6:10.
    private func reported(ofFault fault: String) -> [String] { reported("faults: [{\(fault)}]") }

    @Test func `every fault that a run can have is read, and no other`() {
        for name in Fault.Name.allCases {
            let place = ["line: PUMP", "chip: simulated", "converter: adc", ""]
            let quantity = ["", ", extra: 1ms", ", period: 1ms", ", consumer: x"]
            let isRead = place.contains { place in
                quantity.contains { quantity in
                    let comma = place.isEmpty ? "" : ", "
                    return reported(
                        ofFault: "fault: \(name.rawValue)\(comma)\(place), at: 1s, for: 1s\(quantity)"
                    ).isEmpty
                }
            }
            let isPlayable = ![.clockStep, .clockDrift, .synchronisationLost, .reboot].contains(name)
            #expect(isRead == isPlayable, "\(name)")
        }
    }

    @Test func `what is wrong with a fault is reported at its place`() {
        #expect(
            reported(ofFault: "fault: reboot, at: 1s, for: 1s") == [
                "s.yaml:6:18: fault reboot cannot be played from a scenario, because a scenario is one run of a machine: delete it; 'tap sim fuzz' has it"
            ])
        #expect(
            reported(ofFault: "fault: clock-drift, at: 1s, for: 1s") == [
                "s.yaml:6:18: fault clock-drift cannot be played from a scenario, because a scenario's run writes no wall clock: delete it; 'tap sim fuzz' has it"
            ])
        #expect(
            reported(ofFault: "fault: stuck-acd, converter: adc, at: 1s, for: 1s") == [
                "s.yaml:6:18: fault 'stuck-acd' is not known: did you mean 'stuck-adc'?"
            ])
        #expect(
            reported(ofFault: "fault: storm-line, line: PMUP, at: 1s, for: 1s, period: 1ms") == [
                "s.yaml:6:36: line 'PMUP' is not in this scenario: write PUMP or FLOW"
            ])
        #expect(
            reported(ofFault: "fault: stuck-adc, line: PUMP, converter: adc, at: 1s, for: 1s") == [
                "s.yaml:6:29: key 'line' is not allowed here, because stuck-adc is of a converter: delete it"
            ])
        #expect(
            reported(ofFault: "fault: read-error, at: 1s, for: 1s") == [
                "s.yaml:6:10: key 'chip' is missing in a fault: add 'chip: simulated' or 'converter: adc'"
            ])
        #expect(
            reported(ofFault: "fault: read-error, chip: simulated, converter: adc, at: 1s, for: 1s") == [
                "s.yaml:6:47: a fault is at one place, and 'chip' names one: delete one of the two, or write two faults"
            ])
        #expect(
            reported(ofFault: "fault: queue-overflow, converter: adc, at: 1s, for: 1s, period: 1ms") == [
                "s.yaml:6:67: key 'period' is not allowed here, because queue-overflow of a converter has no such thing: delete it"
            ])
        #expect(
            reported(ofFault: "fault: storm-line, line: PUMP, at: 1s, for: 0s") == [
                "s.yaml:6:10: key 'period' is missing in a fault: add 'period: 10us'",
                "s.yaml:6:55: for 0s is zero: write a time above 0",
            ])
    }
}
