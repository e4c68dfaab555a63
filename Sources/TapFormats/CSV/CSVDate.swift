import TapCore

/// A date, a time of day, or both in a cell of a table.
struct CSVDate {
    /// Since 1970 by its own zone, or since midnight if there is no date.
    var nanoseconds: Int128 = 0
    var hasDate = false
    var hasTime = false
    var zone: ZoneOffset?
    /// One of the last that is written: a minute, a second, or a part of it.
    private(set) var step_ns: Int64 = 60_000_000_000

    private let bytes: [UInt8]
    private var rest: Range<Int>

    /// `2024-01-31`, `2024/01/31` or `31.01.2024`, and `08:30`, `08:30:00.125`, `30:00.125`, with `AM` or `PM`, with `Z`
    /// or a difference from UTC behind it; nil: something else. Which of 01/02/2024 is the month nobody knows.
    init?(_ bytes: [UInt8], _ cell: Range<Int>) {
        self.bytes = bytes
        rest = cell
        guard cell.count <= 64, let first = number() else { return nil }
        var hour = first
        if let mark = take("-/.") {
            guard let month = number(), take(mark) != nil, let third = number() else { return nil }
            let isYearFirst = first.digits == 4
            guard isYearFirst || mark == "." && third.digits == 4,
                let date = Words.nanoseconds(
                    year: isYearFirst ? first.value : third.value, month: month.value,
                    day: isYearFirst ? third.value : first.value, hour: 0, minute: 0, second: 0, fraction_ns: 0)
            else { return nil }
            hasDate = true
            nanoseconds = Int128(date)
            guard !rest.isEmpty else { return }
            guard take("Tt ,") != nil else { return nil }
            while take(" ") != nil {}
            guard let next = number() else { return nil }
            hour = next
        }
        guard take(":") != nil, let minute = number(), let since = clock(hour.value, minute) else { return nil }
        hasTime = true
        nanoseconds += since
        while take(" ") != nil {}
        guard !rest.isEmpty else { return }
        zone = ZoneOffset(String(decoding: bytes[rest], as: UTF8.self))
        if zone == nil { return nil }
    }

    /// Behind the minutes. Of two parts with a fraction the first counts minutes.
    private mutating func clock(_ first: Int, _ second: (value: Int, digits: Int)) -> Int128? {
        var parts = [first, second.value]
        if take(":") != nil {
            guard let third = number() else { return nil }
            parts.append(third.value)
            step_ns = 1_000_000_000
        }
        var fraction: UInt64 = 0
        if take(".,") != nil {
            guard let digits = number(), digits.digits <= 18,
                let scaled = Decimal.scaled(
                    bytes, rest.lowerBound - digits.digits..<rest.lowerBound, exponent: 9 - digits.digits)
            else { return nil }
            fraction = scaled.value
            step_ns = (0..<min(9, digits.digits)).reduce(1_000_000_000) { step, _ in step / 10 }
            if parts.count == 2 { parts.insert(0, at: 0) }
        }
        if parts.count == 2 { parts.append(0) }
        while take(" ") != nil {}
        if let half = take("AaPp") {
            guard take("Mm") != nil, (1...12).contains(parts[0]) else { return nil }
            parts[0] = parts[0] % 12 + (half == "P" || half == "p" ? 12 : 0)
        }
        guard (0...23).contains(parts[0]), (0...59).contains(parts[1]), (0...60).contains(parts[2]) else { return nil }
        return Int128((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1_000_000_000 + Int128(fraction)
    }

    private mutating func number() -> (value: Int, digits: Int)? {
        let digits = bytes[rest].prefix { $0 &- 48 <= 9 }.count
        guard (1...18).contains(digits),
            let value = Decimal.unsigned(bytes, rest.lowerBound..<rest.lowerBound + digits)
        else { return nil }
        rest = rest.dropFirst(digits)
        return (Int(value), digits)
    }

    /// Any of these characters.
    private mutating func take(_ any: String) -> String? {
        guard let next = rest.first, any.utf8.contains(bytes[next]) else { return nil }
        rest = rest.dropFirst()
        return String(decoding: [bytes[next]], as: UTF8.self)
    }
}
