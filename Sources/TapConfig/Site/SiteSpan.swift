public import TapCore

/// A length of time, or so many polls of a source.
public enum SiteSpan: Sendable, Hashable {
    case polls(Int)
    case time(Nanoseconds)

    /// - Parameter every: from one poll to the next.
    public func time(every: Nanoseconds) -> Nanoseconds {
        switch self {
        // At most 100,000 polls of at most a day, so nothing overflows.
        case .polls(let count): Nanoseconds(every.count * Int64(count))
        case .time(let time): time
        }
    }
}
