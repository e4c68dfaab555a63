import TapConfig
import TapCore
import Testing

@testable import TapSim

/// Scenarios with plants, as files have them.
@Suite struct PlantScenarioTests {
    /// The scenarios that come with tap.
    private static let folder = #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 } + "/scenarios"

    private static var paths: [String] {
        ["", "attacks/"].flatMap { below in
            SystemFile.names(in: "\(folder)/\(below)", suffix: ".yaml").map { "\(folder)/\(below)\($0)" }
        }
    }

    @Test func `scenarios of each sort come with tap`() {
        #expect(Self.paths.contains("\(Self.folder)/waveforms.yaml"))
        #expect(Self.paths.count > 10)
    }

    @Test(arguments: paths)
    func `every scenario loads and is named like its file`(path: String) throws {
        let scenario = try Scenario.load(path: path)
        #expect("\(scenario.name).yaml" == path.split(separator: "/").last.map(String.init))
        #expect(!scenario.title.isEmpty)
        #expect(scenario.duration != nil)
    }

    @Test func `kinds of plants have names of their own`() {
        #expect(Set(Plants.all.map(\.name)).count == Plants.all.count)
    }

    @Test(arguments: Plants.all.map(\.name))
    func `a plant without wires has its own, and every signal that they carry`(kind: String) throws {
        let text = "tap-scenario: 1\nname: s\ntitle: S\nplant: {kind: \(kind)}\n"
        let scenario = try ScenarioFile.parse(text, file: "s.yaml", plants: Plants.all)
        let plant = try #require(scenario.plant)
        #expect(scenario.lines == plant.defaultLines && !scenario.lines.isEmpty)
        #expect(scenario.converters == plant.defaultConverters)
        let signals = try #require(scenario.makePlant()).signals
        #expect(signals.digital.map(\.name) == plant.digitalSignals)
        #expect(signals.analog.map(\.name) == plant.analogSignals.map(\.name))
        #expect(signals.analog.map(\.unit) == plant.analogSignals.map(\.unit))
        // Made of them: it traps at a signal that the plant does not have.
        #expect(SimSource(scenario, plant: scenario.makePlant()).info.lines.count == scenario.lines.count)
    }

    @Test(arguments: Plants.all.map(\.name))
    func `the truth about an attack says what the attack says, and no more`(kind: String) throws {
        let text = "tap-scenario: 1\nname: s\ntitle: S\nplant: {kind: \(kind)}\n"
        let kinds = try #require(ScenarioFile.parse(text, file: "s.yaml", plants: Plants.all).plant).attackKinds
        #expect(Set(kinds.map(\.name)).count == kinds.count)
        for kind in kinds {
            #expect(kind.truth.contains("{value}") == kind.hasValue)
            #expect(!kind.truth.contains("{strength}") || kind.strength != nil)
            #expect(!kind.truth.contains("{span}") || kind.span != nil)
            #expect(!Attack(kind, from: .zero, to: nil).truth.contains("{"))
        }
    }
}
