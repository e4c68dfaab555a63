import TapConfig
import TapCore
import Testing

@testable import TapSim

@Suite struct BatchPlantTests {
    /// A batch from order to empty vessel.
    private static let batch = {
        var run = BatchRun()
        run.advance(until: .drain)
        run.advance(until: .idle)
        return run
    }()

    @Test func `what is filled and dosed and does not drain stands in the vessel`() {
        let vessel = Self.batch.plant.vessel
        #expect(vessel.filled_kg > 400 && vessel.dosed_kg > 0.3 && vessel.drained_kg > 400)
        #expect(vessel.spilled_kg == 0)
        #expect(abs(vessel.filled_kg + vessel.dosed_kg - vessel.drained_kg - vessel.mass_kg) < 1e-9)
    }

    @Test func `a batch goes through its steps in order`() {
        var steps: [Claim.Value] = []
        for claim in Self.batch.claims("STEP") where claim.value != steps.last { steps.append(claim.value) }
        let expected = ["idle", "fill", "dilute", "agitate", "heat", "dose", "hold", "drain"]
        #expect(steps.prefix(8) == expected.map { Claim.Value.text(ShortText($0)) }[...])
        #expect(Self.batch.plant.plc.program.batches == 1)
    }

    @Test(arguments: [
        // Hydrochloric acid, water, sodium hydroxide.
        (-0.01, 0.0, 4.76, 2.0), (0, 0, 4.76, 7), (0.01, 0, 4.76, 12),
        // Acetic acid, half neutralised, and its salt.
        (0, 0.1, 4.76, 2.883), (0.05, 0.1, 4.76, 4.760), (0.1, 0.1, 4.76, 8.880),
    ])
    func `the titration curve goes through known points`(
        _ strong: Double, _ buffer: Double, _ pKa: Double, _ expected: Double
    ) {
        #expect(abs(Titration(pKa: pKa).pH(strong: strong, buffer: buffer) - expected) < 0.001)
    }

    @Test func `the titration curve is the inverse of the charge balance and rises`() {
        let titration = Titration(pKa: 6.4)
        var last = 0.0
        for tenth in 15...130 {
            let pH = Double(tenth) / 10
            let found = titration.pH(strong: titration.strong(pH: pH, buffer: 0.03), buffer: 0.03)
            #expect(abs(found - pH) < 1e-9)
            #expect(found > last)
            last = found
        }
    }

    @Test(arguments: 1...3) func `a valve travels from one end to the other and is never at both`(_ valve: Int) {
        let run = Self.batch
        let travel = Double([4_200, 3_600, 5_400][valve - 1]) * 1e-3
        let command = run.rises("XV\(valve)_OPEN_CMD")[0]
        let leaves = run.falls("XV\(valve)_ZSC")[0]
        let arrives = run.rises("XV\(valve)_ZSO")[0]
        #expect((0.15...0.7).contains(Double(leaves - command) * 1e-9))
        // From 4.5 % to 97 % of its way, 3 % either way.
        #expect(abs(Double(arrives - leaves) * 1e-9 / (travel * 0.925) - 1) < 0.031)
        let closes = run.falls("XV\(valve)_OPEN_CMD")[0]
        let gone = run.falls("XV\(valve)_ZSO")[0]
        let back = run.rises("XV\(valve)_ZSC")[0]
        #expect(closes < gone && gone < back)
        #expect(abs(Double(back - gone) * 1e-9 / (travel * 0.9 * 0.925) - 1) < 0.031)
    }

    @Test func `strokes are counted, spaced, and weigh what is dosed`() {
        let run = Self.batch
        let strokes = run.rises("DOSE_STEP")
        #expect(strokes.count == run.plant.strokes && strokes.count > 100)
        for (one, next) in zip(strokes, strokes.dropFirst()) { #expect(next - one >= 333_000_000) }
        for (rise, fall) in zip(strokes, run.falls("DOSE_STEP")) { #expect(fall - rise == 100_000_000) }
        let nominal = Double(strokes.count) * 1.2e-3 * 1.53
        #expect(abs(run.plant.vessel.dosed_kg / nominal - 1) < 0.03)
        #expect(abs(run.plant.pumped_kg - run.plant.vessel.dosed_kg) < 1e-9)
    }

    @Test func `the dosing line gives what was put in after its dead time`() {
        var line = DosingLine(steps: 80)
        line.put(1.2)
        let arrives = (0..<200).map { _ in line.step() }
        #expect(arrives.firstIndex { $0 > 0 } == 79)
        #expect(arrives.reduce(0, +) == 1.2)
        #expect(line.held_ml == 0)
    }

    @Test func `the heater fires whole cycles of the mains, and its current follows at a crossing`() {
        let run = Self.batch
        let rises = run.rises("HEAT_PWM")
        #expect(rises.count > 20)
        for rise in rises { #expect(rise % 2_000_000_000 == 0) }
        let current = run.curve("HEAT_I").filter { $0.value > 0 }
        #expect(current.allSatisfy { abs($0.value / 91.2 - 1) <= 0.0151 })
        let first = current.first!.time
        #expect((2_000_000...12_000_001).contains(first - rises[0]))
    }

    @Test func `pH comes to its target and not far beyond`() {
        let target = Recipe.all[3].target_pH
        let held = Self.held("PH")
        #expect(held.count > 200)
        for (_, truth) in held.suffix(100) {
            guard case .number(let pH)? = truth else { return #expect(Bool(false)) }
            #expect(abs(pH - target) < 0.25)
        }
    }

    /// What the screen says of a tag while the batch is held.
    private static func held(_ tag: String) -> [(claim: Claim, truth: Claim.Value?)] {
        zip(zip(batch.claims(tag), batch.truths(tag)), batch.claims("STEP"))
            .filter { $1.value == .text(ShortText("hold")) }.map { (claim: $0.0.0, truth: $0.0.1) }
    }

    @Test func `an honest claim is within its accuracy of what is true at rest`() {
        for tag in [BatchTag.weight, .temperature, .acidity] {
            guard let (claim, truth) = Self.held(tag.name).last, case .number(let claimed) = claim.value,
                case .number(let real)? = truth
            else {
                Issue.record("\(tag.name) is no number")
                continue
            }
            #expect(abs(claimed - real) <= tag.accuracy, "\(tag.name)")
        }
    }

    @Test func `each claim comes with its truth, and without an attack they are of one kind`() {
        for (claim, truth) in zip(Self.batch.claims, Self.batch.truths) {
            switch (claim.value, truth) {
            case (.bool, .bool), (.number, .number), (.text, .text): break
            default: Issue.record("\(Self.batch.name(of: claim)): \(String(describing: truth))")
            }
        }
    }

    @Test func `how far each advance goes changes nothing`() {
        let whole = BatchRun(seconds: 600)
        var parts = BatchRun()
        var time: UInt64 = 0
        var random = Random(seed: 5, stream: "parts")
        while time < 600_000_000_000 {
            time = min(600_000_000_000, time + random.below(7_000_000_000))
            parts.plant.advance(to: Timestamp(nanoseconds: time))
            #expect(parts.plant.signals.horizon.nanoseconds == time / 50_000_000 * 50_000_000)
            parts.takeNotes()
        }
        #expect(parts.digest() == whole.digest())
        #expect(parts.claims == whole.claims)
        #expect(parts.labels == whole.labels)
    }

    @Test func `a run is a function of its seed`() {
        let digest = BatchRun(seed: 7, seconds: 300).digest()
        #expect(digest == BatchRun(seed: 7, seconds: 300).digest())
        #expect(digest != BatchRun(seed: 8, seconds: 300).digest())
    }
}
