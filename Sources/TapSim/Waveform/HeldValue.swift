import TapConfig
import TapCore

/// Another wave, but for some spans.
final class HeldValue: AnalogGenerator {
    private let of: AnalogGenerator
    private let holds: [AnalogWave.Hold]
    private var index = 0
    private var frozen: Double?

    init(_ of: AnalogGenerator, _ holds: [AnalogWave.Hold]) {
        self.of = of
        self.holds = holds
    }

    override func value(at time: UInt64) -> Double {
        // Asked even where it is not shown: what it draws depends on nothing else.
        let value = of.value(at: time)
        while index < holds.count, let to = holds[index].to, UInt64(to.count) <= time {
            index += 1
            frozen = nil
        }
        guard index < holds.count, UInt64(holds[index].from.count) <= time else { return value }
        if let held = holds[index].value { return held }
        if frozen == nil { frozen = value }
        return frozen ?? value
    }
}
