public import TapCore

/// offset + amplitude x a shape between -1 and 1.
public struct Periodic: Sendable, Hashable {
    public enum Shape: Sendable, Hashable {
        case sine
        /// Rises from -1 to 1 and falls back at once.
        case ramp
        /// Rises from -1 to 1 in the first half of its period, and falls in the second.
        case triangle
        /// 1 for a share of its period, -1 for the rest.
        case square(duty: Double)
    }
    public var shape: Shape
    public var offset: Double
    public var amplitude: Double
    public var period: Nanoseconds
    /// How much later its periods begin.
    public var phase: Nanoseconds

    public init(
        _ shape: Shape, offset: Double = 0, amplitude: Double, period: Nanoseconds, phase: Nanoseconds = .zero
    ) {
        self.shape = shape
        self.offset = offset
        self.amplitude = amplitude
        self.period = period
        self.phase = phase
    }
}
