import TapCore

/// What the names of expressions mean.
struct Vocabulary {
    var signals: [String: SiteSignal] = [:]
    var words: [String: Typed] = [:]
    /// By `SOURCE.TAG`.
    var tags: [String: (name: TagName, tag: SiteTag)] = [:]
    var sources: Set<String> = []
    /// Words that stand further below.
    var later: Set<String> = []

    var names: [String] {
        (signals.keys.sorted() + words.keys.sorted() + tags.keys.sorted())
    }

    func meaning(of name: String) -> Typed? {
        if name == "true" || name == "false" { return .condition(.constant(name == "true")) }
        if let signal = signals[name] {
            return signal.isLine ? .condition(.line(name)) : .measure(.channel(name), signal.dimension)
        }
        switch words[name] {
        case .condition: return .condition(.word(name))
        case .measure(_, let dimension): return .measure(.word(name), dimension)
        case .speech, .source, .unknown, nil: break
        }
        if sources.contains(name) { return .source(name) }
        guard let (name, tag) = tags[name] else { return nil }
        switch tag.kind {
        case .bool: return .condition(.tag(name))
        case .number: return .measure(.tag(name), tag.dimension)
        case .words(let words): return .speech(name, words)
        case .clock: return nil
        }
    }

    /// What to write in place of a name that nothing has.
    func remedy(for name: String) -> String {
        if later.contains(name) { return "move '\(name)' up: a word uses words that stand above it" }
        if let tag = tags.keys.filter({ $0.hasSuffix("." + name) }).sorted().first {
            return "did you mean '\(tag)'?"
        }
        return guess(name, in: names) ?? "add it to signals, words or tags"
    }
}
