/// A unit of time of a Value Change Dump: any number of femtoseconds.
struct VCDTimescale: Sendable {
    private let femtoseconds: UInt64
    /// Whole nanoseconds; 0: it is not made of those.
    private let whole: UInt64

    private static let perNanosecond: UInt64 = 1_000_000

    private init(femtoseconds: UInt64) {
        self.femtoseconds = femtoseconds
        whole =
            femtoseconds % VCDTimescale.perNanosecond == 0 ? femtoseconds / VCDTimescale.perNanosecond : 0
    }

    /// Of a file that says nothing: a nanosecond.
    init() { self.init(femtoseconds: VCDTimescale.perNanosecond) }

    init(nanoseconds: UInt64) { self.init(femtoseconds: nanoseconds * VCDTimescale.perNanosecond) }

    /// A number and a unit, as `10ns` or `6666ps`; nil: something else, nothing, or more than five hours.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        let digits = bytes.prefix { $0 &- 48 <= 9 || $0 == UInt8(ascii: ".") }
        let powers = ["s": 15, "ms": 12, "us": 9, "ns": 6, "ps": 3, "fs": 0]
        guard let power = powers[String(decoding: bytes[digits.count...], as: UTF8.self).lowercased()],
            let (value, isExact) = Decimal.scaled(bytes, digits.indices, exponent: power), isExact, value > 0
        else { return nil }
        self.init(femtoseconds: value)
    }

    /// Whether every time is a whole number of nanoseconds.
    var isWhole: Bool { whole > 0 }

    /// In nanoseconds, rounded to the nearest, halves up; nil: more than 584 years.
    @inline(__always)
    func nanoseconds(_ units: UInt64) -> (value: UInt64, isExact: Bool)? {
        guard whole > 0 else { return VCDTimescale.scaled(units, femtoseconds, by: VCDTimescale.perNanosecond) }
        let (value, isOver) = units.multipliedReportingOverflow(by: whole)
        return isOver ? nil : (value, true)
    }

    /// Likewise, of millionths of a unit.
    func nanoseconds(millionths: UInt64) -> (value: UInt64, isExact: Bool)? {
        VCDTimescale.scaled(millionths, femtoseconds, by: VCDTimescale.perNanosecond * 1_000_000)
    }

    private static func scaled(
        _ value: UInt64, _ factor: UInt64, by divisor: UInt64
    ) -> (value: UInt64, isExact: Bool)? {
        let product = value.multipliedFullWidth(by: factor)
        guard product.high < divisor else { return nil }
        let (quotient, remainder) = divisor.dividingFullWidth(product)
        let isUp = remainder >= divisor - divisor / 2
        guard !isUp || quotient < .max else { return nil }
        return (quotient + (isUp ? 1 : 0), remainder == 0)
    }

    /// For people, as `6666 ps`.
    var text: String {
        let units: [(UInt64, String)] = [
            (1_000_000_000_000_000, "s"), (1_000_000_000_000, "ms"), (1_000_000_000, "us"), (1_000_000, "ns"),
            (1_000, "ps"), (1, "fs"),
        ]
        let (factor, name) = units.first { femtoseconds % $0.0 == 0 } ?? (1, "fs")
        return "\(femtoseconds / factor) \(name)"
    }
}
