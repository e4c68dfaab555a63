/// How a bit's changes, or a counter's steps, go with a wire's changes, at the lag at which they go best.
struct ChangeMatch: Sendable {
    struct Change: Sendable {
        /// The first answer that has it.
        var row: Int
        var isHigh: Bool
    }

    let isInverted: Bool
    /// The bit's changes that a change of the wire explains.
    private(set) var hits = 0
    /// Changes of either that nothing of the other goes with.
    private(set) var misses = Int.max
    /// At which that is so, in seconds.
    private(set) var lag: ClosedRange<Double> = 0...0

    /// So many more misses than another are needed to rule a wire out.
    static let enough = 2
    /// A program's cycle, and a contact that bounces.
    private static let slack: Int64 = 60_000_000
    private static let lags = Array(stride(from: Int64(-100_000_000), through: 5_000_000_000, by: 25_000_000))

    /// nil: the wire does not move, or far more often than the bit.
    init?(_ changes: [Change], of wire: LineTrace, isInverted: Bool, onlyRises: Bool, times: [Int64]) {
        self.isInverted = isInverted
        var moves: [(time: Int64, isHigh: Bool, until: Int64)] = []
        for index in wire.changes.indices {
            let isHigh = wire.isHigh(after: index) != isInverted
            if onlyRises, !isHigh { continue }
            let next = onlyRises ? .max : index + 1 < wire.changes.count ? wire.changes[index + 1] : .max
            moves.append((wire.changes[index], isHigh, next))
        }
        guard !moves.isEmpty, !wire.isBusy, moves.count <= 4 * changes.count + 16 else { return nil }
        for lag in ChangeMatch.lags {
            let (hits, misses) = ChangeMatch.judge(changes, moves, times, lag)
            let seconds = Double(lag) * 1e-9
            if misses < self.misses {
                (self.hits, self.misses, self.lag) = (hits, misses, seconds...seconds)
            } else if misses == self.misses, seconds <= self.lag.upperBound + 0.0251 {
                self.lag = self.lag.lowerBound...seconds
            }
        }
    }

    private static func judge(
        _ changes: [Change], _ moves: [(time: Int64, isHigh: Bool, until: Int64)], _ times: [Int64], _ lag: Int64
    ) -> (hits: Int, misses: Int) {
        var (hits, misses) = (0, 0)
        var used = 0
        for change in changes {
            // Between the answer before and this one.
            let (from, to) = (times[change.row - 1] - slack, times[change.row] + slack)
            while used < moves.count, moves[used].time + lag < from {
                misses += isMissed(moves[used], times, lag)
                used += 1
            }
            var place = used
            while place < moves.count, moves[place].time + lag <= to, moves[place].isHigh != change.isHigh {
                place += 1
            }
            if place < moves.count, moves[place].time + lag <= to {
                hits += 1
                used = place + 1
            } else {
                misses += 1
            }
        }
        while used < moves.count {
            misses += isMissed(moves[used], times, lag)
            used += 1
        }
        return (hits, misses)
    }

    /// 1 where an answer must have shown the move: one between it and the next move, after the first and before the last.
    private static func isMissed(
        _ move: (time: Int64, isHigh: Bool, until: Int64), _ times: [Int64], _ lag: Int64
    ) -> Int {
        let from = move.time + lag + slack
        guard let first = times.first, move.time + lag - slack > first else { return 0 }
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] <= from { low = middle + 1 } else { high = middle }
        }
        guard low < times.count else { return 0 }
        return move.until == .max || times[low] < move.until + lag - slack ? 1 : 0
    }
}
