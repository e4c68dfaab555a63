/// How a number follows another: number = slope x wire + offset, with few that are far off left out.
struct LineFit: Sendable {
    var slope = 0.0
    var offset = 0.0
    /// Of each part of the number's range that has enough answers, the difference that 85 of 100 are below; the worst part's.
    var misfit = Double.infinity

    static let parts = 8

    /// Least squares alone; the share of the number's variance that is left. 1 where nothing follows.
    static func coarse(_ x: [Double], _ y: [Double], step: Int) -> Double {
        sums(x, y, step: step).map { max(0, 1 - $0.xy * $0.xy / ($0.xx * $0.yy)) } ?? 1
    }

    private struct Sums { var x = 0.0, y = 0.0, xx = 0.0, yy = 0.0, xy = 0.0 }

    /// Means, and sums of squares about them; nil: one of them does not move.
    private static func sums(_ x: [Double], _ y: [Double], step: Int, where isKept: (Int) -> Bool = { _ in true })
        -> Sums?
    {
        var (sums, count) = (Sums(), 0.0)
        for index in stride(from: 0, to: x.count, by: step) where isKept(index) {
            sums.x += x[index]
            sums.y += y[index]
            count += 1
        }
        guard count >= 8 else { return nil }
        sums.x /= count
        sums.y /= count
        for index in stride(from: 0, to: x.count, by: step) where isKept(index) {
            let (dx, dy) = (x[index] - sums.x, y[index] - sums.y)
            sums.xx += dx * dx
            sums.yy += dy * dy
            sums.xy += dx * dy
        }
        return sums.xx > 0 && sums.yy > 0 ? sums : nil
    }

    /// - Parameter range: of the number; nil where nothing follows.
    init?(_ x: [Double], _ y: [Double], range: ClosedRange<Double>) {
        guard let first = LineFit.sums(x, y, step: 1) else { return nil }
        set(first)
        for _ in 0..<2 {
            let limit = 5 * LineFit.quantile(0.6, x.indices.map { abs(y[$0] - value(x[$0])) })
            guard limit > 0, let next = LineFit.sums(x, y, step: 1, where: { abs(y[$0] - value(x[$0])) <= limit })
            else { break }
            set(next)
        }
        guard slope.isFinite, slope != 0 else { return nil }
        misfit = worst(x, y, range)
    }

    private mutating func set(_ sums: Sums) {
        slope = sums.xy / sums.xx
        offset = sums.y - slope * sums.x
    }

    func value(_ x: Double) -> Double { slope * x + offset }

    /// Judged by parts of the range, so that what rests most of the time is judged when it moves.
    private func worst(_ x: [Double], _ y: [Double], _ range: ClosedRange<Double>) -> Double {
        var parts = [[Double]](repeating: [], count: LineFit.parts)
        let width = (range.upperBound - range.lowerBound) / Double(LineFit.parts)
        for index in x.indices {
            let part = Int(min(max((y[index] - range.lowerBound) / width, 0), Double(LineFit.parts - 1)))
            parts[part].append(abs(y[index] - value(x[index])))
        }
        return parts.filter { $0.count >= max(8, x.count / 50) }.map { LineFit.quantile(0.85, $0) }.max() ?? .infinity
    }

    static func quantile(_ share: Double, _ values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        return values.sorted()[min(values.count - 1, Int(Double(values.count) * share))]
    }
}
