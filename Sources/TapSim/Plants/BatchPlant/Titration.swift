import TapConfig

/// The titration curve of a strong acid or base beside one buffer, by its charge balance:
/// `[H] + s = Kw / [H] + B Ka / (Ka + [H])`.
struct Titration: Sendable, Hashable {
    /// Of the buffer: a weak acid that gives one proton.
    private let acidity: Double
    private static let water = 1e-14

    /// - Parameter pKa: of the buffer.
    init(pKa: Double) { acidity = Elementary.exp(-2.302585092994046 * pKa) }

    /// By bisection of the hydrogen ions' concentration, halving its logarithm by square roots: 48 steps, far below what any
    /// probe resolves.
    ///
    /// - Parameters:
    ///   - strong: strong base less strong acid, in mol/l.
    ///   - buffer: of both its forms, in mol/l.
    func pH(strong: Double, buffer: Double) -> Double {
        var low = 1e-15
        var high = 10.0
        for _ in 0..<48 {
            let middle = (low * high).squareRoot()
            let charge =
                middle + strong - Titration.water / middle - buffer * acidity / (acidity + middle)
            if charge > 0 { high = middle } else { low = middle }
        }
        return -Elementary.log((low * high).squareRoot()) / 2.302585092994046
    }

    /// Strong base less strong acid that makes a pH, in mol/l.
    func strong(pH: Double, buffer: Double) -> Double {
        let hydrogen = Elementary.exp(-2.302585092994046 * pH)
        return Titration.water / hydrogen + buffer * acidity / (acidity + hydrogen) - hydrogen
    }
}
