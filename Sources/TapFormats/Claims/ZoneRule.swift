/// The rule of a zone for all years to come, as POSIX's TZ has it: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneRule: Sendable {
    /// Seconds ahead of UTC.
    private var standard: Int64 = 0
    private var summer: Summer?

    private struct Summer: Sendable {
        var offset: Int64
        var from: Day
        var to: Day
    }

    /// The nth weekday of a month, the fifth being the last; 0 is Sunday.
    struct Day: Sendable {
        var month: Int
        var week: Int
        var weekday: Int
        /// Of the local clocks before they are put.
        var second: Int64
    }

    /// nil: something else. Days counted through the year (`J60`) are not read.
    init?(_ text: String) {
        var rest = text[...]
        guard ZoneRule.skipName(&rest), let standard = ZoneRule.seconds(&rest) else { return nil }
        self.standard = 0 - standard
        guard !rest.isEmpty else { return }
        guard ZoneRule.skipName(&rest) else { return nil }
        var offset = self.standard + 3_600
        if rest.first != "," {
            guard let written = ZoneRule.seconds(&rest) else { return nil }
            offset = 0 - written
        }
        guard let from = Day(&rest), let to = Day(&rest), rest.isEmpty else { return nil }
        summer = Summer(offset: offset, from: from, to: to)
    }

    /// Letters, or anything in angle brackets.
    private static func skipName(_ rest: inout Substring) -> Bool {
        if rest.first == "<" {
            guard let end = rest.firstIndex(of: ">") else { return false }
            rest = rest[rest.index(after: end)...]
            return true
        }
        let name = rest.prefix(while: \.isLetter)
        rest = rest.dropFirst(name.count)
        return name.count >= 3
    }

    /// `[+-]hh[:mm[:ss]]`.
    fileprivate static func seconds(_ rest: inout Substring) -> Int64? {
        let text = rest.prefix { $0.isNumber || $0 == ":" || $0 == "+" || $0 == "-" }
        rest = rest.dropFirst(text.count)
        let isNegative = text.hasPrefix("-")
        let digits = isNegative || text.hasPrefix("+") ? text.dropFirst() : text
        let parts = digits.split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) ?? -1 }
        guard (1...3).contains(parts.count), parts.allSatisfy({ (0...200).contains($0) }) else { return nil }
        let sum = parts[0] * 3_600 + (parts.count > 1 ? parts[1] : 0) * 60 + (parts.count > 2 ? parts[2] : 0)
        return isNegative ? 0 - sum : sum
    }

    func offset(at time: Int64) -> Int64 {
        guard let summer else { return standard }
        let day = Int((time + standard) / 86_400)
        guard day >= 0 else { return standard }
        let year = Words.date(ofDay: day).year
        let from = summer.from.time(in: year) - standard
        let to = summer.to.time(in: year) - summer.offset
        let isSummer = from < to ? time >= from && time < to : time >= from || time < to
        return isSummer ? summer.offset : standard
    }
}

extension ZoneRule.Day {
    /// `,Mmonth.week.weekday[/time]`.
    fileprivate init?(_ rest: inout Substring) {
        guard rest.hasPrefix(",M") else { return nil }
        let text = rest.dropFirst(2).prefix { $0.isNumber || $0 == "." }
        rest = rest.dropFirst(2 + text.count)
        let parts = text.split(separator: ".").compactMap { Int($0) }
        guard parts.count == 3, (1...12).contains(parts[0]), (1...5).contains(parts[1]), (0...6).contains(parts[2])
        else { return nil }
        var second: Int64 = 7_200
        if rest.first == "/" {
            rest.removeFirst()
            guard let written = ZoneRule.seconds(&rest) else { return nil }
            second = written
        }
        self.init(month: parts[0], week: parts[1], weekday: parts[2], second: second)
    }

    /// In seconds since 1970 by the local clock.
    fileprivate func time(in year: Int) -> Int64 {
        func day(_ month: Int) -> Int {
            let (year, month) = month > 12 ? (year + 1, 1) : (year, month)
            let time = Words.nanoseconds(
                year: year, month: month, day: 1, hour: 0, minute: 0, second: 0, fraction_ns: 0)
            return Int((time ?? 0) / 86_400_000_000_000)
        }
        let (first, next) = (day(month), day(month + 1))
        // 1970-01-01 was a Thursday.
        var found = first + (weekday - (first + 4) % 7 + 7) % 7 + (week - 1) * 7
        while found >= next { found -= 7 }
        return Int64(found) * 86_400 + second
    }
}
