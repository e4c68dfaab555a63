import TapCore

/// What times of claims mean, as others write them: dates with a zone or without, or numbers.
///
/// A local time that clocks showed twice is that of the second time once times have gone back by a quarter of what the clocks
/// were put back, or the same is said again of the same time; before that it is taken for the first, and is not sure.
struct ClaimClock: Sendable {
    struct Time: Sendable, Hashable {
        /// Since 1970 of a date, otherwise since whatever the file counts from.
        var nanoseconds: Int128
        var isDate: Bool
        var isSure = true
    }

    /// How a column or member says that its numbers are.
    enum Numbers: Sendable, Hashable {
        /// One is 10^exponent nanoseconds of no date.
        case counted(exponent: Int)
        /// One is 10^exponent nanoseconds since 1970.
        case dated(exponent: Int)
        /// As its first number says: from 3 years on it is a date, in the unit in which that is after 1973.
        case unsaid
    }

    /// Of dates that have none; nil: nobody says it.
    private let zone: ZoneRules?
    private var decided: Numbers?
    /// The hour that is there twice, and which of the two it is.
    private var doubled: (times: [Int64], rows: Int, isSecond: Bool)?
    private var lastLocal: Int64 = .min
    /// Of what the first said that has that time.
    private var lastSubject = -1

    /// Dates without a zone, where nobody has named one.
    private(set) var isZoneMissing = false
    /// Times that may be those of another hour, and the first of them; times that clocks never showed.
    private(set) var ambiguous = 0
    private(set) var firstAmbiguous: Int64?
    private(set) var neverShown = 0

    init(_ zone: ZoneRules?) { self.zone = zone }

    /// Of a number, or a date and perhaps a time of day in a cell of its own; nil: something else.
    ///
    /// - Parameter subject: what is said at that time; -1: whatever a row says.
    mutating func time(
        _ bytes: [UInt8], _ cell: Range<Int>, clock: Range<Int>? = nil, _ numbers: Numbers = .unsaid,
        point: UInt8 = UInt8(ascii: "."), of subject: Int = -1
    ) -> Time? {
        if let double = number(bytes, cell, point) {
            switch numbers == .unsaid ? hold(double) : numbers {
            case .counted(let exponent):
                return CSVTimes.signed(bytes, cell, exponent: exponent, point: point).map {
                    Time(nanoseconds: $0, isDate: false)
                }
            case .dated(let exponent):
                return CSVTimes.signed(bytes, cell, exponent: exponent, point: point).map {
                    Time(nanoseconds: $0, isDate: true)
                }
            case .unsaid: return nil
            }
        }
        guard var date = CSVDate(bytes, cell), date.hasDate else { return nil }
        if let clock {
            guard !date.hasTime, let time = CSVDate(bytes, clock), time.hasTime, !time.hasDate else { return nil }
            date.nanoseconds += time.nanoseconds
            date.zone = time.zone
        }
        if let zone = date.zone { return Time(nanoseconds: date.nanoseconds - Int128(zone.nanoseconds), isDate: true) }
        return resolve(date.nanoseconds, subject)
    }

    private func number(_ bytes: [UInt8], _ cell: Range<Int>, _ point: UInt8) -> Double? {
        guard cell.count <= 40, let first = cell.first, bytes[first] < 0x3A else { return nil }
        return CSVText(point: point).number(bytes, cell).flatMap { $0.isFinite ? $0 : nil }
    }

    /// What numbers are of which nobody says it: decided by the first.
    private mutating func hold(_ number: Double) -> Numbers {
        if let decided { return decided }
        let found: Numbers =
            switch number.magnitude {
            case 1e17...: .dated(exponent: 0)
            case 1e14...: .dated(exponent: 3)
            case 1e11...: .dated(exponent: 6)
            case 1e8...: .dated(exponent: 9)
            default: .counted(exponent: 9)
            }
        decided = found
        return found
    }

    private mutating func resolve(_ local: Int128, _ subject: Int) -> Time {
        guard let zone else {
            isZoneMissing = true
            return Time(nanoseconds: local, isDate: true)
        }
        let (seconds, rest) = local.quotientAndRemainder(dividingBy: 1_000_000_000)
        let clock = Int64(clamping: seconds)
        let isAgain = clock == lastLocal && subject == lastSubject
        if clock != lastLocal { lastSubject = subject }
        defer { lastLocal = clock }
        func time(_ seconds: Int64, isSure: Bool = true) -> Time {
            Time(nanoseconds: Int128(seconds) * 1_000_000_000 + rest, isDate: true, isSure: isSure)
        }
        let times = zone.times(ofLocal: clock)
        guard times.count == 2 else {
            closeDoubled()
            if let only = times.first { return time(only) }
            neverShown += 1
            return time(zone.timeNeverShown(ofLocal: clock))
        }
        let putBack = times[1] - times[0]
        var present = doubled ?? (times, 0, false)
        if doubled != nil, isAgain || clock <= lastLocal - putBack / 4 { present.isSecond = true }
        if !present.isSecond { present.rows += 1 }
        if present.rows == 1, !present.isSecond { present.times = times }
        doubled = present
        return present.isSecond ? time(times[1]) : time(times[0], isSure: false)
    }

    /// The hour is over: without a second pass nobody knows which it was.
    mutating func closeDoubled() {
        if let past = doubled, !past.isSecond {
            ambiguous += past.rows
            firstAmbiguous = firstAmbiguous ?? past.times[0]
        }
        doubled = nil
    }

    /// What is to be said of it. Once everything is read.
    var remarks: [String] {
        var remarks: [String] = []
        if isZoneMissing {
            remarks.append("its dates have no zone: they are taken as they are; name it with 'zone' in the site file")
        }
        if ambiguous > 0, let first = firstAmbiguous {
            remarks.append(
                "\(ambiguous) times of an hour that clocks showed twice are taken for the first of the two, from "
                    + "\(Words.utc(UInt64(clamping: first) &* 1_000_000_000)) on: nothing says which it was")
        }
        if neverShown > 0 {
            remarks.append(
                "\(neverShown) times were never shown by clocks of \(zone?.name ?? ""), which were put forward then")
        }
        return remarks
    }
}
