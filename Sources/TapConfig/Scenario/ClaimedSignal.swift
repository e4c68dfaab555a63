/// What a claim of a plant's screen speaks of.
public struct ClaimedSignal: Sendable, Hashable {
    /// The tag, as the screen calls it.
    public var tag: String
    /// A signal of the plant.
    public var signal: String
    /// A limit or set point of it, not its value.
    public var isLimit: Bool
    /// How far an honest claim may be from the signal, in the tag's unit: accuracy of the sensors and of the way to the
    /// screen, without its delay. 0: they are equal, as those of contacts are.
    public var accuracy: Double

    public init(tag: String, signal: String, isLimit: Bool = false, accuracy: Double = 0) {
        self.tag = tag
        self.signal = signal
        self.isLimit = isLimit
        self.accuracy = accuracy
    }
}
