/// What an honest input may show of a signal over any part of its recent past: the hull of the signal behind its slowest
/// filter, its fastest and one between. Of an input without a filter, the hull of the signal.
struct FilteredHull: Sendable {
    private var members: [Member]
    private var time: UInt64 = 0
    private var value: Double

    private struct Member: Sendable {
        let constant_s: Double
        var value: Double
        var hull: SignalHull
    }

    /// A filter takes in a straight line in pieces of this length.
    private static let piece: UInt64 = 100_000_000

    /// - Parameters:
    ///   - constants_s: of filters of first order, the shortest and the longest.
    ///   - past: how far back it is asked for.
    init(_ first: Double, constants_s: ClosedRange<Double>, past: UInt64) {
        value = first
        let (low, high) = (constants_s.lowerBound, constants_s.upperBound)
        let constants = low < high ? [low, (low * high).squareRoot(), high] : [low]
        members = constants.map { Member(constant_s: $0, value: first, hull: SignalHull(first, past: past)) }
    }

    /// The signal goes to a value in a straight line.
    mutating func go(to next: Double, at end: UInt64) {
        let (begin, before) = (time, value)
        guard end > begin else { return jump(to: next, at: end) }
        for index in members.indices {
            guard members[index].constant_s > 0 else {
                members[index].hull.go(to: next, at: end)
                continue
            }
            var now = begin
            while now < end {
                let piece = min(FilteredHull.piece, end - now)
                now += piece
                let between = before + (next - before) * (Double(now - begin) / Double(end - begin))
                let seconds = Double(piece) * 1e-9
                members[index].value +=
                    (between - members[index].value) * (seconds / (seconds + members[index].constant_s))
                members[index].hull.go(to: members[index].value, at: now)
            }
        }
        (time, value) = (end, next)
    }

    mutating func stay(until end: UInt64) { if end > time { go(to: value, at: end) } }

    /// The signal stays, and is another at a time.
    mutating func jump(to next: Double, at end: UInt64) {
        stay(until: end)
        for index in members.indices where members[index].constant_s == 0 {
            members[index].hull.jump(to: next, at: end)
        }
        value = next
    }

    /// How far a value is from the hull between two times; 0: it lies within.
    func distance(of value: Double, from begin: UInt64, to end: UInt64) -> Double {
        var (low, high) = (Double.infinity, -Double.infinity)
        for member in members {
            let bounds = member.hull.bounds(from: begin, to: end)
            (low, high) = (min(low, bounds.low), max(high, bounds.high))
        }
        return value > high ? value - high : value < low ? low - value : 0
    }
}
