public import TapCore

/// Names of records in files and on screens: the same everywhere.
public enum Words {
    public static func kind(_ kind: Gap.Kind) -> String {
        switch kind {
        case .kernelQueueOverflow: "kernel-queue-overflow"
        case .repeatedPolarity: "repeated-polarity"
        case .levelDisagreement: "level-disagreement"
        case .scansMissing: "scans-missing"
        case .ringFull: "ring-full"
        case .muted: "muted"
        case .sourceGone: "source-gone"
        case .sourceBack: "source-back"
        case .notRecorded: "not-recorded"
        }
    }

    public static func reason(_ reason: Level.Reason) -> String {
        switch reason {
        case .first: "first"
        case .disagreement: "disagreement"
        case .muted: "muted"
        case .resumed: "resumed"
        }
    }

    public static func quality(_ quality: Claim.Quality) -> String {
        switch quality {
        case .good: "good"
        case .uncertain: "uncertain"
        case .bad: "bad"
        case .unknown: "unknown"
        }
    }

    public static func stamps(_ stamps: ScanBlock.Stamps) -> String {
        switch stamps {
        case .device: "device"
        case .arrival: "arrival"
        case .bracket: "bracket"
        case .exact: "exact"
        }
    }

    public static func certainty(_ count: Gap.Count) -> String {
        switch count {
        case .exactly: "exact"
        case .atLeast: "at-least"
        case .about: "estimated"
        case .unknown: "unknown"
        }
    }

    private static let allCapabilities: [(SourceInfo.Capabilities, String)] = [
        (.edges, "edges"), (.scans, "scans"), (.countsQueueLoss, "counts-queue-loss"),
        (.readsLevels, "reads-levels"), (.mutes, "mutes"), (.returns, "returns"),
        (.findsMissingScans, "finds-missing-scans"), (.waitsForRoom, "waits-for-room"), (.ordered, "ordered"),
        (.claims, "claims"),
    ]

    public static func capabilities(_ capabilities: SourceInfo.Capabilities) -> [String] {
        allCapabilities.filter { capabilities.contains($0.0) }.map(\.1)
    }

    /// Of these words; those of a newer tap are passed over.
    static func capabilities(_ words: [String]) -> SourceInfo.Capabilities {
        SourceInfo.Capabilities(allCapabilities.filter { words.contains($0.1) }.map(\.0))
    }

    /// A span with a unit that fits, as "1.5 ms": three or four significant digits.
    public static func span(_ span: Nanoseconds) -> String {
        let sign = span.count < 0 ? "-" : ""
        let value = Double(span.count.magnitude)
        // Limits lie where four digits would round up to a thousand.
        for (limit, unit, factor) in [(1e3, "ns", 1.0), (999.95e3, "us", 1e3), (999.95e6, "ms", 1e6)]
        where value < limit {
            return sign + digits(value / factor, 4) + " " + unit
        }
        return sign + digits(value / 1e9, 4) + " s"
    }

    public static func span(_ nanoseconds: UInt64) -> String {
        span(Nanoseconds(Int64(clamping: nanoseconds)))
    }

    /// As "1.5 GB".
    public static func bytes(_ count: UInt64) -> String {
        let value = Double(count)
        for (limit, unit, factor) in [
            (1e3, "bytes", 1.0), (999.5e3, "kB", 1e3), (999.5e6, "MB", 1e6), (999.5e9, "GB", 1e9),
        ]
        where value < limit {
            return digits(value / factor, 3) + " " + unit
        }
        return digits(value / 1e12, 3) + " TB"
    }

    /// At most that many significant digits, without trailing zeros.
    public static func digits(_ value: Double, _ count: Int) -> String {
        guard value.isFinite else { return "\(value)" }
        guard value != 0 else { return "0" }
        var magnitude = 0
        var scaled = value.magnitude
        while scaled >= 10, magnitude < 300 {
            scaled /= 10
            magnitude += 1
        }
        while scaled < 1, magnitude > -300 {
            scaled *= 10
            magnitude -= 1
        }
        let decimals = max(0, count - 1 - magnitude)
        guard decimals <= 15, magnitude < 15 else { return "\(value)" }
        var power = 1.0
        for _ in 0..<decimals { power *= 10 }
        let rounded = UInt64((value.magnitude * power).rounded())
        let whole = rounded / UInt64(power)
        var text = String(rounded % UInt64(power))
        text = String(repeating: "0", count: max(0, decimals - text.count)) + text
        while text.last == "0" { text.removeLast() }
        return (value < 0 ? "-" : "") + String(whole) + (decimals == 0 || text.isEmpty ? "" : "." + text)
    }

    /// UTC as RFC 3339 with nanoseconds. Proleptic Gregorian calendar, no leap seconds, as CLOCK_REALTIME counts.
    public static func utc(_ nanoseconds: UInt64) -> String {
        let seconds = nanoseconds / 1_000_000_000
        let (year, month, day) = date(ofDay: Int(seconds / 86_400))
        func padded(_ value: UInt64, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return padded(UInt64(year), 4) + "-" + padded(UInt64(month), 2) + "-" + padded(UInt64(day), 2) + "T"
            + padded(seconds / 3_600 % 24, 2) + ":" + padded(seconds / 60 % 60, 2) + ":" + padded(seconds % 60, 2)
            + "." + padded(nanoseconds % 1_000_000_000, 9) + "Z"
    }

    /// The inverse of `utc`, also with fewer digits of the second; nil: something else, or before 1970.
    public static func nanoseconds(utc text: String) -> UInt64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 30, bytes.last == UInt8(ascii: "Z"), bytes[10] == UInt8(ascii: "T"),
            bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"), bytes.count == 20 || bytes[19] == UInt8(ascii: ".")
        else { return nil }
        func number(_ range: Range<Int>) -> Int? { Decimal.unsigned(bytes, range).flatMap { Int(exactly: $0) } }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19),
            let fraction = bytes.count == 20
                ? (0, true) : Decimal.scaled(bytes, 20..<bytes.count - 1, exponent: 9 - (bytes.count - 21))
        else { return nil }
        return nanoseconds(
            year: year, month: month, day: day, hour: hour, minute: minute, second: second,
            fraction_ns: Int(fraction.value))
    }

    /// Since 1970; nil: no such time, or one that does not fit.
    static func nanoseconds(
        year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, fraction_ns: Int
    ) -> UInt64? {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1970...2500).contains(year), (1...12).contains(month), (1...lengths[month - 1]).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second),
            (0...999_999_999).contains(fraction_ns)
        else { return nil }
        let before = year - 1
        let days =
            before * 365 + before / 4 - before / 100 + before / 400 - 719_162
            + lengths.prefix(month - 1).reduce(0, +) + day - 1
        let seconds = UInt64(days) * 86_400 + UInt64(hour * 3_600 + minute * 60 + second)
        return seconds * 1_000_000_000 + UInt64(fraction_ns)
    }

    /// The date of a day counted from 1970-01-01: years are taken to begin in March, so that leap days come last.
    static func date(ofDay day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = shifted / 146_097
        let ofEra = shifted % 146_097
        let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * ofYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * shiftedMonth + 2) / 5 + 1
        )
    }
}
