/// Lengths of time as people write them: a number and a unit, as `250ms`, `1.5h` or `10m`; exact to the nanosecond.
package enum DurationText {
    /// Nanoseconds of each unit.
    private static let units: [Substring: Int64] = [
        "ns": 1, "us": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000, "min": 60_000_000_000,
        "h": 3_600_000_000_000, "d": 86_400_000_000_000,
    ]
    /// What people write instead.
    private static let usual = [
        "µs": "us", "μs": "us", "usec": "us", "nsec": "ns", "msec": "ms", "sec": "s", "secs": "s", "second": "s",
        "seconds": "s", "mins": "min", "minute": "min", "minutes": "min", "hr": "h", "hrs": "h", "hour": "h",
        "hours": "h", "day": "d", "days": "d",
    ]
    /// A year, so that sums of a few never overflow.
    package static let longest = Nanoseconds(365 * 86_400_000_000_000)

    package enum Problem: Error, Hashable {
        /// Not a number with something behind it.
        case notTime
        case noUnit(number: String)
        /// `meant`: what was probably to be written, if that can be guessed.
        case unknownUnit(meant: String?)
        case spaceBeforeUnit(meant: String?)
        case negative
        /// A plus sign; `unsigned` is the rest.
        case signed(unsigned: String)
        case tooFine
        case tooLong
    }

    /// Zero is one too.
    package static func read(_ text: String) throws(Problem) -> Nanoseconds {
        let size = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : Substring(text)
        let digits = size.prefix { $0.utf8.allSatisfy { isDigit($0) || $0 == UInt8(ascii: ".") } }
        let unit = size.dropFirst(digits.count)
        guard isDigits(digits.filter { $0 != "." }), !digits.hasPrefix("."), !digits.hasSuffix("."),
            digits.utf8.count(where: { $0 == UInt8(ascii: ".") }) <= 1
        else { throw .notTime }
        guard let scale = units[unit] else { throw problem(String(digits), String(unit)) }
        if text.hasPrefix("-") { throw .negative }
        if text.hasPrefix("+") { throw .signed(unsigned: String(size)) }
        return try nanoseconds(digits, scale)
    }

    /// What `read` reads as this time: whole numbers of the largest unit that fits.
    package static func exact(_ time: Nanoseconds) -> String {
        if time == .zero { return "0s" }
        let units: [(String, Int64)] = [
            ("h", 3_600_000_000_000), ("min", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000),
        ]
        for (unit, size) in units where time.count >= size && time.count % size == 0 {
            return "\(time.count / size)\(unit)"
        }
        return "\(time.count)ns"
    }

    private static func problem(_ digits: String, _ unit: String) -> Problem {
        if unit.isEmpty { return .noUnit(number: digits) }
        let bare = unit.filter { $0 != " " }
        let lower = bare.lowercased()
        let known = [bare, lower].first { units[Substring($0)] != nil }
        let meant = (known ?? usual[bare] ?? usual[lower]).map { digits + $0 }
        return bare == unit ? .unknownUnit(meant: meant) : .spaceBeforeUnit(meant: meant)
    }

    /// - Parameter digits: decimal digits, with at most one point between them.
    private static func nanoseconds(_ digits: Substring, _ scale: Int64) throws(Problem) -> Nanoseconds {
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        var total: Int64 = 0
        for digit in parts[0].utf8 {
            total = total * 10 + Int64(digit - UInt8(ascii: "0"))
            // Of the last round at most ten times this, so nothing overflows.
            if total > longest.count / scale { throw .tooLong }
        }
        total *= scale
        var place = scale
        for digit in parts.count > 1 ? Array(parts[1].utf8) : [] {
            let value = Int64(digit - UInt8(ascii: "0"))
            if value > 0, place < 10 || place % 10 != 0 { throw .tooFine }
            place /= 10
            total += value * place
        }
        guard total <= longest.count else { throw .tooLong }
        return Nanoseconds(total)
    }
}
