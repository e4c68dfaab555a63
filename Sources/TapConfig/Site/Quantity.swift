import TapCore

/// A number and its unit as a site file writes them, exactly: in the SI's base a fraction of whole numbers.
public struct Quantity: Sendable, Hashable {
    public let dimension: Dimension
    /// As written, with one space before the unit.
    public let text: String
    let numerator: Int64
    let denominator: Int64
    /// Written in degC: a temperature, and no difference of two.
    let isCelsius: Bool

    /// In the SI's base unit: the nearest number, by one division of whole numbers below 2^53.
    public var value: Double { Double(numerator) / Double(denominator) }

    enum Problem: Error, Hashable {
        case notNumber
        case unknownUnit(String)
        case tooManyDigits

        /// What is wrong with `subject`, and what to write.
        func words(_ subject: String, example: String) -> (what: String, fix: String) {
            switch self {
            case .notNumber:
                ("\(subject) is no quantity, which is a number and its unit", "write for example \(example)")
            case .unknownUnit(let unit):
                (
                    "\(subject): the unit \(quoted(unit)) is not known",
                    SiteUnit.probable(for: unit).map { "did you mean '\($0)'?" }
                        ?? "write one of \(SiteUnit.examples), or one over another as mm/s"
                )
            case .tooManyDigits: ("\(subject) has too many digits", "write at most 15, and fewer of small units")
            }
        }
    }

    /// - Parameters:
    ///   - number: decimal digits with at most one point, perhaps a minus sign before them.
    ///   - unit: empty: a bare number.
    init(number: String, unit: String) throws(Problem) {
        let size = number.hasPrefix("-") ? number.dropFirst() : Substring(number)
        let halves = size.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let digits = halves.joined()
        guard isDigits(digits), halves.allSatisfy({ !$0.isEmpty }) else { throw .notNumber }
        let known = unit.isEmpty ? SiteUnit(dimension: .number, numerator: 1, denominator: 1) : SiteUnit.named(unit)
        guard let known else { throw .unknownUnit(unit) }
        guard digits.utf8.count <= 15, let whole = Int64(digits) else { throw .tooManyDigits }
        let fraction = halves.count == 2 ? halves[1].utf8.count : 0
        let scale = repeatElement(Int64(10), count: fraction).reduce(1, *)
        let sign: Int64 = number.hasPrefix("-") ? -1 : 1
        var fractionInBase: (Int64, Int64)? = Self.product((sign * whole, scale), (known.numerator, known.denominator))
        if known.isCelsius, let size = fractionInBase { fractionInBase = Self.sum(size, (5_463, 20)) }
        guard let fractionInBase else { throw .tooManyDigits }
        (numerator, denominator) = fractionInBase
        dimension = known.dimension
        isCelsius = known.isCelsius
        text = unit.isEmpty ? number : "\(number) \(unit)"
    }

    /// A bare whole number, of at most 2^53.
    init(_ count: Int) {
        dimension = .number
        text = String(count)
        numerator = Int64(count)
        denominator = 1
        isCelsius = false
    }

    /// A text of a number and, perhaps after a space, its unit.
    init(_ text: String) throws(Problem) {
        let sign = text.hasPrefix("-") ? "-" : ""
        let rest = text.dropFirst(sign.count)
        let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = rest.dropFirst(digits.count).drop { $0 == " " }
        try self.init(number: sign + digits, unit: String(unit))
    }

    private static func product(_ left: (Int64, Int64), _ right: (Int64, Int64)) -> (Int64, Int64)? {
        let a = common(left.0, right.1)
        let b = common(right.0, left.1)
        return limited(
            (left.0 / a).multipliedReportingOverflow(by: right.0 / b),
            (left.1 / b).multipliedReportingOverflow(by: right.1 / a))
    }

    private static func sum(_ left: (Int64, Int64), _ right: (Int64, Int64)) -> (Int64, Int64)? {
        let (first, isLarge) = left.0.multipliedReportingOverflow(by: right.1)
        let (second, isLargeToo) = right.0.multipliedReportingOverflow(by: left.1)
        let (total, isLargest) = first.addingReportingOverflow(second)
        let (below, isLong) = left.1.multipliedReportingOverflow(by: right.1)
        guard !isLarge, !isLargeToo, !isLargest, !isLong else { return nil }
        let divisor = common(total, below)
        return limited((total / divisor, false), (below / divisor, false))
    }

    private static func limited(
        _ above: (partialValue: Int64, overflow: Bool), _ below: (partialValue: Int64, overflow: Bool)
    ) -> (Int64, Int64)? {
        let limit: Int64 = 1 << 53
        guard !above.overflow, !below.overflow, (-limit...limit).contains(above.partialValue),
            below.partialValue <= limit
        else { return nil }
        return (above.partialValue, below.partialValue)
    }

    /// The greatest common divisor, at least 1; neither is the smallest number there is.
    private static func common(_ left: Int64, _ right: Int64) -> Int64 {
        var (a, b) = (abs(left), abs(right))
        while b != 0 { (a, b) = (b, a % b) }
        return max(1, a)
    }
}
