/// How fast time passes for simulated or replayed signals.
public enum Speed: Sendable, Hashable {
    /// As fast as this machine can.
    case max
    /// So many times as fast as real time.
    case times(UInt32)

    public static let mostTimes: UInt32 = 1_000
}
