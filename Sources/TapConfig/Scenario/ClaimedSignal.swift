/// What a claim of a plant's screen speaks of.
public struct ClaimedSignal: Sendable, Hashable {
    /// The tag, as the screen calls it.
    public var tag: String
    /// A signal of the plant.
    public var signal: String
    /// A limit or set point of it, not its value.
    public var isLimit: Bool

    public init(tag: String, signal: String, isLimit: Bool = false) {
        self.tag = tag
        self.signal = signal
        self.isLimit = isLimit
    }
}
