import TapCore

/// Samples a second as sigrok writes them.
public enum SampleRate {
    /// Of text as `4 MHz`, `12.5 kHz`, `500 Hz`; a number alone is in hertz.
    ///
    /// - Parameter isOfSigrok: in a file of libsigrok, which takes no case of letters into account: `2 mHz` is 2 MHz.
    public static func hertz(_ text: String, isOfSigrok: Bool = false) -> UInt64? {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = String(text.dropFirst(number.count)).trimmed
        let powers = ["": 0, "Hz": 0, "kHz": 3, "MHz": 6, "GHz": 9]
        let powersOfSigrok = ["": 0, "hz": 0, "k": 3, "khz": 3, "m": 6, "mhz": 6, "g": 9, "ghz": 9]
        guard let power = isOfSigrok ? powersOfSigrok[unit.lowercased()] : powers[unit],
            let (value, isExact) = Decimal.scaled(Array(number.utf8), 0..<number.utf8.count, exponent: power),
            isExact, value > 0
        else { return nil }
        return value
    }

    /// The inverse of `hertz`.
    static func text(hertz: UInt64) -> String {
        for (unit, factor) in [("GHz", 1_000_000_000), ("MHz", 1_000_000), ("kHz", 1_000)] as [(String, UInt64)]
        where hertz % factor == 0 {
            return "\(hertz / factor) \(unit)"
        }
        return "\(hertz) Hz"
    }
}
