extension Measure {
    /// A bare number.
    public static func count(_ count: Int) -> Measure { .quantity(Quantity(count)) }

    /// Its value, if that is the same at all times; nil: it is not.
    public var constant: Double? {
        switch self {
        case .quantity(let quantity): quantity.value
        case .sum(let left, let right): both(left, right, +)
        case .difference(let left, let right): both(left, right, -)
        case .product(let left, let right): both(left, right, *)
        case .quotient(let left, let right): both(left, right, /)
        case .negative(let inner): inner.constant.map { -$0 }
        case .magnitude(let inner): inner.constant.map(abs)
        case .power(let base, let exponent):
            base.constant.map { base in repeatElement(base, count: exponent).reduce(1, *) }
        case .channel, .tag, .word, .greatest, .least, .integral, .change, .starts, .counted: nil
        }
    }

    private func both(_ left: Measure, _ right: Measure, _ make: (Double, Double) -> Double) -> Double? {
        guard let first = left.constant, let second = right.constant else { return nil }
        let value = make(first, second)
        return value.isFinite ? value : nil
    }
}
