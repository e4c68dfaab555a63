import TapCore
import TapFormats
import TapWatch

/// Times of a session as dates, as far as it has one.
struct SessionTimeText {
    /// UTC at the session's start; nil: it has no date, or one of a scenario.
    private let utc: UInt64?

    init(_ header: SessionHeader) { utc = header.dateUTC_ns }

    /// UTC, as far as there is one.
    func date(_ time: Nanoseconds) -> String? {
        utc.map { Words.utc($0 &+ UInt64(bitPattern: time.count)) }
    }

    /// For people: the date to milliseconds, or the time since the start.
    func people(_ time: Nanoseconds) -> String {
        if let date = date(time) { return date.dropLast(7) + "Z" }
        let milliseconds = time.count / 1_000_000
        func padded(_ value: Int64, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let (seconds, minutes) = (milliseconds / 1_000, milliseconds / 60_000)
        return
            "+\(minutes / 60):\(padded(minutes % 60, 2)):\(padded(seconds % 60, 2)).\(padded(milliseconds % 1_000, 3))"
    }
}
