import TapConfig
import TapCore

extension DocumentReader {
    /// The key `clock`; what is not there keeps its usual value.
    func clock(_ clock: inout CivilClock.Setting, _ fields: Fields) {
        guard let node = fields["clock"],
            let fields = self.fields(node, of: "the clock", known: ["start", "utc-offset", "daylight-saving"])
        else { return }
        if let start = dateAndTime("start", fields) { clock.start = start }
        if let hours = number("utc-offset", fields, in: -12...14, bounds: "of hours, from -12 to 14", example: "1") {
            clock.utcOffset = Nanoseconds(Int64((hours * 60).rounded()) * 60_000_000_000)
        }
        clock.daylightSaving =
            choice("daylight-saving", fields, CivilClock.Setting.DaylightSaving.allCases) ?? clock.daylightSaving
    }

    /// "2026-03-28 20:00:00"; the time may be left out.
    private func dateAndTime(_ key: String, _ fields: Fields) -> CivilClock.DateAndTime? {
        guard let node = fields[key],
            let (text, _) = scalar(node, key, meant: "a date and time", example: "\"2026-03-28 20:00:00\"")
        else { return nil }
        guard let date = CivilClock.DateAndTime(text) else {
            mistakes.add(
                node.position, "\(key) \(quoted(text)) is not a date and time",
                "which is YEAR-MONTH-DAY HOUR:MINUTE:SECOND",
                fix: "write for example \"2026-03-28 20:00:00\"")
            return nil
        }
        return date
    }
}

extension CivilClock.DateAndTime {
    /// nil: no date that there is.
    init?(_ text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 1 || parts.count == 2 else { return nil }
        let date = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        let time =
            parts.count == 2 ? parts[1].split(separator: ":", omittingEmptySubsequences: false) : ["0", "0", "0"]
        guard date.count == 3, time.count == 3, (date + time).allSatisfy({ isDigits($0) && $0.utf8.count <= 4 }),
            let year = Int(date[0]), let month = Int(date[1]), let day = Int(date[2]), let hour = Int(time[0]),
            let minute = Int(time[1]), let second = Int(time[2])
        else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1970...2200).contains(year), (1...12).contains(month), day >= 1, day <= days[month - 1], hour < 24,
            minute < 60, second < 60
        else { return nil }
        self.init(year: year, month: month, day: day, secondOfDay: hour * 3_600 + minute * 60 + second)
    }
}
