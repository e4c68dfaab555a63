import TapCore

/// From when to when an operator had recording paused, by the entries of the log.
struct PausedSpan: Sendable {
    /// On the gateway's monotonic clock. Each source stops and goes on at its next watermark.
    var from: Timestamp
    /// nil: until the session ended.
    var to: Timestamp?
    var why: String
    var author: String

    init(_ entry: PauseEntry) {
        from = entry.monotonic
        why = printable(entry.why)
        author = printable(entry.author)
    }

    /// As a reason of an answer.
    var words: String { "paused: \(why)" + (author.isEmpty ? "" : " (\(author))") }
}

extension [PausedSpan] {
    mutating func take(_ entry: PauseEntry) {
        let isOpen = last.map { $0.to == nil } ?? false
        if entry.ends, isOpen {
            self[count - 1].to = entry.monotonic
        } else if !entry.ends, !isOpen {
            append(PausedSpan(entry))
        }
    }

    /// Those that explain why a span was not recorded.
    ///
    /// - Parameters: on the gateway's monotonic clock; nil: the source has another, and it may be any.
    func reasons(_ span: (from: Timestamp, to: Timestamp)?) -> [String] {
        guard let span else { return map(\.words) }
        let begun = filter { $0.from <= span.to }
        let fitting = begun.filter { $0.to.map { $0 >= span.from } ?? true }
        return (fitting.isEmpty ? begun.suffix(1) : fitting).map(\.words)
    }
}
