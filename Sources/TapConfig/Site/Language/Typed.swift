/// An expression whose names are known.
enum Typed {
    case condition(Condition)
    case measure(Measure, Dimension)
    /// A tag that says one of these words.
    case speech(TagName, [String])
    /// A source of claims.
    case source(String)
    /// Nothing that is declared: perhaps one of a tag's words.
    case unknown(String)

    /// For messages, with its article.
    var noun: String {
        switch self {
        case .condition: "true or false"
        case .measure(_, let dimension): dimension.words
        case .speech: "one of several words"
        case .source: "a source of claims"
        case .unknown: "unknown"
        }
    }
}
