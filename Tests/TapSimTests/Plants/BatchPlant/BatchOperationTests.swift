import TapConfig
import TapCore
import Testing

@testable import TapSim

@Suite struct BatchOperationTests {
    @Test
    func `an inlet that sticks open is shut by hand by whoever comes, so that the vessel does not overflow for hours`()
    {
        var parameters = BatchPlant.quick
        parameters.vessel.waste_kgps = 1.6
        // While XV1 is open, and for an hour.
        parameters = parameters.with(.valveStuck, at: 150, for: 3_600, valve: 1)
        var run = BatchRun(parameters)
        run.advance(to: 1_500)
        #expect(run.truth("ALM_XV1") == .bool(true))
        #expect(run.plant.isShutByHand.0)
        let spilled = run.plant.vessel.spilled_kg
        run.advance(to: 2_000)
        #expect(run.plant.vessel.spilled_kg == spilled)
    }

    @Test func `a valve stuck half way is at neither end until it is free again`() {
        var run = BatchRun(.quick.with(.valveStuck, at: 0, for: 900, valve: 1))
        run.advance(until: .fill)
        let start = run.seconds
        run.advance(to: start + 15)
        #expect(run.rises("XV1_ZSO").isEmpty && run.falls("XV1_ZSC").count == 1)
        #expect(run.plant.valves[0].position == 0.5)
        #expect(run.shown("ALM_XV1") == .bool(true))
        #expect(run.labels.contains { $0.kind == .fault && $0.name == "valve-stuck" })
    }

    @Test func `an emergency stop takes valves, agitator and heater without the PLC, until somebody resets it`() {
        var run = BatchRun(.quick.with(.estopTest, at: 600, for: 30))
        run.advance(to: 601)
        #expect(run.falls("ESTOP") == [600_000_000_000])
        #expect(run.plant.agitates == false)
        run.advance(to: 640)
        #expect(run.rises("ESTOP") == [630_000_000_000])
        #expect(run.shown("ALM_ESTOP") == .bool(true))
        run.advance(to: 1_600)
        #expect(run.shown("ALM_ESTOP") == .bool(false))
    }

    @Test func `a supply dip takes every contact with it, and the batch goes on afterwards`() {
        var run = BatchRun(.quick.with(.supplyDip, at: 100, for: 2))
        run.advance(to: 101)
        for name in ["XV1_ZSC", "XV2_ZSC", "XV3_ZSC", "ESTOP", "SUPPLY_OK"] {
            #expect(run.falls(name) == [100_000_000_000], "\(name)")
        }
        run.advance(to: 103)
        #expect(run.rises("XV1_ZSC") == [102_000_000_000])
        #expect(run.plant.plc.program.hasAlarm == false)
    }

    @Test func `a calibrated probe has no drift, and its value is held meanwhile`() {
        var run = BatchRun(.quick.with(.probeCalibration, at: 20, for: 160))
        run.advance(to: 130)
        #expect(abs(run.curve("AIT1").last!.value - 4.01) < 0.1)
        guard case .number(let held)? = run.shown("PH") else { return #expect(Bool(false)) }
        #expect(abs(held - 7) < 0.1)
        #expect(run.shown("MODE") == .text(ShortText("maintenance")))
        run.advance(to: 200)
        #expect(abs(run.plant.probe.pH - run.plant.vessel.pH) < 0.05 || run.plant.plc.program.step != .idle)
    }

    @Test func `air in the pump gives strokes without weight`() {
        var run = BatchRun(.quick.with(.dosingAir, at: 0, for: 3_000))
        run.advance(until: .dose)
        run.advance(to: run.seconds + 60)
        let nominal = Double(run.plant.strokes) * 1.2e-3 * 1.53
        #expect(run.plant.strokes > 100)
        #expect(abs(run.plant.pumped_kg / nominal - 0.2) < 0.02)
    }

    @Test func `an open element leaves two thirds of the current`() {
        let run = BatchRun(
            .quick.with(.elementOpen, at: 0, for: 300),
            attacks: [
                Attack(BatchAttack.heatRaised, from: .seconds(10), to: nil)
            ], seconds: 60)
        let current = run.curve("HEAT_I").map(\.value).max() ?? 0
        #expect(abs(current / 60.8 - 1) < 0.016)
    }

    @Test func `a stopped PLC drops its outputs, and a restarted batch waits for a person`() {
        var run = BatchRun(.quick.with(.programDownload, at: 560, for: 20))
        run.advance(to: 559)
        let step = run.plant.plc.program.step
        #expect(step != .idle)
        run.advance(to: 570)
        #expect(run.shown("PLC_COMM") == .bool(false))
        #expect(run.line("AGIT_CMD").transitions.last?.isHigh != true)
        run.advance(to: 585)
        #expect(run.plant.plc.program.isRestarted)
        run.advance(to: 585 + 740)
        #expect(run.plant.plc.program.isRestarted == false)
    }
}
