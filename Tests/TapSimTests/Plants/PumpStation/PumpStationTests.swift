import TapConfig
import TapCore
import Testing

@testable import TapSim

@Suite struct PumpStationTests {
    @Test func `what flows in and does not flow out stands in the well`() {
        var run = StationRun(seconds: 400)
        let water = run.plant.hydraulics
        let stored = (water.level_m - 1.95) * 2
        #expect(water.outflowed_m3 > 5)
        #expect(abs(water.inflowed_m3 - water.outflowed_m3 - water.spilled_m3 - stored) < 1e-10)
        // The same from outside: flow is even within a step, and reported at its end.
        run.advance(to: 401)
        let pumped = run.curve("FT1").dropFirst().reduce(0) { $0 + $1.value * 0.02 }
        #expect(abs(pumped - run.plant.hydraulics.outflowed_m3) < 1e-9)
    }

    @Test func `a full well spills`() {
        var parameters = PumpStation.quick.with(.lockout, at: 0, for: 3_000, pump: 1)
        parameters.events.append(.init(what: .lockout, at: .zero, duration: .seconds(3_000), pump: 2))
        parameters.well.firstLevel_m = 4.9
        let run = StationRun(parameters, seconds: 60)
        #expect(run.plant.hydraulics.level_m == 5)
        #expect(run.plant.hydraulics.spilled_m3 > 0.1)
        let water = run.plant.hydraulics
        #expect(abs(water.inflowed_m3 - water.outflowed_m3 - water.spilled_m3 - 0.2) < 1e-10)
    }

    @Test func `the pumps take turns between start and stop level`() {
        let run = StationRun(seconds: 600)
        let starts1 = run.rises("P1_CMD")
        let starts2 = run.rises("P2_CMD")
        #expect(starts1.count >= 2 && starts2.count >= 1)
        #expect(starts1[0] < starts2[0] && starts2[0] < starts1[1])
        for start in starts1 { #expect(abs(run.value("LT1", at: Double(start) * 1e-9) - 2) < 0.03) }
        for stop in run.falls("P1_CMD") { #expect(abs(run.value("LT1", at: Double(stop) * 1e-9) - 1) < 0.03) }
    }

    @Test func `the auxiliary contact follows the command by what the contactor takes`() {
        let run = StationRun(seconds: 300)
        #expect(run.rises("P1_CMD").count == run.rises("P1_FB").count)
        for (command, feedback) in zip(run.rises("P1_CMD"), run.rises("P1_FB")) {
            // 18 ms, 1.2 ms of wear and 2 ms of the auxiliary contact, 10 % either way.
            #expect((19_000_000...23_500_000).contains(feedback - command))
        }
        for (command, feedback) in zip(run.falls("P1_CMD"), run.falls("P1_FB")) {
            #expect((9_000_000...11_000_000).contains(feedback - command))
        }
    }

    @Test func `a motor draws its starting current, then what its load takes`() throws {
        let run = StationRun(seconds: 60)
        let start = try #require(run.rises("P1_FB").first)
        let current = run.curve("P1_I").filter { $0.time >= start && $0.time < start + 60_000_000_000 }
        #expect(abs(current.map(\.value).max()! - 132) < 0.001)
        let settled = run.value("P1_I", at: Double(start) * 1e-9 + 15)
        #expect(settled > 18 && settled < 23)
        #expect(run.curve("P2_I").allSatisfy { $0.value == 0 })
    }

    @Test func `each pulse stands where the integral of the flow passes its volume`() {
        let run = StationRun(seconds: 120)
        let flow = run.curve("FT1")
        var volume = 0.0
        var expected: [UInt64] = []
        for knot in flow.dropFirst() {
            let step = max(0, knot.value) * 0.02
            while Double(expected.count + 1) * 0.01 <= volume + step {
                let share = (Double(expected.count + 1) * 0.01 - volume) / step
                expected.append(knot.time - 20_000_000 + UInt64(share * 20_000_000))
            }
            volume += step
        }
        let pulses = run.rises("FLOW_PULSE")
        #expect(pulses.count == expected.count && pulses.count > 200)
        for (pulse, time) in zip(pulses, expected) { #expect(abs(Int64(pulse) - Int64(time)) < 1_000) }
        for (rise, fall) in zip(pulses, run.falls("FLOW_PULSE")) { #expect(fall - rise == 50_000_000) }
    }

    @Test func `the PLC writes at a scan's end what it read at its beginning`() {
        var parameters = PumpStation.quick
        parameters.plc.execution = .milliseconds(4)
        let still = StationRun(parameters, seconds: 300)
        for edge in still.edges("P1_CMD") { #expect(edge.time % 20_000_000 == 4_000_000) }
        parameters.plc.jitter = .milliseconds(5)
        let jittery = StationRun(parameters, seconds: 300)
        let phases = Set(jittery.edges("P1_CMD").map { $0.time % 20_000_000 })
        #expect(phases.count > 1 && phases.allSatisfy { (4_000_000...9_000_000).contains($0) })
    }

    @Test func `how far each advance goes changes nothing`() {
        let whole = StationRun(seconds: 100)
        var parts = StationRun()
        var time: UInt64 = 0
        var random = Random(seed: 5, stream: "parts")
        while time < 100_000_000_000 {
            time = min(100_000_000_000, time + random.below(700_000_000))
            parts.plant.advance(to: Timestamp(nanoseconds: time))
            #expect(parts.plant.signals.horizon.nanoseconds == time / 20_000_000 * 20_000_000)
            parts.takeNotes()
        }
        #expect(parts.digest() == whole.digest())
        #expect(parts.claims == whole.claims)
        #expect(parts.labels == whole.labels)
    }

    /// Pinned: the same on every machine and in every build.
    @Test func `a run is a function of its seed`() {
        let run = StationRun(seed: 7, seconds: 120)
        #expect(run.digest() == StationRun(seed: 7, seconds: 120).digest())
        #expect(run.digest() != StationRun(seed: 8, seconds: 120).digest())
        #expect(run.digest() == 8_747_922_928_643_361_226)
    }
}
