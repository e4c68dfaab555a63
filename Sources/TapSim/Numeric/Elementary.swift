/// Elementary functions made of + - x / only: libm's bits change with the processor's features, and a simulated run
/// must not. Each is within a few units of the last place.
enum Elementary {
    private static let ln2High = 0x1.62e42fee00000p-1
    private static let ln2Low = 0x1.a39ef35793c76p-33

    /// The natural logarithm of a finite number above 0; anything else traps.
    static func log(_ value: Double) -> Double {
        precondition(value > 0 && value.isFinite, "a logarithm of what is not above 0")
        var exponent = Double(value.exponent)
        var mantissa = value.significand
        if mantissa > 1.4142135623730951 {
            mantissa *= 0.5
            exponent += 1
        }
        // ln m = 2 artanh s, |s| < 0.172: the terms left out are below 1e-18.
        let s = (mantissa - 1) / (mantissa + 1)
        let square = s * s
        var sum = 0.0
        var divisor = 21.0
        while divisor > 1 {
            sum = (sum + 1 / divisor) * square
            divisor -= 2
        }
        return exponent * ln2High + (2 * s + (2 * s * sum + exponent * ln2Low))
    }

    /// e to that power; 0 below -745, infinity above 709.78.
    static func exp(_ power: Double) -> Double {
        guard power > -745 else { return 0 }
        guard power < 709.78 else { return .infinity }
        let count = (power * 1.4426950408889634).rounded()
        let rest = (power - count * ln2High) - count * ln2Low
        // |rest| < 0.347: the terms left out are below 1e-18.
        var sum = 1.0
        var divisor = 15.0
        while divisor >= 1 {
            sum = 1 + rest / divisor * sum
            divisor -= 1
        }
        // In two steps, for what is below the normal numbers.
        let half = (count / 2).rounded(.down)
        return sum * Double(sign: .plus, exponent: Int(half), significand: 1)
            * Double(sign: .plus, exponent: Int(count - half), significand: 1)
    }
}
