import TapConfig
import TapCore

/// The truth about a run in order of time: labels of its plant and of the scenario, and what is true of each claim.
struct TruthFeed {
    private let plant: PlantFeed?
    /// Tags that are wanted; nil: all.
    private let names: [String]?
    /// The latest first.
    private var labels: [Label]

    init(_ scenario: Scenario, plant: PlantFeed?) {
        self.plant = plant
        names = scenario.claims
        // Stable: of one time as the scenario has them.
        labels = scenario.labels.enumerated().sorted { ($0.element.from, $0.offset) > ($1.element.from, $1.offset) }
            .map(\.element)
    }

    /// What begins or is claimed up to a time, which the plant has reached, in order; each once.
    mutating func take(upTo time: UInt64) -> [Truth] {
        var begun = plant?.takeLabels(upTo: time) ?? []
        while let label = labels.last, label.from.nanoseconds <= time {
            labels.removeLast()
            begun.insert(label, at: begun.firstIndex { $0.from > label.from } ?? begun.endIndex)
        }
        var taken: [Truth] = []
        var next = 0
        for claim in plant?.takeTruths(upTo: time) ?? [] where names?.contains(claim.tag.name) ?? true {
            while next < begun.count, begun[next].from <= claim.claimed {
                taken.append(.label(begun[next]))
                next += 1
            }
            taken.append(.claim(claim))
        }
        return taken + begun[next...].map { .label($0) }
    }
}
