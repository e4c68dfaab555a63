/// What a quantity is of, as powers of the SI's base units; pH beside them, which is nothing else.
public struct Dimension: Sendable, Hashable {
    /// In this order: m, kg, s, A, K, mol, cd, pH.
    private var powers: SIMD8<Int8>

    private static let names = ["m", "kg", "s", "A", "K", "mol", "cd", "pH"]

    init(
        m: Int8 = 0, kg: Int8 = 0, s: Int8 = 0, A: Int8 = 0, K: Int8 = 0, mol: Int8 = 0, cd: Int8 = 0, pH: Int8 = 0
    ) {
        powers = SIMD8(m, kg, s, A, K, mol, cd, pH)
    }

    /// A bare number: a count, a share.
    public static let number = Dimension()
    public static let time = Dimension(s: 1)
    public static let temperature = Dimension(K: 1)
    public static let current = Dimension(A: 1)

    /// Powers stay small whatever is written: they end at the ends of their range.
    static func * (left: Self, right: Self) -> Self { left.added(right, times: 1) }
    static func / (left: Self, right: Self) -> Self { left.added(right, times: -1) }
    func power(_ exponent: Int) -> Self { Dimension().added(self, times: exponent) }

    private func added(_ other: Self, times: Int) -> Self {
        var sum = self
        for index in 0..<8 {
            sum.powers[index] = Int8(clamping: Int(powers[index]) + Int(other.powers[index]) * times)
        }
        return sum
    }

    /// The SI unit without prefix, as `m3/s`; empty for a bare number.
    public var unit: String {
        if let name = Self.usual.first(where: { $0.0 == self })?.1 { return name }
        func part(_ isWanted: (Int8) -> Bool) -> String {
            (0..<8).filter { isWanted(powers[$0]) }.map { index in
                let power = abs(Int(powers[index]))
                return Self.names[index] + (power == 1 ? "" : "\(power)")
            }.joined(separator: " ")
        }
        let above = part { $0 > 0 }
        let below = part { $0 < 0 }
        return below.isEmpty ? above : "\(above.isEmpty ? "1" : above)/\(below)"
    }

    /// In words, for messages: `a length (m)`.
    var words: String {
        if self == .number { return "a number without a unit" }
        let name = Self.quantities.first { $0.0 == self }?.1 ?? "a quantity"
        return "\(name) (\(unit))"
    }

    private static let usual: [(Dimension, String)] = [
        (Dimension(m: 2, kg: 1, s: -3, A: -1), "V"), (Dimension(m: 2, kg: 1, s: -3, A: -2), "Ohm"),
        (Dimension(m: 2, kg: 1, s: -3), "W"), (Dimension(m: -1, kg: 1, s: -2), "Pa"), (Dimension(s: -1), "Hz"),
        (Dimension(m: 1, kg: 1, s: -2), "N"), (Dimension(m: 2, kg: 1, s: -2), "J"),
    ]
    private static let quantities: [(Dimension, String)] = [
        (Dimension(m: 1), "a length"), (Dimension(m: 2), "an area"), (Dimension(m: 3), "a volume"), (.time, "a time"),
        (Dimension(m: 3, s: -1), "a flow"), (Dimension(m: 1, s: -1), "a speed"), (Dimension(kg: 1), "a mass"),
        (Dimension(kg: 1, s: -1), "a mass flow"), (.current, "a current"), (.temperature, "a temperature"),
        (Dimension(m: 2, kg: 1, s: -3, A: -1), "a voltage"), (Dimension(m: -1, kg: 1, s: -2), "a pressure"),
        (Dimension(m: 2, kg: 1, s: -3), "a power"), (Dimension(s: -1), "a frequency"), (Dimension(pH: 1), "a pH"),
        (Dimension(m: 2, kg: 1, s: -2), "an energy"),
    ]
}
