import TapCore
import Testing

@testable import TapConfig

@Suite struct WireAttackTests {
    private static let wires = """
        lines: [{name: A, wave: square, period: 1s}]
        converters: [{name: c, rate: 10, channels: [{name: v, unit: V, range: [0, 10], wave: dc, value: 5}]}]

        """

    /// The attack's map begins at 6:11.
    private func scenario(_ attack: String) throws(ConfigurationErrors) -> Scenario {
        try ScenarioFile.parse(
            Minimal.scenario + Self.wires + "attacks: [{aim: misled-operator, \(attack)}]\n", file: "s.yaml")
    }

    private func mistakes(_ attack: String) -> [String] {
        do throws(ConfigurationErrors) {
            _ = try scenario(attack)
            return []
        } catch { return error.mistakes.map(\.description) }
    }

    @Test(arguments: [
        ("variant: stuck, level: high", DigitalWave.Effect.stuck(isHigh: true), "is held high"),
        ("variant: inverted", .inverted, "shows the opposite"),
        ("variant: delayed, by: 1500ms", .delayed(.milliseconds(1_500)), "comes 1.5 s late"),
        (
            "variant: replaced, of: {wave: constant}", .replaced(.constant(isHigh: false)),
            "shows another wave than its own"
        ),
    ])
    func `an attack on a line alters its wave and is a label`(
        _ text: String, _ effect: DigitalWave.Effect, _ truth: String
    ) throws {
        let scenario = try scenario("line: A, from: 2s, for: 3s, \(text)")
        let square = DigitalWave.pulses(PulseTrain(period: .seconds(1), width: .milliseconds(500)))
        #expect(
            scenario.lines[0].wave
                == .altered(square, [Alteration(from: .seconds(2), to: .seconds(5), effect)]))
        let variant = text.split(separator: " ")[1].prefix { $0 != "," }
        #expect(
            scenario.labels == [
                Label(
                    kind: .attack, name: "misled-operator/\(variant)", from: .zero + .seconds(2),
                    to: .zero + .seconds(5), truth: "line A \(truth)")
            ])
        #expect(scenario.attacks.isEmpty)
    }

    @Test(arguments: [
        ("variant: stuck, value: 4", AnalogWave.Effect.stuck(4), "stays at 4 V"),
        ("variant: bias, strength: -0.5", .biased(by: -0.5), "shows its value with -0.5 V added"),
        ("variant: scaling, strength: 0.8", .scaled(by: 0.8), "shows its value times 0.8"),
        ("variant: delayed, by: 2s", .delayed(.seconds(2)), "comes 2 s late"),
        ("variant: replaced, of: {wave: dc, value: 1}", .replaced(.constant(1)), "shows another wave than its own"),
    ])
    func `an attack on a channel alters its wave and is a label`(
        _ text: String, _ effect: AnalogWave.Effect, _ truth: String
    ) throws {
        let scenario = try scenario("channel: c.v, from: 2s, \(text)")
        #expect(
            scenario.converters[0].channels[0].wave
                == .altered(.constant(5), [Alteration(from: .seconds(2), to: nil, effect)]))
        #expect(scenario.labels.map(\.truth) == ["channel c.v \(truth)"])
        #expect(scenario.labels.map(\.to) == [.distantFuture])
    }

    @Test(arguments: [
        (
            "variant: stuck, line: B, level: low, from: 1s",
            "s.yaml:6:56: the scenario has no line 'B': write A"
        ),
        (
            "variant: stuck, line: A, from: 1s",
            "s.yaml:6:11: key 'level' is missing in an attack on a wire: add 'level: low'"
        ),
        (
            "variant: bias, line: A, from: 1s",
            "s.yaml:6:43: variant 'bias' is not known: write stuck, inverted, delayed or replaced"
        ),
        (
            "variant: inverted, line: A, from: 1s, by: 1s",
            "s.yaml:6:72: key 'by' is not allowed here, because inverted on a line has none: delete it"
        ),
        (
            "variant: inverted, line: A, from: 1s}, {aim: misled-operator, variant: inverted, line: A, from: 9s",
            "s.yaml:6:73: two attacks on line 'A' meet, the other is at 6:11: write times that do not overlap"
        ),
        (
            "variant: replaced, channel: c.v, from: 1s, of: {wave: dc, value: 1, unit: A}",
            "s.yaml:6:108: unit is A, but that of the channel is V: write V"
        ),
        (
            "variant: stuck, from: 1s",
            "s.yaml:6:11: the attack names no line, channel or claim, and there is no plant to attack: add 'line: NAME'"
        ),
    ])
    func `what makes no attack is reported`(_ text: String, _ expected: String) {
        #expect(mistakes(text) == [expected])
    }

    private static let claims = """
        claims: [{tag: RUN, of: {wave: constant}, every: 1s}, {tag: V, unit: V, of: {wave: dc, value: 5}, every: 2s}]

        """

    @Test(arguments: [
        ("claim: RUN, variant: stuck, level: high", "claim RUN is held high"),
        ("claim: RUN, variant: inverted", "claim RUN shows the opposite"),
        ("claim: V, variant: stuck, value: 4", "claim V stays at 4 V"),
        ("claim: V, variant: delayed, by: 700ms", "claim V comes 0.7 s late"),
    ])
    func `an attack on a claim alters its wave and is a label`(_ text: String, _ truth: String) throws {
        let text = Self.wires + Self.claims + "attacks: [{aim: misled-operator, from: 1s, \(text)}]\n"
        let scenario = try ScenarioFile.parse(Minimal.scenario + text, file: "s.yaml")
        #expect(scenario.labels.map(\.truth) == [truth])
        #expect(scenario.claimed.map(\.tag) == ["RUN", "V"])
        #expect(scenario.claimed.map(\.unit) == ["", "V"])
        #expect(scenario.claimed.map(\.every) == [.seconds(1), .seconds(2)])
        let altered = scenario.claimed.map { claim in
            switch claim.wave {
            case .digital(.altered), .analog(.altered): true
            default: false
            }
        }
        #expect(altered == [truth.contains("RUN"), truth.contains("claim V")])
    }

    @Test(arguments: [
        ("claims: [{tag: A, of: {wave: constant}}]\n", "6:10: key 'every' is missing in a claim: add 'every: 1s'"),
        (
            "claims: [{tag: A, of: {wave: dc, value: 1, unit: A}, unit: V, every: 1s}]\n",
            "6:60: unit is V, but the wave is in A, as 6:50 says: write A"
        ),
        (
            WireAttackTests.claims + "attacks: [{aim: misled-operator, variant: bias, claim: RUN, from: 1s}]\n",
            "7:43: variant 'bias' is not known: write stuck, inverted, delayed or replaced"
        ),
        (
            WireAttackTests.claims + "attacks: [{aim: misled-operator, variant: inverted, claim: Q, from: 1s}]\n",
            "7:60: the scenario has no claim 'Q': write V or RUN"
        ),
        (
            "claims: [{tag: A, of: {wave: constant}, every: 1s}, {tag: A, of: {wave: constant}, every: 1s}]\n",
            "6:59: tag 'A' is given twice, first at 6:16: write another name"
        ),
    ])
    func `what makes no claim is reported`(_ text: String, _ expected: String) {
        #expect(scenarioMistakes(Self.wires + text) == ["s.yaml:" + expected])
    }

    @Test func `labels say what is true of a span`() throws {
        let text = """
            labels:
              - {name: night, from: 1s, to: 3s, truth: nobody is there}
              - {name: dust, kind: fault, from: 0s, truth: "the lens is dirty"}

            """
        let scenario = try ScenarioFile.parse(Minimal.scenario + Self.wires + text, file: "s.yaml")
        #expect(
            scenario.labels == [
                Label(
                    kind: .operation, name: "night", from: .zero + .seconds(1), to: .zero + .seconds(3),
                    truth: "nobody is there"),
                Label(kind: .fault, name: "dust", from: .zero, to: .distantFuture, truth: "the lens is dirty"),
            ])
    }

    @Test func `a label needs its truth`() {
        #expect(
            scenarioMistakes(Self.wires + "labels: [{name: night, from: 1s}]\n") == [
                "s.yaml:6:10: key 'truth' is missing in a label: add 'truth: nobody is there'"
            ])
    }
}
