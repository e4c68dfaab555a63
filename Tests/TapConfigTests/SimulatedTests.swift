import TapConfig
import TapCore
import Testing

@Suite struct SimulatedTests {
    @Test func linesAndChannelsAreOnlyUnderSimulated() throws {
        let text = """
            simulated:
              lines:
                - {name: A, wave: square, period: 10ms}
                - {name: B, wave: pulse-train, width: 1ms, every: 2ms, start: high}
                - {name: C, wave: constant}
              channels:
                - {name: x.S, wave: sine, rate: 10, unit: V, amplitude: 2, frequency: 3}
                - {name: x.K, wave: constant, rate: 10, unit: A, offset: -1.5, bits: 24}
            """
        let board = try BoardFile.parse(Minimal.simulated + text, file: "b.yaml")
        #expect(board.lines.isEmpty && board.adcs.isEmpty && board.chips.isEmpty)
        let expected = SimulatedWires(
            lines: [
                SimulatedLine(name: "A", wave: .square(period: .milliseconds(10), duty: 0.5, phase: .zero)),
                SimulatedLine(
                    name: "B", startsHigh: true,
                    wave: .pulseTrain(
                        pulses: 1, width: .milliseconds(1), spacing: .milliseconds(2), every: .milliseconds(2),
                        phase: .zero)),
                SimulatedLine(name: "C", wave: .constant),
            ],
            channels: [
                SimulatedChannel(
                    name: "x.S", wave: .sine, rate_hz: 10, unit: "V", offset: 0, amplitude: 2,
                    period: Nanoseconds(333_333_333), bits: 12),
                SimulatedChannel(
                    name: "x.K", wave: .constant, rate_hz: 10, unit: "A", offset: -1.5, amplitude: 0,
                    period: .seconds(1), bits: 24),
            ])
        #expect(board.simulated == expected)
    }

    @Test func onlyASimulatedBoardIsSimulated() {
        #expect(
            mistakes(in: Minimal.simulated) == [
                "b.yaml:4:13: provenance is simulated, but key 'simulated' is missing, which describes the signals: "
                    + "add 'simulated: {lines: [{name: MOTOR, wave: square, period: 1s}]}'"
            ])
        #expect(
            mistakes(in: Minimal.emulated + "simulated: {lines: []}\n") == [
                "b.yaml:5:1: key 'simulated' on a board whose provenance is emulated-kernel, whose lines are real: "
                    + "delete it, or write 'provenance: simulated'"
            ])
        #expect(
            mistakes(in: Minimal.simulated + "simulated: {}\n") == [
                "b.yaml:5:12: simulated has neither lines nor channels: "
                    + "add 'lines: [{name: MOTOR, wave: square, period: 1s}]'"
            ])
    }

    @Test(arguments: [
        ("0", "0 is out of range: write a number between 0 and 1"),
        ("1", "1 is out of range: write a number between 0 and 1"),
        ("1.5", "1.5 is out of range: write a number between 0 and 1"),
        ("-0.5", "-0.5 is out of range: write a number between 0 and 1"),
        ("50%", "is '50%', where a number is expected: write for example 0.5"),
    ])
    func dutyIsBetweenNothingAndAll(text: String, message: String) {
        #expect(
            mistakes(inSimulatedLine: "name: A, wave: square, period: 1s, duty: \(text)") == [
                "b.yaml:7:49: duty \(message)"
            ])
    }

    @Test func bothLevelsOfASquareLastANanosecond() {
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

    @Test func aPulseTrainFitsItsEvery() {
        #expect(mistakes(inSimulatedLine: "name: A, wave: pulse-train, pulses: 5, width: 1ms, every: 10ms") == [])
        #expect(
            mistakes(inSimulatedLine: "name: A, wave: pulse-train, pulses: 6, width: 1ms, every: 11ms") == [
                "b.yaml:7:66: 6 pulses and as many pauses of 'width' do not fit into 'every': "
                    + "write a longer time, or at most 5 pulses"
            ])
        #expect(
            mistakes(inSimulatedLine: "name: A, wave: pulse-train, width: 6ms, every: 11ms") == [
                "b.yaml:7:55: 1 pulse and as many pauses of 'width' do not fit into 'every': "
                    + "write a time of twice the width or longer"
            ])
        #expect(
            mistakes(
                inSimulatedLine: "name: A, wave: pulse-train, pulses: 9223372036854775807, width: 8760h, every: 1h")
                == [
                    "b.yaml:7:86: 9223372036854775807 pulses and as many pauses of 'width' do not fit into 'every': "
                        + "write a time of twice the width or longer"
                ])
    }

    @Test func keysOfAnotherWaveAreRefused() {
        #expect(
            mistakes(inSimulatedLine: "name: A, wave: constant, phase: 1s") == [
                "b.yaml:7:33: key 'phase' is not allowed here, because a constant line never changes: delete it"
            ])
        #expect(
            mistakes(inSimulatedLine: "name: A, wave: square, period: 1s, width: 1s") == [
                "b.yaml:7:43: key 'width' is not allowed here, because only a pulse-train has it: delete it"
            ])
        #expect(
            mistakes(inSimulatedLine: "name: A, wave: pulse-train, duty: 0.5") == [
                "b.yaml:7:7: key 'every' is missing in a simulated line: add 'every: 1s'",
                "b.yaml:7:7: key 'width' is missing in a simulated line: add 'width: 1ms'",
                "b.yaml:7:36: key 'duty' is not allowed here, because a pulse lasts as long as 'width' says: delete it",
            ])
        #expect(
            mistakes(inSimulatedChannel: "name: a.b, wave: constant, rate: 1, unit: V, amplitude: 1") == [
                "b.yaml:7:53: key 'amplitude' is not allowed here, because a constant channel never changes: delete it"
            ])
    }

    @Test func aChannelHasAFrequencyOrAPeriod() {
        let sine = "name: a.b, wave: sine, rate: 1, unit: V, amplitude: 1"
        #expect(
            mistakes(inSimulatedChannel: sine) == [
                "b.yaml:7:7: key 'frequency' or 'period' is missing in a simulated channel: "
                    + "add 'frequency: 0.1' or 'period: 10s'"
            ])
        #expect(
            mistakes(inSimulatedChannel: sine + ", frequency: 1, period: 1s") == [
                "b.yaml:7:77: key 'period' conflicts with 'frequency': delete one of the two"
            ])
        #expect(
            mistakes(inSimulatedChannel: "name: b, wave: saw, bits: 33") == [
                "b.yaml:7:7: key 'rate' is missing in a simulated channel: add 'rate: 100'",
                "b.yaml:7:7: key 'unit' is missing in a simulated channel: add 'unit: V'",
                "b.yaml:7:14: name 'b' is no channel address, which is the ADC's name, a dot and the channel's name: "
                    + "write for example plant.level",
                "b.yaml:7:23: wave 'saw' is not known: write constant, square, sine or ramp",
                "b.yaml:7:34: bits 33 is out of range: write 1 to 32",
            ])
    }

    @Test func namesStandOnceAndChannelsOfOneADCShareTheirRate() {
        let text = """
            simulated:
              lines:
                - {name: A, wave: constant}
                - {name: A, wave: constant}
                - {name: x.S, wave: constant}
              channels:
                - {name: x.S, wave: constant, rate: 10, unit: V}
                - {name: x.S, wave: constant, rate: 10, unit: V}
                - {name: x.T, wave: constant, rate: 20, unit: V}
                - {name: y.T, wave: constant, rate: 20, unit: V}
            """
        #expect(
            mistakes(in: Minimal.simulated + text) == [
                "b.yaml:8:14: simulated line 'A' is given twice, first at 7:14: write another name",
                "b.yaml:9:14: line name 'x.S' is also a channel, at 11:14: write another name",
                "b.yaml:12:14: simulated channel 'x.S' is given twice, first at 11:14: write another name",
                "b.yaml:13:41: rate is 20, but channels of one ADC are scanned together, and 'x.S' at 11:7 has 10: "
                    + "write 10, or another ADC in the name",
            ])
    }

    @Test func whatIsDeclaredOnASimulatedBoardHasAWave() {
        let text = """
            lines: [{name: A}, {name: B}]
            adcs: [{name: x, how: polled, rate: 5, channels: [{name: S, unit: V}, {name: T, unit: V}]}]
            simulated:
              lines: [{name: A, wave: constant}]
              channels: [{name: x.S, wave: constant}]
            """
        #expect(
            mistakes(in: Minimal.simulated + text) == [
                "b.yaml:5:27: line 'B' has no wave under simulated: "
                    + "add '{name: B, wave: constant}' there, or delete the line",
                "b.yaml:6:78: channel 'x.T' has no wave under simulated: "
                    + "add '{name: x.T, wave: constant}' there, or delete the channel",
            ])
    }

    @Test func aSimulatedChannelTakesRateAndUnitFromItsADC() throws {
        let text = """
            adcs: [{name: x, how: polled, rate: 5, channels: [{name: S, unit: A}]}]
            simulated:
              channels: [{name: x.S, wave: constant}]

            """
        let board = try BoardFile.parse(Minimal.simulated + text, file: "b.yaml")
        #expect(board.simulated?.channels[0].rate_hz == 5)
        #expect(board.simulated?.channels[0].unit == "A")
        let other = text.replacing("wave: constant", with: "wave: constant, unit: V")
        #expect(
            mistakes(in: Minimal.simulated + other) == [
                "b.yaml:7:48: unit is V, but the channel has unit A at 5:58: write A"
            ])
    }
}
