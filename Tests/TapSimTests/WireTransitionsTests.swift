import TapConfig
import TapCore
import TapSim
import Testing

@Suite struct WireTransitionsTests {
    @Test func `changes of several lines come by time, then by line`() {
        let lines = [
            ScenarioLine(
                name: "A", wave: .pulses(PulseTrain(period: .milliseconds(4), width: .milliseconds(2)))),
            ScenarioLine(name: "B", wave: .constant(isHigh: true)),
            ScenarioLine(
                name: "C",
                wave: .pulses(
                    PulseTrain(
                        phase: .milliseconds(2), period: .milliseconds(8), width: .milliseconds(1), isInverted: true))),
        ]
        var transitions = WireTransitions(Scenario(name: "bench", lines: lines), until: .milliseconds(8))
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
