import TapConfig
import TapCore
import Testing

/// What is reported about a scenario's text, each mistake as one line; empty: it is one. The text begins at line 4.
func scenarioMistakes(_ text: String) -> [String] {
    do throws(ConfigurationErrors) {
        _ = try ScenarioFile.parse(Minimal.scenario + text, file: "s.yaml")
        return []
    } catch {
        return error.description.split(separator: "\n").map(String.init)
    }
}

extension Minimal {
    static let scenario = "tap-scenario: 1\nname: bench\ntitle: Bench\n"
}

@Suite struct ScenarioTests {
    func line(_ text: String) throws -> DigitalWave {
        try ScenarioFile.parse(Minimal.scenario + "lines:\n  - {name: A, \(text)}\n", file: "s.yaml").lines[0].wave
    }

    @Test func `a scenario has a seed and a length`() throws {
        let text = "seed: 7\nfor: 10s\nlines: [{name: A, wave: constant}]\n"
        let scenario = try ScenarioFile.parse(Minimal.scenario + text, file: "s.yaml")
        #expect(scenario.seed == 7)
        #expect(scenario.duration == .seconds(10))
        #expect(scenario.lines == [ScenarioLine(name: "A", words: "constant", wave: .constant(isHigh: false))])
    }

    @Test func `waves are made of waves`() throws {
        let square = DigitalWave.pulses(PulseTrain(period: .milliseconds(5), width: .microseconds(2_500)))
        #expect(try line("wave: square, period: 5ms") == square)
        #expect(try line("wave: square, frequency: 200") == square)
        #expect(try line("wave: invert, of: {wave: square, period: 5ms}") == .invert(square))
        #expect(
            try line("wave: or, of: [{wave: square, period: 5ms}, {wave: constant}]")
                == .combine(.or, [square, .constant(isHigh: false)]))
    }

    @Test func `a named wave is referred to by its name`() throws {
        let text = """
            waves:
              flow: {wave: square, period: 5ms}
            lines:
              - {name: A, wave: flow}
              - {name: B, wave: invert, of: flow}

            """
        let scenario = try ScenarioFile.parse(Minimal.scenario + text, file: "s.yaml")
        let flow = DigitalWave.named(
            "flow", .pulses(PulseTrain(period: .milliseconds(5), width: .microseconds(2_500))))
        #expect(scenario.lines.map(\.wave) == [flow, .invert(flow)])
    }

    @Test func `a wave made of itself is refused`() {
        let text = """
            waves:
              a: {wave: invert, of: b}
              b: {wave: delay, of: a, by: 1s}
            lines:
              - {name: A, wave: a}
            """
        #expect(
            scenarioMistakes(text) == [
                "s.yaml:6:24: wave 'a' is made of itself, by a -> b -> a: name another wave here"
            ])
    }

    /// `used` is the wave of the channel, each made of the one before it, in either order of the file.
    private func chain(_ count: Int, used: [Int], reversed: Bool) -> [String] {
        var waves = ["  w0: {wave: dc, value: 1, unit: V}"]
        for number in 1..<count { waves.append("  w\(number): {wave: scale, of: w\(number - 1), factor: 1}") }
        let channels = used.map { "      - {name: c\($0), unit: V, wave: w\($0), range: [0, 2], bits: 12}" }
        return scenarioMistakes(
            "waves:\n" + (reversed ? waves.reversed() : waves).joined(separator: "\n")
                + "\nconverters:\n  - name: a\n    rate: 100\n    channels:\n" + channels.joined(separator: "\n"))
    }

    @Test(arguments: [true, false])
    func `waves that are made of each other without end are refused`(reversed: Bool) {
        #expect(chain(32, used: [31], reversed: reversed) == [])
        for used in [[5_999], Array(0..<41)] {
            let mistakes = chain(6_000, used: used, reversed: reversed)
            #expect(mistakes.count == 1)
            #expect(
                mistakes[0].hasSuffix(
                    ": more than 32 named waves are made of each other: write what one of them is in place of its name")
            )
        }
    }

    @Test func `an unknown wave is reported with its neighbours`() {
        #expect(
            scenarioMistakes("waves: {flow: {wave: constant}}\nlines: [{name: A, wave: sqare, period: 1s}]") == [
                "s.yaml:5:25: wave 'sqare' is not known, nearest names: square, uart, chance: write one of these, or name it under 'waves'"
            ])
        #expect(
            scenarioMistakes("lines: [{name: A, wave: sine}]").first?.hasPrefix(
                "s.yaml:4:25: wave 'sine' is analog, where a digital one is expected: write constant, square,") == true)
    }

    @Test func `what is added has one unit`() {
        let text = """
            converters:
              - name: c
                rate: 100
                channels:
                  - name: x
                    unit: V
                    range: [0, 10]
                    wave: sum
                    of:
                      - {wave: dc, value: 1, unit: V}
                      - {wave: noise, deviation: 0.1, unit: A}
                  - {name: y, unit: V, range: [0, 1], wave: loop, low: 0, high: 5, of: {wave: dc, value: 1}}
            """
        #expect(
            scenarioMistakes(text) == [
                "s.yaml:14:13: A is added to V, which 13:40 says of another part of the sum: "
                    + "write a wave in V, or bring it to that with 'wave: scale' and 'unit: V'",
                "s.yaml:15:25: unit is V, but the wave is in A, as 15:49 says: write A",
            ])
    }

    @Test func `a time before zero is refused`() {
        #expect(
            scenarioMistakes("lines: [{name: A, wave: burst, at: -1s, width: 1ms}]") == [
                "s.yaml:4:36: at -1s is negative: write 0s or more"
            ])
    }

    @Test func `a wire has one driver`() {
        let text = """
            lines:
              - {name: A, wave: constant}
              - {name: A, wave: square, period: 1s}
            converters:
              - name: c
                rate: 1
                channels:
                  - {name: x, unit: V, range: [0, 1], wave: dc, value: 0}
                  - {name: x, unit: V, range: [0, 1], wave: dc, value: 1}
            """
        #expect(
            scenarioMistakes(text) == [
                "s.yaml:6:12: line 'A' has two drivers, the first at 5:12: "
                    + "write another name, or one line with 'wave: or' of both",
                "s.yaml:12:16: channel 'c.x' has two drivers, the first at 11:16: "
                    + "write another name, or one channel with 'wave: sum' of both",
            ])
    }

    @Test func `several mistakes are reported at once`() {
        let text = """
            lines:
              - {name: A, wave: square}
              - {name: B, wave: signal, signal: pump.run}
              - {name: C, wave: bounce, of: nothing, mean: 1}
            """
        #expect(
            scenarioMistakes(text) == [
                "s.yaml:5:5: key 'period' or 'frequency' is missing in a line with wave 'square': "
                    + "add 'period: 10s' or 'frequency: 0.1'",
                "s.yaml:6:37: signal 'pump.run' is of a plant, and the scenario has none: add 'plant: {kind: NAME}'",
                "s.yaml:7:33: wave 'nothing' is not known, nearest names: missing, constant, changes: "
                    + "write one of these, or name it under 'waves'",
            ])
    }

    @Test func `waves that grow without end are refused`() {
        let names = (0..<40).map { "  w\($0): {wave: and, of: [w\($0 + 1), w\($0 + 1)]}\n" }.joined()
        let text = "waves:\n\(names)  w40: {wave: constant}\nlines: [{name: A, wave: w0}]\n"
        #expect(scenarioMistakes(text).first?.contains("the scenario has more than 20000 waves") == true)
    }

    @Test func `a simulated board is a scenario`() throws {
        let text = Minimal.simulated + "scenario: {lines: [{name: A, wave: constant}]}\n"
        let scenario = try ScenarioFile.parse(text, file: "b.yaml")
        #expect(scenario.name == "bench")
        #expect(scenario.lines.map(\.wave) == [.constant(isHigh: false)])
    }

    @Test func `a board with real wires is no scenario`() {
        #expect {
            try ScenarioFile.parse(Minimal.emulated, file: "b.yaml")
        } throws: { error in
            "\(error)"
                == "b.yaml:1:1: the file is a board file with real lines, where a scenario is expected: give it with --board"
        }
    }

    @Test func `a scenario is no board`() {
        #expect(
            mistakes(in: Minimal.scenario) == [
                "b.yaml:1:1: the file is a scenario file, where a board file is expected: "
                    + "give it with --sim, or to 'tap sim'"
            ])
    }
}

extension ScenarioTests {
    @Test func `front ends stand in the order of the signal`() throws {
        let square = DigitalWave.pulses(PulseTrain(period: .seconds(1), width: .milliseconds(500)))
        let wave = try line(
            "wave: square, period: 1s, front-end: [{stage: rc, time-constant: 1ms, low: 0.2}, {stage: inverter}, "
                + "{stage: opto-isolator, on-delay: 5us, off-delay: 40us, minimum: 2us}]")
        #expect(
            wave
                == .delay(
                    .invert(.filter(square, RCFilter(timeConstant: .milliseconds(1), low: 0.2, high: 0.65))),
                    Delay(on: .microseconds(5), off: .microseconds(40), minimum: .microseconds(2))))
    }

    @Test(arguments: [
        ("wave: constant, front-end: [{stage: rcc}]", "51: stage 'rcc' is not known: write rc, supply or inverter"),
        (
            "wave: constant, front-end: [{stage: opto-isolator, on-delay: 5us, off-delay: 4us, minimum: 5us}]",
            "106: minimum is longer than a delay, so a pulse would have passed before it is known to be too short: "
                + "write at most the shorter delay"
        ),
        (
            "wave: square, period: 1s, jitter: 500ms",
            "49: jitter is as long as the pause between two pulses, which would change their order: "
                + "write a time shorter than 500000000ns"
        ),
        (
            "wave: changes, at: [2s, 1s]",
            "39: an item of at is not later than the one before it: write the times in order, each once"
        ),
        (
            "wave: modbus, baud: 9600, server: 1, function: 3, values: [1], answer-after: 2ms",
            "92: the answer comes 2ms after the request, which ends only after a silence of 3645833ns: write a longer time"
        ),
        (
            "wave: uart, baud: 300, text: hello, every: 100ms",
            "58: the message takes 166666667ns, which is longer than 'every': write a longer time"
        ),
        (
            "wave: uart, baud: 300, text: a, frame: 9x1",
            "54: frame '9x1' is not valid, which is 5 to 9 data bits, the parity n, e or o, and 1, 1.5 or 2 stop bits: write for example 8n1"
        ),
        (
            "wave: stuck, of: {wave: constant}, from: 2s, to: 1s, level: low",
            "64: to is not later than from: write a later time"
        ),
        (
            "wave: missing, of: {wave: constant}, nth: 2, share: 0.5",
            "60: key 'share' conflicts with 'nth': delete one of the two"
        ),
    ])
    func `what does not fit is reported`(text: String, message: String) {
        #expect(scenarioMistakes("lines:\n  - {name: A, \(text)}") == ["s.yaml:5:\(message)"])
    }

    @Test func `a failure of a loop has the currents of NAMUR`() {
        let text = """
            converters:
              - name: c
                rate: 1
                channels:
                  - {name: x, unit: A, range: [0, 1], wave: loop, low: 0, high: 1, of: {wave: dc, value: 0}, failures: [{from: 1s, current: 0.004}]}
            """
        #expect(
            scenarioMistakes(text) == [
                "s.yaml:8:129: current 0.004 A is one of measurement, where NAMUR NE 43 signals a failure by 0.0036 A or "
                    + "less, or 0.021 A or more: write for example 0.0035 or 0.0215"
            ])
    }
}
