public import TapCore

/// What a campaign's run is to be like, for a plant that draws its own part of it.
public struct PlantDraw {
    /// Of the run.
    public let duration: Nanoseconds
    /// Whether something of the plant is to be faulty.
    public let hasFaults: Bool
    private let next: () -> Double

    /// - Parameter next: gives numbers that are evenly spread from 0 up to, not including, 1.
    public init(duration: Nanoseconds, hasFaults: Bool, next: @escaping () -> Double) {
        self.duration = duration
        self.hasFaults = hasFaults
        self.next = next
    }

    /// Evenly spread, with three digits of the larger bound.
    public func number(_ low: Double, _ high: Double) -> Double {
        let largest = max(abs(low), abs(high))
        // Whole steps to the unit, a power of ten: what is drawn is written in few digits.
        var steps = 1.0
        while largest * steps < 100, steps < 1e9 { steps *= 10 }
        return ((low + (high - low) * next()) * steps).rounded() / steps
    }

    /// Whole seconds between two shares of the run.
    public func time(_ low: Double, _ high: Double) -> Nanoseconds {
        let seconds = Double(duration.count) / 1e9 * (low + (high - low) * next())
        return .seconds(Int64(max(1, seconds.rounded())))
    }

    public func index(_ count: Int) -> Int { min(count - 1, Int(next() * Double(count))) }
    public func pick<Item>(_ items: [Item]) -> Item { items[index(items.count)] }
    public func chance(_ share: Double) -> Bool { next() < share }
}
