import TapConfig
import TapCore
import Testing

@testable import TapSim

/// Attacks on the quick plant, most of them from before its one batch begins.
@Suite struct BatchAttackTests {
    private static func attack(
        _ variant: BatchAttack, target: String? = nil, value: Bool = false, strength: Double? = nil,
        from: Int64 = 20, to: Int64? = nil
    ) -> Attack {
        Attack(
            variant, from: .seconds(from), to: to.map { .seconds($0) }, target: target, value: value,
            strength: strength, span: variant == .replay ? .seconds(15) : nil)
    }

    /// Until the batch has come to a step.
    private static func run(_ attacks: Attack..., until step: BatchStep) -> BatchRun {
        var run = BatchRun(attacks: attacks)
        run.advance(until: step)
        return run
    }

    private static let clean = run(until: .drain)

    @Test(arguments: BatchAttack.allCases)
    func `nothing differs before an attack begins, and a label says when it is`(_ variant: BatchAttack) {
        let clean = BatchRun(seconds: 20)
        var attacked = BatchRun(attacks: [Self.attack(variant, value: true)], seconds: 20)
        #expect(attacked.digest() == clean.digest())
        #expect(attacked.claims == clean.claims)
        #expect(attacked.labels == clean.labels)
        attacked.advance(to: 21)
        let label = attacked.labels.last
        #expect(label?.kind == .attack)
        #expect(label?.name == "\(variant.kind.aim.rawValue)/\(variant.rawValue)")
        #expect(label?.from.nanoseconds == 20_000_000_000)
    }

    @Test(arguments: [
        (BatchAttack.bias, "WEIGHT"), (.scaling, "PH"), (.strokeVolume, "DOSED"), (.alarmSwallowed, "ALM_PH"),
    ])
    func `a false report changes the claims of its tag and nothing on the wires`(
        _ variant: BatchAttack, _ target: String
    ) {
        let clean = Self.clean
        var attacked = BatchRun(attacks: [Self.attack(variant, target: target)])
        attacked.advance(to: clean.seconds)
        #expect(attacked.digest(without: ["RS485"]) == clean.digest(without: ["RS485"]))
        func others(_ run: BatchRun) -> [Claim] { run.claims.filter { run.name(of: $0) != target } }
        #expect(others(attacked) == others(clean))
        #expect(attacked.truths(target) == clean.truths(target))
        if variant != .alarmSwallowed {
            #expect(attacked.claims(target) != clean.claims(target))
        }
    }

    @Test func `a stroke's volume falsified is not what the strokes weigh`() throws {
        let run = Self.run(Self.attack(.strokeVolume), until: .hold)
        guard case .number(let claimed)? = run.shown("DOSED"), case .number(let strokes)? = run.shown("STROKES") else {
            return #expect(Bool(false))
        }
        #expect(abs(claimed / (strokes * 1.2e-3 * 1.53) - 0.8) < 0.01)
    }

    @Test func `a recipe's excess gives a twentieth more strokes`() {
        let clean = Self.run(until: .hold)
        let attacked = Self.run(Self.attack(.recipeExcess), until: .hold)
        let share = Double(attacked.plant.strokes) / Double(clean.plant.strokes)
        #expect(abs(share - 1.05) < 0.005)
        #expect(attacked.shown("SP_EXCESS") == .number(5))
        #expect(attacked.truth("SP_EXCESS") == .number(0))
    }

    @Test func `with its steps reordered, the program doses before the agitator runs`() {
        let run = Self.run(Self.attack(.stepsReordered), until: .agitate)
        #expect(run.plant.strokes > 0)
        #expect(run.rises("AGIT_CMD").last.map { $0 > run.rises("DOSE_STEP")[0] } ?? true)
    }

    @Test func `the drain opened while filling stops the program, which finds it`() {
        var run = BatchRun(attacks: [Self.attack(.drainOpened)])
        run.advance(until: .fill)
        run.advance(to: run.seconds + 20)
        #expect(run.rises("XV3_ZSO").count == 1)
        #expect(run.shown("XV3_CMD") == .bool(false))
        #expect(run.shown("ALM_XV3") == .bool(true))
    }

    @Test func `a stopped agitator is reported as running, and what is dosed is not mixed`() {
        let run = Self.run(Self.attack(.agitatorStopped), until: .dose)
        var later = run
        later.advance(to: run.seconds + 60)
        #expect(later.rises("AGIT_FB").isEmpty)
        #expect(later.shown("AGIT_RUN") == .bool(true))
        #expect(later.truth("AGIT_RUN") == .bool(false))
        #expect(later.plant.vessel.streak_mol > 0.5 * later.plant.vessel.dosed_kg / 1.53 * 19.1)
    }

    @Test func `pH biased at the input makes the loop overdose, and the report follows the input`() {
        let clean = Self.run(until: .hold)
        let run = Self.run(Self.attack(.inputBias, target: "AIT1", strength: -0.6), until: .hold)
        #expect(run.plant.vessel.pH - clean.plant.vessel.pH > 0.4)
        guard case .number(let claimed)? = run.shown("PH") else { return #expect(Bool(false)) }
        #expect(abs(claimed - 7) < 0.2)
    }

    @Test func `the hardwired level stops filling whatever the PLC commands, and bridged it does not`() {
        let forced = Self.attack(.outputForced, target: "XV1_OPEN_CMD", value: true)
        let stopped = BatchRun(attacks: [forced], seconds: 150)
        #expect(stopped.rises("LSHH").count == 1)
        #expect(stopped.plant.vessel.mass_kg < 560)
        #expect(stopped.line("XV1_OPEN_CMD").transitions.last?.isHigh == true)
        #expect(stopped.rises("XV1_ZSC").count == 1)
        let bridged = BatchRun(attacks: [forced, Self.attack(.interlockBridged, target: "LSHH")], seconds: 150)
        #expect(bridged.edges("LSHH").isEmpty)
        #expect(abs(bridged.plant.vessel.mass_kg - 600) < 1e-6)
        #expect(bridged.plant.vessel.spilled_kg > 100)
        #expect(bridged.shown("ALM_LSHH") == .bool(false))
        #expect(bridged.truth("ALM_LSHH") == .bool(true))
    }

    @Test func `a valve claimed open is closed`() {
        let run = BatchRun(attacks: [Self.attack(.valveLies, target: "XV1_OPEN")], seconds: 25)
        #expect(run.shown("XV1_OPEN") == .bool(true))
        #expect(run.shown("XV1_CLOSED") == .bool(false))
        #expect(run.truth("XV1_OPEN") == .bool(false))
        #expect(run.edges("XV1_ZSC").isEmpty)
    }

    @Test func `raised heat is not on the screen`() {
        let run = BatchRun(attacks: [Self.attack(.heatRaised)], seconds: 60)
        #expect(run.rises("HEAT_PWM").count == 19)
        #expect(run.shown("HEAT_DUTY") == .number(0))
        guard case .number(let current)? = run.shown("HEAT_CURRENT") else { return #expect(Bool(false)) }
        #expect(abs(current) < 1)
        let shown = Set(run.claims("TEMPERATURE").suffix(30).map(\.value))
        #expect(shown.count == 1)
    }

    @Test func `a replay repeats old reports while an output is forced`() {
        let run = BatchRun(
            attacks: [Self.attack(.replay, target: "AGIT_CMD", value: true, from: 30)], seconds: 60)
        #expect(run.rises("AGIT_FB").count == 1)
        #expect(run.shown("AGIT_RUN") == .bool(false))
        let weights = run.claims("WEIGHT").map(\.value)
        #expect(
            weights.suffix(10) == weights.dropLast(15).suffix(10)
                || weights.suffix(10) == weights.dropLast(14).suffix(10))
    }

    @Test func `a denied view leaves the screen without answers`() {
        let run = BatchRun(attacks: [Self.attack(.viewDenied)], seconds: 30)
        #expect(run.shown("PLC_COMM") == .bool(false))
        #expect(run.claims("WEIGHT").allSatisfy { $0.time.nanoseconds < 20_500_000_000 })
    }
}
