package import TapCore

extension DocumentReader {
    /// A length of time as `10ms`, exact to the nanosecond. nil: there is none, or a mistake.
    ///
    /// The longest is a year, so that sums of a few durations never overflow.
    package func duration(_ key: String, _ fields: Fields, mayBeZero: Bool = false) -> Nanoseconds? {
        fields[key].flatMap { duration($0, key, mayBeZero: mayBeZero) }
    }

    package func duration(_ node: Node, _ key: String, mayBeZero: Bool) -> Nanoseconds? {
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

    /// A length of time within bounds.
    package func duration(_ key: String, _ fields: Fields, within range: ClosedRange<Nanoseconds>) -> Nanoseconds? {
        guard let time = duration(key, fields, mayBeZero: range.lowerBound == .zero) else { return nil }
        guard range.contains(time) else {
            mistakes.add(
                fields.position(of: key), "\(key) \(inWords(time)) is out of range",
                fix: "write a time from \(inWords(range.lowerBound)) to \(inWords(range.upperBound))")
            return nil
        }
        return time
    }

    /// Times that grow; empty where there are none.
    package func times(_ key: String, _ fields: Fields) -> [Nanoseconds] {
        var times: [Nanoseconds] = []
        for node in list(key, fields, form: "- 1s", atLeastOne: true) {
            guard let time = duration(node, "an item of \(key)", mayBeZero: true) else { continue }
            if let last = times.last, time <= last {
                mistakes.add(
                    node.position, "an item of \(key) is not later than the one before it",
                    fix: "write the times in order, each once")
                continue
            }
            times.append(time)
        }
        return times
    }

    private func refuseUnit(_ node: Node, _ subject: String, digits: String, unit: String) -> Nanoseconds? {
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

    private func refuse(_ node: Node, _ what: String, _ why: String, _ fix: String) -> Nanoseconds? {
        mistakes.add(node.position, what, why, fix: fix)
        return nil
    }
}

/// A time as a person writes it in a file.
package func inWords(_ time: Nanoseconds) -> String {
    if time == .zero { return "0s" }
    for (unit, size) in [("h", 3_600_000_000_000), ("min", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000)] {
        if time.count >= Int64(size), time.count % Int64(size) == 0 { return "\(time.count / Int64(size))\(unit)" }
    }
    return time.count % 1_000 == 0 ? "\(time.count / 1_000)us" : "\(time.count)ns"
}
