import TapCore

/// Names that a foreign file gives, made fit for a session: printable, not empty, each once.
struct UniqueNames {
    private var taken: Set<String> = []
    /// Of a name that came more than once: the number tried next.
    private var next: [String: Int] = [:]

    mutating func take(_ name: String, or standIn: String) -> String {
        let clean = printable(name)
        let base = clean.isEmpty ? standIn : clean
        var unique = base
        while !taken.insert(unique).inserted {
            let number = next[base, default: 2]
            next[base] = number + 1
            unique = "\(base)_\(number)"
        }
        return unique
    }
}
