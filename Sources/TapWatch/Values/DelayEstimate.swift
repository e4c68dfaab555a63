/// How late claims of a value are: by the regression of what they are off on how fast the value changes, over some minutes.
///
/// A constant difference does not count, nor does one that has nothing to do with the change. Each minute counts as one
/// observation, however many claims came in it, since what disturbs them lasts. Memory is fixed, work constant.
struct DelayEstimate: Sendable {
    private struct Sums: BitwiseCopyable {
        var count = 0.0
        var rate = 0.0
        var error = 0.0
        var rateSquared = 0.0
        var product = 0.0
        var errorSquared = 0.0

        mutating func add(_ other: Sums) {
            count += other.count
            rate += other.rate
            error += other.error
            rateSquared += other.rateSquared
            product += other.product
            errorSquared += other.errorSquared
        }
    }

    static let minutes = 20
    /// Of so many minutes, at least, there must be claims.
    private static let fewest = 10
    private static let minute: Int64 = 60_000_000_000
    private let start: Int64
    private var parts = ContiguousArray(repeating: Sums(), count: DelayEstimate.minutes)
    /// Which minute since the start is being filled.
    private var current: Int64 = 0
    private var rateBefore = Double.nan
    private var last = Int64.min
    /// In seconds: the estimate, less and more three of its standard errors. Unknown: nothing can be said.
    private(set) var delay = ValueSpan.unknown

    init(start: Int64) { self.start = start }

    /// A claim came.
    ///
    /// - Parameters:
    ///   - error: the value less what is claimed of it; not finite: not known.
    ///   - rate: how fast the value changes, a second. That of the claim before counts, for what disturbs the value at this
    ///     instant would be in both.
    mutating func add(error: Double, rate: Double, at now: Int64) {
        if now == last { return }
        last = now
        let before = rateBefore
        rateBefore = rate
        pass(to: (now - start) / DelayEstimate.minute)
        guard error.isFinite, before.isFinite else { return }
        let place = Int(current % Int64(DelayEstimate.minutes))
        parts[place].add(
            Sums(
                count: 1, rate: before, error: error, rateSquared: before * before, product: before * error,
                errorSquared: error * error))
    }

    private mutating func pass(to minute: Int64) {
        guard minute > current else { return }
        delay = estimate
        let first = max(current + 1, minute - Int64(DelayEstimate.minutes) + 1)
        for passed in first...minute { parts[Int(passed % Int64(DelayEstimate.minutes))] = Sums() }
        // So long without a claim, and nothing is known.
        if minute - current > 1 { delay = estimate }
        current = minute
    }

    private var estimate: ValueSpan {
        var (all, minutes) = (Sums(), 0.0)
        for part in parts where part.count > 0 {
            all.add(part)
            minutes += 1
        }
        guard minutes >= Double(DelayEstimate.fewest) else { return .unknown }
        let rates = all.rateSquared - all.rate * all.rate / all.count
        let products = all.product - all.rate * all.error / all.count
        let errors = all.errorSquared - all.error * all.error / all.count
        guard rates > 0 else { return .unknown }
        let slope = products / rates
        let rest = max(0, errors - slope * products)
        let deviation = (rest / rates / (minutes - 2)).squareRoot()
        return ValueSpan(slope, accuracy: 3 * deviation)
    }
}
