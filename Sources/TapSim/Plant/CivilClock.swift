import TapCore

/// Local date and time of a run: what people, screens and habits go by, where the run itself counts nanoseconds.
public struct CivilClock: Sendable {
    /// Seconds since 1970, UTC, at the run's start.
    private let epoch_s: Int
    private let standard_s: Int
    private let hasDaylightSaving: Bool

    init(_ clock: Setting) {
        standard_s = Int(clock.utcOffset.count / 1_000_000_000)
        hasDaylightSaving = clock.daylightSaving == .eu
        let start = clock.start
        let local = CivilClock.days(start.year, start.month, start.day) * 86_400 + start.secondOfDay
        // A start that happens twice means the first of the two; one that never happens, an hour later.
        let summer = local - standard_s - 3_600
        epoch_s =
            hasDaylightSaving && CivilClock.isSummer(summer) ? summer : local - standard_s
    }

    struct Local: Hashable {
        var year: Int
        var month: Int
        var day: Int
        var secondOfDay: Int
        /// 0 is Monday.
        var weekday: Int

        var isWeekend: Bool { weekday >= 5 }
    }

    /// UTC, in nanoseconds since 1970.
    func utc_ns(at time: UInt64) -> UInt64 { UInt64(epoch_s) * 1_000_000_000 + time }

    func local(at time: UInt64) -> Local {
        let utc = epoch_s + Int(time / 1_000_000_000)
        let seconds = utc + offset(utc)
        let day = seconds.dividedRoundingDown(by: 86_400)
        let (year, month, dayOfMonth) = CivilClock.date(day)
        // 1970-01-01 was a Thursday.
        return Local(
            year: year, month: month, day: dayOfMonth, secondOfDay: seconds - day * 86_400,
            weekday: (day + 3) - (day + 3).dividedRoundingDown(by: 7) * 7)
    }

    /// When the next local day begins.
    func midnight(after time: UInt64) -> UInt64 {
        let utc = epoch_s + Int(time / 1_000_000_000)
        let day = (utc + offset(utc)).dividedRoundingDown(by: 86_400) + 1
        var next = day * 86_400 - offset(utc)
        next = day * 86_400 - offset(next)
        return UInt64(next - epoch_s) * 1_000_000_000
    }

    /// The next change of the clocks after `time`, and whether they go forward; nil: there is none.
    func change(after time: UInt64) -> (time: UInt64, isForward: Bool)? {
        guard hasDaylightSaving else { return nil }
        let utc = epoch_s + Int(time / 1_000_000_000)
        let year = CivilClock.date(utc.dividedRoundingDown(by: 86_400)).year
        for year in year...(year + 1) {
            for month in [3, 10] {
                let change = CivilClock.lastSunday(year, month)
                if change > utc { return (UInt64(change - epoch_s) * 1_000_000_000, month == 3) }
            }
        }
        return nil
    }

    /// As an HMI writes it: without a word on which of the two hours of an October night is meant.
    func text(at time: UInt64) -> String {
        let local = local(at: time)
        let second = local.secondOfDay
        var text = "\(local.year)"
        for (separator, part) in [
            ("-", local.month), ("-", local.day), (" ", second / 3_600), (":", second / 60 % 60), (":", second % 60),
        ] {
            text += separator
            if part < 10 { text += "0" }
            text += "\(part)"
        }
        return text
    }

    /// The same for a time since 1970 that some clock says.
    func text(utc_ns: UInt64) -> String {
        let start = UInt64(epoch_s) * 1_000_000_000
        return text(at: utc_ns > start ? utc_ns - start : 0)
    }

    private func offset(_ utc: Int) -> Int {
        standard_s + (hasDaylightSaving && CivilClock.isSummer(utc) ? 3_600 : 0)
    }

    private static func isSummer(_ utc: Int) -> Bool {
        let year = date(utc.dividedRoundingDown(by: 86_400)).year
        return utc >= lastSunday(year, 3) && utc < lastSunday(year, 10)
    }

    /// 01:00 UTC of a month's last Sunday; the month has 31 days.
    private static func lastSunday(_ year: Int, _ month: Int) -> Int {
        let last = days(year, month, 31)
        let sunday = last - (last + 4 - (last + 4).dividedRoundingDown(by: 7) * 7)
        return sunday * 86_400 + 3_600
    }

    /// Days since 1970-01-01 in the Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms").
    static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = year.dividedRoundingDown(by: 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    static func date(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted.dividedRoundingDown(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let year = yearOfEra + era * 400
        return (month < 10 ? year : year + 1, month < 10 ? month + 3 : month - 9, dayOfYear - (153 * month + 2) / 5 + 1)
    }
}

extension Int {
    fileprivate func dividedRoundingDown(by divisor: Int) -> Int {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
