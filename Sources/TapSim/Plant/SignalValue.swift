import TapConfig

/// A plant's analog signal as far as it is known: straight lines from knot to knot, and level after the last.
final class SignalValue: AnalogGenerator {
    private var knots: [Signals.Knot]
    private var first = 0

    init(_ knots: [Signals.Knot]) { self.knots = knots }

    func append(_ more: [Signals.Knot]) {
        knots.removeFirst(first)
        first = 0
        // The plant keeps its last knot, which is here already.
        knots += more.first == knots.last ? more.dropFirst() : more[...]
    }

    override func value(at time: UInt64) -> Double {
        while first + 1 < knots.count, knots[first + 1].time <= time { first += 1 }
        let knot = knots[first]
        guard first + 1 < knots.count, knot.time < time else { return knot.value }
        let next = knots[first + 1]
        return knot.value + (next.value - knot.value) * (Double(time - knot.time) / Double(next.time - knot.time))
    }
}
