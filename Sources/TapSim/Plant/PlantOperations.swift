import TapConfig
import TapCore

/// What happens to a plant on its days, planned day by day.
protocol PlantOperations {
    associatedtype Action: PlantAction

    mutating func take(before end: UInt64) -> (time: UInt64, action: Action)?
    /// Plans the day that begins at a time.
    mutating func plan(from start: UInt64)
}

/// What happens to a plant at a time.
protocol PlantAction: Sendable {
    var isNewDay: Bool { get }
    /// nil: it says nothing of itself.
    var label: Label? { get }
}

extension PlantOperations {
    /// The faults that begin before a time, in order: days are planned without what a machine makes of them.
    func faults(before end: UInt64) -> [Label] {
        var (operations, faults) = (self, [Label]())
        while let (time, action) = operations.take(before: end) {
            if action.isNewDay { operations.plan(from: time) }
            if let label = action.label, label.kind == .fault { faults.append(label) }
        }
        return faults
    }
}
