import TapConfig
import TapCore

/// A step, and what a system of first or second order makes of it.
final class StepValue: AnalogGenerator {
    private let step: Step
    private let at: UInt64

    init(_ step: Step) {
        self.step = step
        at = UInt64(step.at.count)
    }

    override func value(at time: UInt64) -> Double {
        guard time >= at else { return step.from }
        return step.from + (step.to - step.from) * StepValue.answer(step.response, after: Double(time - at))
    }

    /// The answer to a unit step.
    ///
    /// - Parameter span: since the step, in nanoseconds.
    static func answer(_ response: Step.Response, after span: Double) -> Double {
        switch response {
        case .none: return 1
        case .first(let constant): return 1 - Elementary.exp(-span / Double(constant.count))
        case .second(let period, let damping):
            // In turns of the undamped oscillation, and its angle.
            let turns = span / Double(period.count)
            let angle = 6.283185307179586 * turns
            if damping < 1 {
                let rest = (1 - damping * damping).squareRoot()
                let decay = Elementary.exp(-damping * angle)
                return 1 - decay * (Sine.ofTurns(rest * turns + 0.25) + damping / rest * Sine.ofTurns(rest * turns))
            }
            if damping == 1 { return 1 - Elementary.exp(-angle) * (1 + angle) }
            // Two real poles.
            let root = (damping * damping - 1).squareRoot()
            let (slow, fast) = (damping - root, damping + root)
            return 1
                - (fast * Elementary.exp(-slow * angle) - slow * Elementary.exp(-fast * angle)) / (2 * root)
        }
    }
}
