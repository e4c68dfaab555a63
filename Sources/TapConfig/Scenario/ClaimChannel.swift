public import TapCore

/// What lies between a screen and whoever listens to it: how claims travel. It alters when they arrive and whether, and
/// says nothing untrue of its own.
///
/// Claims of one instant are a message and share its delay, loss and copy. All shares are probabilities, 0 to 1.
public struct ClaimChannel: Sendable, Hashable {
    public var delay = Delay()
    /// Of messages that never arrive.
    public var loss = 0.0
    /// Of messages that arrive twice, the second time with another delay.
    public var duplicates = 0.0
    /// Of claims that carry the value, and the source time, which their tag had in the message before.
    public var repeats = 0.0
    /// No message overtakes another.
    public var keepsOrder = true
    /// nil: nothing is said of source and server times.
    public var clock: Clock?
    /// nil: each claim is sent.
    public var byException: ByException?

    public init() {}

    /// `fixed`, and up to `jitter` more, evenly distributed; of a share of messages an exponentially distributed time more,
    /// of mean `tail` and at most eight times that.
    public struct Delay: Sendable, Hashable {
        public var fixed = Nanoseconds.zero
        public var jitter = Nanoseconds.zero
        public var tail = Nanoseconds.zero
        public var tailShare = 0.0

        public init() {}

        /// No message takes longer, but for those that wait for one before them.
        public var longest: Nanoseconds { fixed + jitter + (tailShare > 0 ? tail * ClaimChannel.longestTail : .zero) }
    }

    /// That of whoever sends the claims on: its error at the start, and how much it gains.
    public struct Clock: Sendable, Hashable {
        public var offset_s = 0.0
        /// Microseconds a second.
        public var drift_ppm = 0.0

        public init() {}
    }

    /// A claim is sent if its value is more than the dead band away from the one of its tag that was sent last, or if that
    /// was sent `silence` ago.
    public struct ByException: Sendable, Hashable {
        public var silence: Nanoseconds
        /// In the unit of each tag; of the others it is 0: each change is sent.
        public var deadBands: [String: Double]

        public init(silence: Nanoseconds, deadBands: [String: Double] = [:]) {
            self.silence = silence
            self.deadBands = deadBands
        }
    }

    /// Means of a tail after which it is cut.
    public static let longestTail: Int64 = 8
}
