/// Units of time as a file may write them.
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
