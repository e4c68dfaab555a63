public import TapCore

/// What somebody makes of a wave for a span of a run. Outside of it the wave is what it is without.
public struct Alteration<Effect: Sendable & Hashable>: Sendable, Hashable {
    /// Since the start.
    public var from: Nanoseconds
    /// Later than `from`; nil: for ever.
    public var to: Nanoseconds?
    public var effect: Effect

    public init(from: Nanoseconds, to: Nanoseconds?, _ effect: Effect) {
        self.from = from
        self.to = to
        self.effect = effect
    }
}
