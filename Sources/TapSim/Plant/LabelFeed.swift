import TapConfig
import TapCore

/// The labels of a run in order of time: those of its plant, and those of the scenario.
struct LabelFeed {
    private let plant: PlantFeed?
    /// The latest first.
    private var labels: [Label]

    init(_ scenario: Scenario, plant: PlantFeed?) {
        self.plant = plant
        // Stable: of one time as the scenario has them.
        labels = scenario.labels.enumerated().sorted { ($0.element.from, $0.offset) > ($1.element.from, $1.offset) }
            .map(\.element)
    }

    /// Those that begin up to a time, which the plant has reached; each once.
    mutating func take(upTo time: UInt64) -> [Label] {
        var taken = plant?.takeLabels(upTo: time) ?? []
        while let label = labels.last, label.from.nanoseconds <= time {
            labels.removeLast()
            taken.insert(label, at: taken.firstIndex { $0.from > label.from } ?? taken.endIndex)
        }
        return taken
    }
}
