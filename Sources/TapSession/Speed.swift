/// How fast the time of wires passes that are not there: simulated or replayed.
public enum Speed: Sendable, Hashable {
    /// As fast as this machine can.
    case max
    /// So many times as fast as real time.
    case times(UInt32)

    public static let mostTimes: UInt32 = 1_000
}
