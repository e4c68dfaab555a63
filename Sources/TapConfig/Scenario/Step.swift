public import TapCore

/// From one value to another, at once or as a system of first or second order answers.
public struct Step: Sendable, Hashable {
    public enum Response: Sendable, Hashable {
        case none
        case first(timeConstant: Nanoseconds)
        /// - Parameters:
        ///   - period: of the undamped oscillation.
        ///   - damping: the damping ratio: below 1 it overshoots.
        case second(period: Nanoseconds, damping: Double)
    }
    public var from: Double
    public var to: Double
    public var at: Nanoseconds
    public var response: Response

    public init(from: Double, to: Double, at: Nanoseconds, response: Response = .none) {
        self.from = from
        self.to = to
        self.at = at
        self.response = response
    }
}
