public import TapCore

/// Spikes by chance, up or down, that decay exponentially.
public struct Spikes: Sendable, Hashable {
    public var amplitude: Double
    public var meanInterval: Nanoseconds
    /// Time constant of the decay.
    public var decay: Nanoseconds

    public init(amplitude: Double, meanInterval: Nanoseconds, decay: Nanoseconds) {
        self.amplitude = amplitude
        self.meanInterval = meanInterval
        self.decay = decay
    }
}
