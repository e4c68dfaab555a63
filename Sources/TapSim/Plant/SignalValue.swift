import TapConfig

/// A plant's analog signal as far as it is known: straight lines from knot to knot, and level after the last; on them a
/// sine where the signal alternates.
final class SignalValue: AnalogGenerator {
    private var knots: [Signals.Knot]
    private let period_ns: UInt64
    private var first = 0

    init(_ signal: Signals.Analog) {
        knots = signal.knots
        period_ns = signal.period_ns
    }

    func append(_ more: [Signals.Knot]) {
        knots.removeFirst(first)
        first = 0
        // The plant keeps its last knot, which is here already.
        knots += more.first == knots.last ? more.dropFirst() : more[...]
    }

    override func value(at time: UInt64) -> Double {
        while first + 1 < knots.count, knots[first + 1].time <= time { first += 1 }
        let knot = knots[first]
        var share = 0.0
        var next = knot
        if first + 1 < knots.count, knot.time < time {
            next = knots[first + 1]
            share = Double(time - knot.time) / Double(next.time - knot.time)
        }
        let value = knot.value + (next.value - knot.value) * share
        guard period_ns > 0 else { return value }
        let phase = knot.phase + (next.phase - knot.phase) * share
        // Whole periods are taken off as whole numbers: nothing gets lost in a long run.
        let turns = Double(time % period_ns) / Double(period_ns)
        return value + (knot.amplitude + (next.amplitude - knot.amplitude) * share) * Sine.ofTurns(turns + phase)
    }
}
