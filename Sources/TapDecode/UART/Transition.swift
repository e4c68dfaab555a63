public import TapCore

/// A change of one line.
public struct Transition: BitwiseCopyable, Sendable, Hashable {
    public var time: Timestamp
    /// The level from then on.
    public var isHigh: Bool

    public init(time: Timestamp, isHigh: Bool) {
        self.time = time
        self.isHigh = isHigh
    }
}
