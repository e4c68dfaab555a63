/// What a number of a column of times counts.
public enum TimeUnit: String, Sendable, Hashable, CaseIterable {
    case s, ms, us, ns

    /// One is 10 to this power in nanoseconds.
    var exponent: Int {
        switch self {
        case .s: 9
        case .ms: 6
        case .us: 3
        case .ns: 0
        }
    }
}
