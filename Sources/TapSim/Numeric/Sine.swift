/// A sine made of additions and multiplications only: libm's bits change with the processor's features, and a
/// simulated run must not.
enum Sine {
    /// (-1)^k / (2k + 1)! from k = 10 down to 0: the Taylor series, cut where a term at a quarter turn is below 1e-18.
    private static let coefficients: [Double] = {
        var factorial = 1.0
        var terms: [Double] = [1]
        for k in 1...10 {
            factorial *= Double(2 * k) * Double(2 * k + 1)
            terms.append((k % 2 == 0 ? 1 : -1) / factorial)
        }
        return terms.reversed()
    }()

    /// sin(2 pi x) for x in turns, any finite number. Absolute error below 1e-15.
    static func ofTurns(_ turns: Double) -> Double {
        var x = turns - turns.rounded(.down)
        // Folded to the half turn around zero, where the sine is monotonic.
        if x > 0.75 { x -= 1 } else if x > 0.25 { x = 0.5 - x }
        let angle = x * 6.283185307179586
        let square = angle * angle
        var sum = 0.0
        for coefficient in coefficients { sum = sum * square + coefficient }
        return sum * angle
    }
}
