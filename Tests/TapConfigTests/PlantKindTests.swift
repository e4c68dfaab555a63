import TapCore
import Testing

@testable import TapConfig

/// A conveyor, as a plant that this module does not know.
private struct Conveyor: PlantDescription {
    var speed_mps = 0.5

    let digitalSignals = ["RUN", "JAM"]
    let analogSignals = [(name: "SPEED", unit: "m/s")]
    let defaultLines = [ScenarioLine(name: "RUN", words: "signal", wave: .signal("RUN"))]
    let defaultConverters: [Converter] = []
    let attackKinds = [
        AttackKind(
            "stopped", aim: .modifiedControl, at: .plcOutput, targets: ["RUN"], hasValue: true,
            strength: .init(0.5, in: 0...1), span: .init("ramp", .seconds(2), in: .seconds(1) ... .seconds(9)),
            techniques: ["T0831"], truth: "{target} is {value} by {strength} within {span}")
    ]

    func makePlant(seed: UInt64, attacks: [Attack]) -> any Plant { Still() }
}

/// A machine that does nothing.
private struct Still: Plant {
    var signals = Signals()
    let tags: [TagInfo] = []
    mutating func advance(to time: Timestamp) { signals.advance(to: time) }
    mutating func takeNotes() -> [PlantNote] { [] }
}

private struct ConveyorReader: DocumentReader {
    let mistakes: MistakeList
    func conveyor(_ fields: Fields) -> Conveyor { Conveyor(speed_mps: size("speed-mps", fields) ?? 0.5) }
}

private let kinds = [
    PlantKind("conveyor", keys: ["speed-mps"]) { ConveyorReader(mistakes: $1).conveyor($0) },
    PlantKind("lamp", keys: ["watts"]) { _, _ in Conveyor() },
]

/// What is made of a scenario with this plant; it stands in line 4.
private func scenario(_ text: String) throws(ConfigurationErrors) -> Scenario {
    try ScenarioFile.parse(Minimal.scenario + "plant: " + text + "\n", file: "s.yaml", plants: kinds)
}

private func mistakes(_ text: String) -> [String] {
    do throws(ConfigurationErrors) {
        _ = try scenario(text)
        return []
    } catch { return error.mistakes.map(\.description) }
}

@Suite struct PlantKindTests {
    @Test func `a plant of a kind that was passed in is read by that kind`() throws {
        let read = try scenario("{kind: conveyor, speed-mps: 2}")
        #expect((read.plant as? Conveyor)?.speed_mps == 2)
        #expect(read.lines == Conveyor().defaultLines)
    }

    @Test func `each kind has keys of its own`() {
        #expect(
            mistakes("{kind: lamp, speed-mps: 2}") == [
                "s.yaml:4:21: unknown key 'speed-mps' in a plant: its keys are kind, watts"
            ])
    }

    @Test func `a plant of another kind is refused`() {
        #expect(
            mistakes("{kind: reactor}\nlines: [{name: A, wave: signal, signal: X}]\nattacks: [{}]") == [
                "s.yaml:4:15: kind 'reactor' is not known: write conveyor or lamp"
            ])
    }

    @Test func `a plant without a kind is refused`() {
        #expect(
            mistakes("{watts: 5}") == ["s.yaml:4:8: key 'kind' is missing in a plant: add 'kind: conveyor'"])
    }

    @Test func `signals are those of the plant`() throws {
        #expect(
            mistakes("{kind: conveyor}\nlines: [{name: A, wave: signal, signal: JAMS}]") == [
                "s.yaml:5:41: the plant has no digital signal 'JAMS': write JAM or RUN"
            ])
        let channel = "{name: v, unit: m/s, range: [0, 1], wave: signal, signal: SPEED}"
        let read = try scenario("{kind: conveyor}\nconverters: [{name: c, rate: 1, channels: [\(channel)]}]")
        #expect(read.converters[0].channels[0].wave == .signal("SPEED"))
    }

    @Test func `a signal needs a plant`() {
        let text = Minimal.scenario + "lines: [{name: A, wave: signal, signal: JAM}]\n"
        #expect(throws: ConfigurationErrors.self) {
            try ScenarioFile.parse(text, file: "s.yaml", plants: kinds)
        }
        #expect(
            scenarioMistakes("lines: [{name: A, wave: signal, signal: JAM}]\n") == [
                "s.yaml:4:41: signal 'JAM' is of a plant, and the scenario has none: add 'plant: {kind: NAME}'"
            ])
    }

    @Test func `attacks are of the kinds that the plant lists`() throws {
        let attack = "{aim: modified-control, variant: stopped, from: 1s, value: on, ramp: 3s}"
        let read = try scenario("{kind: conveyor}\nattacks: [\(attack)]")
        #expect(
            read.attacks == [
                Attack(Conveyor().attackKinds[0], from: .seconds(1), to: nil, value: true, span: .seconds(3))
            ])
        #expect(read.attacks[0].name == "modified-control/stopped")
        #expect(read.attacks[0].truth == "RUN is on by 0.5 within 3 s")
        #expect(
            mistakes("{kind: conveyor}\nattacks: [{aim: misled-operator, variant: stopped, from: 1s, value: on}]") == [
                "s.yaml:5:43: variant stopped is not one of aim misled-operator, but of modified-control: "
                    + "write aim: modified-control"
            ])
    }
}
