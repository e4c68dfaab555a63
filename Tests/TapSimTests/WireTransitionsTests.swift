import TapConfig
import TapCore
import TapSim
import Testing

@Suite struct WireTransitionsTests {
    @Test func `changes of several lines come by time, then by line`() {
        let lines = [
            SimulatedLine(name: "A", wave: .square(period: .milliseconds(4), duty: 0.5, phase: .zero)),
            SimulatedLine(name: "B", startsHigh: true, wave: .constant),
            SimulatedLine(
                name: "C", startsHigh: true,
                wave: .pulseTrain(
                    pulses: 1, width: .milliseconds(1), spacing: .milliseconds(2), every: .milliseconds(8),
                    phase: .milliseconds(2))),
        ]
        var transitions = WireTransitions(Scenario(board: "bench", lines: lines, channels: []), until: .milliseconds(8))
        #expect(transitions.startsHigh == [true, true, true])
        func change(_ time: Int64, _ line: Int, _ isHigh: Bool) -> WireTransitions.Change {
            WireTransitions.Change(time: .milliseconds(time), line: line, isHigh: isHigh)
        }
        #expect(
            (0..<6).map { _ in transitions.next() } == [
                change(2, 0, false), change(2, 2, false), change(3, 2, true), change(4, 0, true), change(6, 0, false),
                change(8, 0, true),
            ])
    }

    @Test func `lines that never change give none`() {
        var transitions = WireTransitions(
            Scenario(name: "bench", lines: [ScenarioLine(name: "A", wave: .constant(isHigh: true))]),
            until: .seconds(3_600))
        #expect(transitions.next() == nil)
    }
}
