import TapConfig
import TapCore
import TapSim

/// Spans of time in one order, of which it is asked whether they hold an instant.
struct Spans {
    private(set) var all: [(from: UInt64, to: UInt64)] = []

    init() {}

    mutating func add(_ from: Timestamp, _ to: Timestamp, margin: Nanoseconds = .zero) {
        all.append(((from - margin).nanoseconds, (to + margin).nanoseconds))
    }

    func contains(_ time: UInt64) -> Bool { all.contains { $0.from <= time && time <= $0.to } }
    func overlaps(_ from: UInt64, _ to: UInt64) -> Bool { all.contains { $0.from <= to && from <= $0.to } }
}
