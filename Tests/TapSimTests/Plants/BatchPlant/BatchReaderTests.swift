import TapCore
import Testing

@testable import TapConfig
@testable import TapSim

/// What is made of the text of a `plant`, and what is reported about it. It begins at line 1.
private func plant(_ text: String) -> (plant: BatchPlant?, mistakes: [String]) {
    let mistakes = MistakeList(file: "s.yaml")
    let root = YAMLTree.read(Array(text.utf8), .scenario, into: mistakes)
    let plant = root.flatMap { PlantReader(mistakes: mistakes, kinds: Plants.all).plant($0) }
    return (plant as? BatchPlant, mistakes.errors()?.mistakes.map(\.description) ?? [])
}

@Suite struct BatchReaderTests {
    @Test func `a plant of its kind alone is the usual one`() {
        let (plant, mistakes) = plant("kind: batch-plant\n")
        #expect(mistakes.isEmpty)
        #expect(plant == BatchPlant())
    }

    @Test func `each key changes what it says and nothing else`() {
        let (plant, mistakes) = plant(
            """
            kind: batch-plant
            vessel: {capacity-kg: 700, high-high-kg: 550, waste-kgps: 2}
            chemistry: {pKa: 7, probe-lag: 10s}
            dosing: {stroke-ml: 2, dead-time: 6s}
            heater: {element-A: 20}
            valves: {XV2: 5s}
            plc: {accuracy: 0.002, jitter: 1ms}
            settings: {high-alarm-pH: 10, travel-timeout: 12s}
            hmi: {period: 2s}
            routine: {orders: 4, supply-dip: 0}
            events:
              - {what: order, at: 1h, recipe: 2}
              - {what: valve-stuck, at: 2h, for: 1h, valve: 3}
            """)
        var expected = BatchPlant()
        (expected.vessel.capacity_kg, expected.vessel.highHigh_kg, expected.vessel.waste_kgps) = (700, 550, 2)
        (expected.chemistry.pKa, expected.chemistry.probeLag) = (7, .seconds(10))
        (expected.dosing.stroke_ml, expected.dosing.deadTime) = (2, .seconds(6))
        expected.heater.element_A = 20
        expected.travel[1] = .seconds(5)
        (expected.plc.accuracy, expected.plc.jitter) = (0.002, .milliseconds(1))
        (expected.plc.settings.highAlarm_pH, expected.plc.settings.travelTimeout) = (10, .seconds(12))
        expected.hmi.period = .seconds(2)
        (expected.routine.orders, expected.routine.supplyDip) = (4, 0)
        expected.events = [
            .init(what: .order, at: .seconds(3_600), duration: .seconds(1), recipe: 2),
            .init(what: .valveStuck, at: .seconds(7_200), duration: .seconds(3_600), valve: 3),
        ]
        #expect(mistakes.isEmpty)
        #expect(plant == expected)
    }

    @Test(arguments: [
        ("vessel: {high-high-kg: 650}", "s.yaml:2:9: high-high-kg is not below capacity-kg: write less than 600"),
        (
            "events: [{what: order, at: 1h, for: 1h, recipe: 1}]",
            "s.yaml:2:32: key 'for' is not allowed here, because a batch takes its time: delete it"
        ),
        ("valves: {XV1: 7s}", "s.yaml:2:15: XV1 7s is out of range: write a time from 3s to 6s"),
        (
            "events: [{what: valve-stuck, at: 1h, for: 1h}]",
            "s.yaml:2:10: key 'valve' is missing in an event: add 'valve: 1'"
        ),
    ])
    func `what does not fit is reported where it stands`(_ text: String, _ expected: String) {
        #expect(plant("kind: batch-plant\n\(text)\n").mistakes == [expected])
    }
}
