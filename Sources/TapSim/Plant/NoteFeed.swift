import TapConfig
import TapCore

/// What is known of a run beside its wires, in order of time: what its plant says, and the labels of the scenario.
struct NoteFeed {
    private let plant: PlantFeed?
    /// The latest first.
    private var labels: [Label]

    init(_ scenario: Scenario, plant: PlantFeed?) {
        self.plant = plant
        // Stable: of one time as the scenario has them.
        labels = scenario.labels.enumerated().sorted { ($0.element.from, $0.offset) > ($1.element.from, $1.offset) }
            .map(\.element)
    }

    /// Everything up to a time, which the plant has reached; each once.
    mutating func take(upTo time: UInt64) -> [PlantNote] {
        var notes = plant?.takeNotes(upTo: time) ?? []
        while let label = labels.last, label.from.nanoseconds <= time {
            labels.removeLast()
            notes.insert(.label(label), at: notes.firstIndex { $0.time > label.from } ?? notes.endIndex)
        }
        return notes
    }
}
