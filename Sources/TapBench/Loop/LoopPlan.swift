import TapCore
import TapSim

/// What is driven in each kind of run. The same for the same seed.
struct LoopPlan {
    private(set) var changes: [WireTransitions.Change] = []

    /// Changes that each have time to be stamped before the next: 2 to 4 ms apart, so that no clock tick goes with them.
    static func edges(_ line: Int, count: Int) -> LoopPlan {
        var random = Random(seed: 1, stream: "loop edges")
        var plan = LoopPlan()
        var time: UInt64 = 0
        for index in 0..<count {
            time += 2_000_000 + random.below(2_000_000)
            plan.add(time, line, isHigh: index % 2 == 0)
        }
        return plan
    }

    /// Pulses of one width, with a rest after each of 5 to 7 ms and as long as the pulse.
    static func pulses(_ line: Int, width: Nanoseconds, count: Int) -> LoopPlan {
        var random = Random(seed: 2, stream: "loop pulses")
        var plan = LoopPlan()
        var time: UInt64 = 0
        let width = UInt64(width.count)
        for _ in 0..<count {
            time += 5_000_000 + random.below(2_000_000)
            plan.add(time, line, isHigh: true)
            plan.add(time + width, line, isHigh: false)
            time += 2 * width
        }
        return plan
    }

    /// Changes at one rate, for a second but at least 100 of them; an even number.
    static func rate(_ line: Int, hz: UInt64) -> LoopPlan {
        var plan = LoopPlan()
        let count = max(100, hz) / 2 * 2
        for index in 0..<count {
            plan.add(1_000_000 + index * 1_000_000_000 / hz, line, isHigh: index % 2 == 0)
        }
        return plan
    }

    private mutating func add(_ time: UInt64, _ line: Int, isHigh: Bool) {
        changes.append(WireTransitions.Change(time: Nanoseconds(Int64(time)), line: line, isHigh: isHigh))
    }
}
