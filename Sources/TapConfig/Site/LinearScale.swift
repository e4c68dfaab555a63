/// A straight line from one quantity to another: 4 mA to 0 m, 20 mA to 5 m.
public struct LinearScale: Sendable, Hashable {
    /// Of the quantity as it comes; the second above the first.
    public var from: (low: Double, high: Double)
    public var to: (low: Double, high: Double)

    /// Beyond both ends too.
    public func value(_ raw: Double) -> Double {
        to.low + (raw - from.low) * ((to.high - to.low) / (from.high - from.low))
    }

    public static func == (left: Self, right: Self) -> Bool { left.from == right.from && left.to == right.to }

    public func hash(into hasher: inout Hasher) {
        for end in [from.low, from.high, to.low, to.high] { hasher.combine(end) }
    }
}
