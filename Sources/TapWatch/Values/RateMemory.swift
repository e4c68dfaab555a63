/// How fast a value changes, by what it was every ten seconds of the last two minutes. Of fixed size.
package struct RateMemory: Sendable {
    private static let step: Int64 = 10_000_000_000
    private static let most = 13
    /// With fewer, nothing is known.
    private static let fewest = 7

    private var values: [Double] = []
    package private(set) var due = Int64.min

    package init() { values.reserveCapacity(RateMemory.most) }

    /// - Parameter value: not finite: unknown, so everything before it is forgotten.
    package mutating func add(_ value: Double, at time: Int64) {
        guard value.isFinite else {
            values.removeAll(keepingCapacity: true)
            due = .min
            return
        }
        // After a silence it begins anew: samples stand for even steps.
        if due != .min, time - due > RateMemory.step { values.removeAll(keepingCapacity: true) }
        due = time - time % RateMemory.step + RateMemory.step
        if values.count == RateMemory.most { values.removeFirst() }
        values.append(value)
    }

    /// By regression, a second; nil: not known. `last` is the newest sample.
    ///
    /// - Parameter beyond: moves it evenly by more than that within the last 20 s, those alone count: it is faster than before.
    package func rate(beyond: Double) -> (perSecond: Double, last: Double, change: Double)? {
        let newest = values.suffix(3)
        if newest.count == 3 {
            let steps = zip(newest.dropFirst(), newest).map { $0 - $1 }
            let (least, greatest) = (min(abs(steps[0]), abs(steps[1])), max(abs(steps[0]), abs(steps[1])))
            if (steps[0] > 0) == (steps[1] > 0), greatest <= 3 * least, abs(steps[0] + steps[1]) > beyond {
                return RateMemory.rate(newest)
            }
        }
        return values.count >= RateMemory.fewest ? RateMemory.rate(values[...]) : nil
    }

    private static func rate(_ values: ArraySlice<Double>) -> (perSecond: Double, last: Double, change: Double)? {
        guard let last = values.last else { return nil }
        let middle = Double(values.count - 1) / 2
        var (top, bottom) = (0.0, 0.0)
        for (place, value) in values.enumerated() {
            top += (Double(place) - middle) * value
            bottom += (Double(place) - middle) * (Double(place) - middle)
        }
        let perStep = top / bottom
        return (perStep / 10, last, perStep * Double(values.count - 1))
    }
}
