import TapConfig
import TapCore
import Testing

@Suite struct BoardScenarioTests {
    @Test func `what a simulated board does is a scenario`() throws {
        let text = """
            scenario:
              seed: 7
              waves: {knock: {wave: chance, mean-interval: 1s, width: 1ms}}
              lines:
                - {name: A, wave: square, period: 10ms}
                - {name: B, wave: knock, front-end: [{stage: inverter}]}
              converters:
                - {name: x, rate: 10, channels: [{name: S, unit: V, range: [0, 10], wave: dc, value: 5}]}
            """
        let board = try BoardFile.parse(Minimal.simulated + text, file: "b.yaml")
        #expect(board.lines.isEmpty && board.adcs.isEmpty && board.chips.isEmpty)
        let scenario = try ScenarioFile.parse(Minimal.simulated + text, file: "b.yaml")
        let chance = DigitalWave.chance(meanInterval: .seconds(1), width: .milliseconds(1))
        #expect(scenario.name == "bench" && scenario.title == "Bench" && scenario.seed == 7)
        #expect(
            scenario.lines == [
                ScenarioLine(
                    name: "A", words: "square, period 10ms",
                    wave: .pulses(PulseTrain(period: .milliseconds(10), width: .milliseconds(5)))),
                ScenarioLine(name: "B", words: "knock", wave: .invert(.named("knock", chance))),
            ])
        #expect(
            scenario.converters == [
                Converter(
                    name: "x", rate_hz: 10,
                    channels: [
                        ConverterChannel(
                            name: "S", words: "dc, value 5", unit: "V", bottom: 0, top: 10, wave: .constant(5))
                    ])
            ])
    }

    @Test func `only a simulated board has a scenario`() {
        #expect(
            mistakes(in: Minimal.simulated) == [
                "b.yaml:4:13: provenance is simulated, but key 'scenario' is missing, which describes the signals: "
                    + "add 'scenario: {lines: [{name: MOTOR, wave: square, period: 1s}]}'"
            ])
        #expect(
            mistakes(in: Minimal.emulated + "scenario: {lines: []}\n") == [
                "b.yaml:5:1: key 'scenario' on a board whose provenance is emulated-kernel, whose lines are real: "
                    + "delete it, or write 'provenance: simulated'"
            ])
        #expect(
            mistakes(in: Minimal.simulated + "scenario: {}\n") == [
                "b.yaml:5:11: the scenario has neither lines nor converters: "
                    + "add 'lines: [{name: MOTOR, wave: square, period: 1s}]'"
            ])
    }

    @Test func `the section of an older tap is refused in one line`() {
        let text = "simulated:\n  lines: [{name: A, wave: constant, start: high}]\n"
        #expect(
            mistakes(in: Minimal.simulated + text) == [
                "b.yaml:5:1: key 'simulated' is of an older tap, which has 'scenario' now: "
                    + "write 'scenario: {lines: [{name: MOTOR, wave: square, period: 1s}]}' instead; docs/boards.md"
            ])
    }

    @Test(arguments: [
        ("0", "0 is out of range: write a number between 0 and 1"),
        ("1", "1 is out of range: write a number between 0 and 1"),
        ("1.5", "1.5 is out of range: write a number between 0 and 1"),
        ("-0.5", "-0.5 is out of range: write a number between 0 and 1"),
        ("50%", "is '50%', where a number is expected: write for example 0.5"),
    ])
    func `duty is between nothing and all`(text: String, message: String) {
        #expect(
            mistakes(inSimulatedLine: "name: A, wave: square, period: 1s, duty: \(text)") == [
                "b.yaml:7:49: duty \(message)"
            ])
    }

    @Test func `both levels of a square last a nanosecond`() {
        #expect(mistakes(inSimulatedLine: "name: A, wave: square, period: 2ns") == [])
        #expect(
            mistakes(inSimulatedLine: "name: A, wave: square, period: 1ns") == [
                "b.yaml:7:39: high or low part of the period is shorter than a nanosecond: write a longer period"
            ])
        #expect(
            mistakes(inSimulatedLine: "name: A, wave: square, period: 10ns, duty: 0.99") == [
                "b.yaml:7:51: high or low part of the period is shorter than a nanosecond: write a longer period"
            ])
    }

    @Test func `a pulse train fits its every`() {
        #expect(mistakes(inSimulatedLine: "name: A, wave: pulse-train, pulses: 5, width: 1ms, every: 10ms") == [])
        #expect(
            mistakes(inSimulatedLine: "name: A, wave: pulse-train, pulses: 6, width: 1ms, every: 11ms") == [
                "b.yaml:7:66: 6 pulses with the pauses behind them do not fit into 'every': "
                    + "write a longer time, or at most 5 pulses"
            ])
        #expect(
            mistakes(inSimulatedLine: "name: A, wave: pulse-train, width: 6ms, every: 11ms") == [
                "b.yaml:7:55: 1 pulse with the pauses behind them do not fit into 'every': write a longer time"
            ])
        #expect(
            mistakes(
                inSimulatedLine: "name: A, wave: pulse-train, pulses: 9223372036854775807, width: 8760h, every: 1h")
                == [
                    "b.yaml:7:86: 9223372036854775807 pulses with the pauses behind them do not fit into 'every': "
                        + "write a longer time"
                ])
    }

    @Test func `what is declared on a simulated board has a wave`() {
        let text = """
            lines: [{name: A}, {name: B}]
            adcs: [{name: x, how: polled, rate: 5, channels: [{name: S, unit: V}, {name: T, unit: V}]}]
            scenario:
              lines: [{name: A, wave: constant}]
              converters: [{name: x, rate: 5, channels: [{name: S, unit: A, range: [0, 1], wave: dc, value: 1}]}]
            """
        #expect(
            mistakes(in: Minimal.simulated + text) == [
                "b.yaml:5:27: line 'B' has no wave under scenario: "
                    + "add '{name: B, wave: constant}' to its lines, or delete the line",
                "b.yaml:6:58: channel 'x.S' has unit V, but A under scenario: write the same unit in both places",
                "b.yaml:6:78: channel 'x.T' has no wave under scenario: "
                    + "add it to its converters, or delete the channel",
            ])
    }
}
