public import TapCore

/// One track of a quadrature encoder. Track B is a quarter of a period behind A while it turns forwards.
public struct EncoderTrack: Sendable, Hashable {
    public enum Track: String, Sendable, Hashable, CaseIterable { case a, b }
    public var track: Track
    /// Of one track, at the encoder's speed.
    public var period: Nanoseconds
    /// When the direction changes, in order of time; then each `turnEvery` after the last, or after zero.
    public var turns: [Nanoseconds]
    public var turnEvery: Nanoseconds?

    public init(_ track: Track, period: Nanoseconds, turns: [Nanoseconds] = [], turnEvery: Nanoseconds? = nil) {
        self.track = track
        self.period = period
        self.turns = turns
        self.turnEvery = turnEvery
    }
}
