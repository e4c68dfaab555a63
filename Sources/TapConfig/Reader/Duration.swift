import TapCore

extension Reader {
    /// A length of time as `10ms`, exact to the nanosecond. nil: there is none, or a mistake.
    ///
    /// The longest is a year, so that sums of a few durations never overflow.
    mutating func duration(_ key: String, _ fields: Fields, mayBeZero: Bool = false) -> Nanoseconds? {
        fields[key].flatMap { duration($0, key, mayBeZero: mayBeZero) }
    }

    mutating func duration(_ node: Node, _ key: String, mayBeZero: Bool) -> Nanoseconds? {
        guard let (text, _) = scalar(node, key, meant: "a time", example: "10ms") else { return nil }
        let subject = "\(key) \(printable(text, longest: 40))"
        let size = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : Substring(text)
        let digits = size.prefix { $0.utf8.allSatisfy { isDigit($0) || $0 == UInt8(ascii: ".") } }
        let unit = size.dropFirst(digits.count)
        guard isDigits(digits.filter { $0 != "." }), !digits.hasPrefix("."), !digits.hasSuffix("."),
            digits.utf8.count(where: { $0 == UInt8(ascii: ".") }) <= 1
        else {
            return refuse(node, "\(subject) is not a time", "which is a number and its unit", "write for example 10ms")
        }
        guard let scale = DurationUnit.named[String(unit)] else {
            return refuseUnit(node, subject, digits: String(digits), unit: String(unit))
        }
        if text.hasPrefix("-") {
            return refuse(node, "\(subject) is negative", "", mayBeZero ? "write 0s or more" : "write a time above 0")
        }
        if text.hasPrefix("+") { return refuse(node, "\(subject) has a sign", "", "write \(digits)\(unit)") }
        switch DurationUnit.nanoseconds(digits, scale) {
        case .tooFine:
            return refuse(node, "\(subject) is finer than a nanosecond", "", "write whole nanoseconds")
        case .tooLong: return refuse(node, "\(subject) is too long", "", "write at most 8760h")
        case .exactly(0) where !mayBeZero: return refuse(node, "\(subject) is zero", "", "write a time above 0")
        case .exactly(let count): return Nanoseconds(count)
        }
    }

    private mutating func refuseUnit(_ node: Node, _ subject: String, digits: String, unit: String) -> Nanoseconds? {
        let number = printable(digits, longest: 40)
        let units = "a unit is ns, us, ms, s, min or h"
        if unit.isEmpty { return refuse(node, "\(subject) has no unit", units, "write \(number)ms") }
        let bare = unit.filter { $0 != " " }
        let meant =
            DurationUnit.named[bare] != nil
            ? bare : DurationUnit.usual[bare] ?? DurationUnit.usual[bare.lowercased()]
        let what = bare == unit ? "has an unknown unit" : "has a space in it"
        return refuse(
            node, "\(subject) \(what)", bare == unit ? units : "",
            meant.map { "write \(number)\($0)" } ?? "write for example 10ms")
    }

    private mutating func refuse(_ node: Node, _ what: String, _ why: String, _ fix: String) -> Nanoseconds? {
        mistakes.add(node.position, what, why, fix: fix)
        return nil
    }
}

enum DurationUnit {
    /// Nanoseconds of each unit.
    static let named: [String: Int64] = [
        "ns": 1, "us": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "min": 60_000_000_000, "h": 3_600_000_000_000,
    ]
    /// What people write instead.
    static let usual = [
        "µs": "us", "μs": "us", "usec": "us", "nsec": "ns", "msec": "ms", "sec": "s", "secs": "s", "second": "s",
        "seconds": "s", "m": "min", "mins": "min", "minute": "min", "minutes": "min", "hr": "h", "hrs": "h",
        "hour": "h", "hours": "h", "ns": "ns", "us": "us", "ms": "ms", "s": "s", "min": "min", "h": "h",
    ]
    static let longest = 8_760 * 3_600_000_000_000 as Int64

    enum Size {
        case exactly(Int64), tooFine, tooLong
    }

    /// - Parameter digits: decimal digits, with at most one point between them.
    static func nanoseconds(_ digits: some StringProtocol, _ scale: Int64) -> Size {
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        var total: Int64 = 0
        for digit in parts[0].utf8 {
            total = total * 10 + Int64(digit - UInt8(ascii: "0"))
            // Of the last round at most ten times this, so nothing overflows.
            if total > longest / scale { return .tooLong }
        }
        total *= scale
        var place = scale
        for digit in parts.count > 1 ? Array(parts[1].utf8) : [] {
            let value = Int64(digit - UInt8(ascii: "0"))
            if value > 0, place < 10 || place % 10 != 0 { return .tooFine }
            place /= 10
            total += value * place
        }
        return total > longest ? .tooLong : .exactly(total)
    }
}
