/// A float and its contact: it moves at the very moment the water crosses its height, within a step by interpolation.
struct FloatSwitch: Sendable {
    private let height_m: Double
    /// Up again only this far above, for a low-level float; down again this far below, for a high-level one.
    private let isHighLevel: Bool
    var isStuck = false
    private(set) var isClosed = false
    /// When the contact moves; the end of time if it stays.
    private(set) var moves = UInt64.max

    private static let hysteresis_m = 0.1

    /// - Parameter isHighLevel: its contact closes on rising water; otherwise on falling.
    init(height_m: Double, isHighLevel: Bool, level_m: Double) {
        self.height_m = height_m
        self.isHighLevel = isHighLevel
        isClosed = isHighLevel ? level_m >= height_m : level_m <= height_m
    }

    /// The water's surface goes from one level to another within a step of 20 ms that begins at `time`.
    mutating func follow(from old_m: Double, to new_m: Double, at time: UInt64) {
        guard !isStuck, moves == .max else { return }
        let opensAt = isHighLevel ? height_m - FloatSwitch.hysteresis_m : height_m + FloatSwitch.hysteresis_m
        let threshold = isClosed ? opensAt : height_m
        let isRisingWanted = isHighLevel != isClosed
        guard isRisingWanted ? new_m >= threshold : new_m <= threshold else { return }
        // Let go after having been stuck, it has long been crossed.
        let isCrossed = isRisingWanted ? old_m < threshold : old_m > threshold
        let share = isCrossed ? (threshold - old_m) / (new_m - old_m) : 0
        moves = time + UInt64(min(0.999_999, max(0, share)) * 20_000_000)
    }

    /// By hand, at a time; then it hangs free again.
    mutating func lift(_ isLifted: Bool, at time: UInt64) {
        isStuck = isLifted
        moves = isLifted && !isClosed ? time : .max
    }

    mutating func move() {
        moves = .max
        isClosed.toggle()
    }
}
