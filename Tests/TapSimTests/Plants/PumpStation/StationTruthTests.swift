import TapConfig
import TapCore
import Testing

@testable import TapSim

/// What stands beside a claim, and how far an honest one is from it.
@Suite struct StationTruthTests {
    @Test func `each claim has its truth, and on a tidy station says it`() {
        let run = StationRun(seconds: 200)
        #expect(run.truths.count == run.claims.count && run.truths.allSatisfy { $0 != nil })
        // 0.1 s of water, ripple, and a count of the register.
        #expect(run.errors("LEVEL").allSatisfy { abs($0) < 0.02 })
        // A pulse is 10 l, the register counts 100 l.
        #expect(run.errors("VOLUME").allSatisfy { $0 <= 1e-9 + 0.05 && $0 > -0.07 })
        for tag in ["SP_START", "SP_STOP", "SP_LAG", "SP_HIGH", "P1_STARTS", "P2_STARTS"] {
            #expect(run.errors(tag).allSatisfy { $0 == 0 })
        }
        #expect(run.judged("P1_MODE", at: 100)?.truth == .text("auto"))
        #expect(run.judged("P1_RUN", at: 60)?.truth == .bool(true))
    }

    @Test func `a lie of the report and a forced output stand beside the truth`() throws {
        let attacks = [
            Attack(StationAttack.bias, from: .seconds(60), to: .seconds(90), target: "LEVEL", strength: 0.25),
            Attack(StationAttack.outputForced, from: .seconds(60), to: .seconds(90), target: "P1_CMD"),
        ]
        let run = StationRun(attacks: attacks, seconds: 100)
        let level = try #require(run.judged("LEVEL", at: 70))
        guard case (.number(let said), .number(let truth)?) = level else { return #expect(Bool(false)) }
        #expect(abs(said - truth - 0.25) < 0.01)
        // The program is as approved: what it says of its own command is true.
        #expect(run.judged("P1_CMD", at: 61.3)?.said == .bool(true))
        #expect(run.judged("P1_CMD", at: 61.3)?.truth == .bool(true))
        #expect(run.judged("P1_RUN", at: 61.3)?.truth == .bool(false))
    }

    @Test func `of a changed program the truth is what the approved one would hold`() {
        let command = StationRun(
            attacks: [Attack(StationAttack.commandChanged, from: .seconds(60), to: .seconds(65), target: "P1_CMD")],
            seconds: 70)
        #expect(command.judged("P1_CMD", at: 64)?.said == .bool(false))
        #expect(command.judged("P1_CMD", at: 64)?.truth == .bool(true))
        #expect(command.judged("ALM_P1_FAIL", at: 64)?.truth == .bool(false))
        let moved = StationRun(
            attacks: [Attack(StationAttack.thresholdMoved, from: .seconds(10), to: .seconds(20), strength: 1)],
            seconds: 30)
        #expect(moved.judged("SP_HIGH", at: 15)?.said == .number(4.6))
        #expect(moved.judged("SP_HIGH", at: 15)?.truth == .number(3.6))
        #expect(moved.judged("SP_HIGH", at: 25)?.said == .number(3.6))
        #expect(moved.judged("SP_HIGH", at: 25)?.truth == .number(3.6))
    }

    @Test func `what is measured twice differs, by no more than its accuracy says`() {
        var parameters = PumpStation()
        parameters.routine = .none
        parameters.well.area_m2 = 2
        parameters.inflow.mean_m3ps = 0.04
        parameters.inputs.filter = .zero
        let level = parameters.claimedSignals.first { $0.tag == "LEVEL" }?.accuracy ?? 0
        #expect(level > 0.04 && level < 0.06)
        var offsets: Set<Int> = []
        for seed in 1...4 as ClosedRange<UInt64> {
            let errors = StationRun(parameters, seed: seed, seconds: 100).errors("LEVEL")
            // What flows in within the exchange is delay, not error: 0.1 s.
            #expect(errors.allSatisfy { abs($0) < level + 0.003 })
            offsets.insert(Int((errors.reduce(0, +) / Double(errors.count) * 1_000).rounded()))
        }
        #expect(offsets.count == 4)
    }

    @Test func `an input follows its filter, and is resolved as its card does`() {
        var inputs = PumpStation.Inputs()
        (inputs.error, inputs.noise) = (0, 0)
        var random = Random(seed: 1, stream: "an input")
        var input = AnalogInput(inputs, span: 5, random: &random)
        #expect(abs(input.read(1, draw: 0) - 1) < 0.002)
        var readings = 0
        while input.read(2, draw: 0) < 1.632, readings < 1_000 { readings += 1 }
        // 63 % after one to ten seconds of 20 ms.
        #expect((49...501).contains(readings))
        (inputs.filter, inputs.resolution) = (.zero, 0.1)
        var coarse = AnalogInput(inputs, span: 5, random: &random)
        let step = coarse.read(5, draw: 0) - coarse.read(4.99, draw: 0)
        #expect(step >= 0 && step <= 0.5)
    }

    @Test func `of two pumps one is the weaker, and the meter has two outputs`() {
        let usual = PumpStation()
        for seed in 1...8 as ClosedRange<UInt64> {
            let heads = usual.drawn(seed: seed).pumps.map(\.shutOffHead_m).sorted()
            #expect(heads[1] == 22 && heads[0] > 22 * 0.9 - 1e-9 && heads[0] <= 22 * 0.97)
        }
        #expect(PumpStation.tidy.drawn(seed: 1) == PumpStation.tidy)
        var parameters = PumpStation.quick
        parameters.meter.currentError = 0.005
        let run = StationRun(parameters, seconds: 100)
        let metered = run.curve("FT1").dropFirst().reduce(0) { $0 + $1.value * 0.02 }
        let ratio = metered / run.plant.hydraulics.outflowed_m3
        #expect(abs(ratio - 1) > 0.001 && abs(ratio - 1) < 0.0051)
        parameters.meter.cutOff_m3ps = 0.01
        let cut = StationRun(parameters, seconds: 100)
        #expect(cut.curve("FT1").allSatisfy { $0.value == 0 || $0.value > 0.0099 })
    }
}
