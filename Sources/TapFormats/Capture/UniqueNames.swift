import TapCore

/// Names that a foreign file gives, made fit for a session: printable, not empty, each once.
struct UniqueNames {
    private var taken: Set<String> = []
    /// Of a name that came more than once: the number tried next.
    private var next: [String: Int] = [:]
    private var renamed: [String] = []
    private var renamedCount = 0

    /// What is to be said of names that are not as in the file.
    var remarks: [String] {
        guard renamedCount > 0 else { return [] }
        let some = renamed.joined(separator: ", ") + (renamedCount > renamed.count ? " and others" : "")
        return ["names that were taken already have a number added: \(some)"]
    }

    mutating func take(_ name: String, or standIn: String) -> String {
        let clean = printable(name)
        let base = clean.isEmpty ? standIn : clean
        var unique = base
        while !taken.insert(unique).inserted {
            let number = next[base, default: 2]
            next[base] = number + 1
            unique = "\(base)_\(number)"
        }
        if unique != base {
            renamedCount += 1
            if renamed.count < 4 { renamed.append(unique) }
        }
        return unique
    }
}
