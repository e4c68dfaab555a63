/// When a stage wants its next step.
public enum Wake: Sendable, Hashable {
    /// At this time; one not after the present means at once.
    case at(Timestamp)
    /// When the file descriptor becomes readable, but at this time at the latest.
    case readable(Int32, orAt: Timestamp)
    /// When a consumer has made room in the ring.
    case room
    /// Never again.
    case ended
}
