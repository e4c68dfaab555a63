import TapConfig
import TapCore

/// From a register's number to the tag's unit, exactly: the decimals of a site file as a fraction of whole numbers, and
/// one division.
struct RegisterScale: Sendable, Hashable {
    /// value = (raw * slope + offset) / denominator
    private let whole: (slope: Int64, offset: Int64, denominator: Int64)?
    private let scale: LinearScale

    /// Whole numbers up to this one are exact in a `Double`.
    private static let limit: Int64 = 1 << 53

    init(_ scale: LinearScale) {
        self.scale = scale
        whole = RegisterScale.whole(scale)
    }

    static func == (left: Self, right: Self) -> Bool { left.scale == right.scale }

    func hash(into hasher: inout Hasher) { hasher.combine(scale) }

    func value(_ raw: Int64) -> Double {
        guard let whole else { return scale.value(Double(raw)) }
        let (product, isLarge) = raw.multipliedReportingOverflow(by: whole.slope)
        let (sum, isLarger) = product.addingReportingOverflow(whole.offset)
        guard !isLarge, !isLarger, sum.magnitude <= RegisterScale.limit.magnitude else {
            return scale.value(Double(raw))
        }
        return Double(sum) / Double(whole.denominator)
    }

    func value(_ raw: Double) -> Double {
        if let whole, whole.slope == whole.denominator, whole.offset == 0 { return raw }
        return scale.value(raw)
    }

    /// nil: numbers that are too long for it.
    private static func whole(_ scale: LinearScale) -> (Int64, Int64, Int64)? {
        guard let from = pair(scale.from.low, scale.from.high), let to = pair(scale.to.low, scale.to.high) else {
            return nil
        }
        func product(_ left: Int64, _ right: Int64) -> Int64? {
            let (product, isLarge) = left.multipliedReportingOverflow(by: right)
            return isLarge ? nil : product
        }
        func difference(_ left: Int64, _ right: Int64) -> Int64? {
            let (difference, isLarge) = left.subtractingReportingOverflow(right)
            return isLarge ? nil : difference
        }
        guard let run = difference(from.high, from.low), let rise = difference(to.high, to.low), run > 0,
            let slope = product(rise, from.power), let below = product(run, to.power),
            let first = product(to.low, run), let second = product(from.low, rise),
            let offset = difference(first, second)
        else { return nil }
        let divisor = max(1, common(common(slope, offset), below))
        let whole = (slope / divisor, offset / divisor, below / divisor)
        return whole.2 <= limit ? whole : nil
    }

    /// Two numbers as whole ones of the same power of ten.
    private static func pair(_ low: Double, _ high: Double) -> (low: Int64, high: Int64, power: Int64)? {
        guard let low = decimal(low), let high = decimal(high) else { return nil }
        let digits = max(low.fraction, high.fraction)
        func scaled(_ number: (digits: Int64, fraction: Int)) -> Int64? {
            let (scaled, isLarge) = number.digits.multipliedReportingOverflow(by: power(digits - number.fraction))
            return isLarge ? nil : scaled
        }
        guard let first = scaled(low), let second = scaled(high) else { return nil }
        return (first, second, power(digits))
    }

    private static func power(_ exponent: Int) -> Int64 { repeatElement(Int64(10), count: exponent).reduce(1, *) }

    /// The shortest decimal that is this number: its digits, and how many of them stand behind the point; nil: too many.
    private static func decimal(_ number: Double) -> (digits: Int64, fraction: Int)? {
        guard number.isFinite else { return nil }
        let halves = "\(number)".split(separator: "e")
        let exponent = halves.count == 2 ? Int(halves[1]) ?? 0 : 0
        let mantissa = halves[0].split(separator: ".")
        var behind = mantissa.count == 2 ? String(mantissa[1]) : ""
        while behind.hasSuffix("0") { behind.removeLast() }
        guard var digits = Int64(mantissa[0] + behind) else { return nil }
        var fraction = behind.utf8.count - exponent
        if fraction < 0 {
            guard fraction >= -15, digits.magnitude < 1_000 else { return nil }
            digits *= power(-fraction)
            fraction = 0
        }
        return fraction <= 15 ? (digits, fraction) : nil
    }

    private static func common(_ left: Int64, _ right: Int64) -> Int64 {
        var (a, b) = (left.magnitude, right.magnitude)
        while b != 0 { (a, b) = (b, a % b) }
        return Int64(clamping: a)
    }
}
