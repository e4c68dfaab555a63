import Glibc
import TapCommand
import TapCore
import TapDriver
import TapFormats

/// How far a long work is, on a line of a terminal that is drawn over itself: share, rate, time left. At most 40 columns.
///
/// Draws nothing where standard error is no terminal, and nothing in the first half second.
struct ProgressLine {
    enum Unit {
        case bytes
        /// Of the signals' time.
        case nanoseconds
    }

    private let isWanted: Bool
    private let clock = SystemClock()
    private let began: Timestamp
    private var drawn: Timestamp
    private var isShown = false

    private static let interval = Nanoseconds.milliseconds(500)

    init() {
        isWanted = Terminal.isError
        began = clock.now()
        drawn = began
    }

    /// - Parameters:
    ///   - share: from 0 to 1; nil: not known.
    ///   - done: how much of the unit, for the rate.
    mutating func draw(_ what: String, share: Double?, done: Double? = nil, unit: Unit = .bytes) {
        guard isWanted else { return }
        let now = clock.now()
        guard now - drawn >= ProgressLine.interval else { return }
        drawn = now
        isShown = true
        put("\r\(ProgressLine.text(what, share: share, done: done, unit: unit, elapsed: now - began))\u{1B}[K")
    }

    /// Before something else is written, and at the end.
    mutating func end() {
        guard isShown else { return }
        isShown = false
        put("\r\u{1B}[K")
    }

    static func text(_ what: String, share: Double?, done: Double?, unit: Unit, elapsed: Nanoseconds) -> String {
        let seconds = Double(elapsed.count) / 1e9
        var parts = [what]
        if let share { parts[0] += " \(Int(share * 100))%" }
        if let done, seconds > 0 {
            let rate = done / seconds
            switch unit {
            case .bytes: parts.append("\(Words.bytes(UInt64(max(0, rate))))/s")
            case .nanoseconds: parts.append("\(Words.digits(rate / 1e9, 2))x")
            }
        }
        if let share, share > 0, share < 1 {
            parts.append("\(clockText(Int(seconds / share * (1 - share)))) left")
        } else {
            parts.append(clockText(Int(seconds)))
        }
        return parts.joined(separator: " | ")
    }

    /// As 1:02:03 or 02:03.
    static func clockText(_ seconds: Int) -> String {
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60)
        return (hours > 0 ? "\(hours):" : "") + "\(two(minutes)):\(two(seconds % 60))"
    }

    private func put(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
