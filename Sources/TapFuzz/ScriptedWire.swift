import TapConfig
import TapCore
import TapSim

/// A wire whose changes are known.
final class ScriptedWire: WireFeed, @unchecked Sendable {
    let startsHigh: Bool
    var isLaidDown: Bool { true }
    private let changes: [UInt64]
    private var index = 0

    init(_ changes: [UInt64], startsHigh: Bool) {
        self.changes = changes
        self.startsHigh = startsHigh
    }

    func next(upTo limit: Timestamp) -> Timestamp? {
        guard index < changes.count, changes[index] <= limit.nanoseconds else { return nil }
        index += 1
        return Timestamp(nanoseconds: changes[index - 1])
    }
}
