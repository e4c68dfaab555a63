import TapConfig

/// Numbers for people, all of one lane with as many digits.
enum DecimalText {
    /// - Parameter step: what is less does not matter; 0: three digits, and fewer where that says the same.
    static func text(_ value: Double, step: Double) -> String {
        guard value.isFinite, abs(value) < 1e9 else { return plain(value) }
        guard step > 0 else { return plain((value * 1e3).rounded() / 1e3 + 0) }
        var (power, digits) = (1.0, 0)
        // A half of a hundredth and more is worth two digits.
        while digits < 6, 1 / power > step * 1.000_001 { (power, digits) = (power * 10, digits + 1) }
        let scaled = Int64((abs(value) * power).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return sign + String(scaled) }
        let fraction = String(scaled % Int64(power))
        return sign + String(scaled / Int64(power)) + "." + String(repeating: "0", count: digits - fraction.count)
            + fraction
    }

    static func text(_ value: Double, step: Double, unit: String) -> String {
        text(value, step: step) + (unit.isEmpty ? "" : " \(unit)")
    }
}
