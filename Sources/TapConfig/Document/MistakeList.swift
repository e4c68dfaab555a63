/// Mistakes while they are gathered, by all readers of one file. Its memory is bounded whatever the file: it keeps the
/// earliest and a count. Not thread-safe: whoever reads a file does so in one thread.
package final class MistakeList {
    /// Its name in errors.
    let file: String
    private var kept: [Mistake] = []
    private var dropped = 0
    /// Of a text, what is the same in every copy of an entry that is written once; nil: nothing is copied.
    var samePlace: ((String) -> String)?

    package init(file: String) { self.file = file }

    package func add(_ position: FilePosition?, _ what: String, _ why: String = "", fix remedy: String) {
        if let samePlace {
            let text = samePlace(what)
            if kept.contains(where: { $0.position == position && samePlace($0.what) == text }) { return }
        }
        kept.append(Mistake(file: file, position: position, what: what, why: why, remedy: remedy))
        if kept.count >= 4 * ConfigurationErrors.limit { trim() }
    }

    /// All that was gathered; nil: nothing.
    package func errors() -> ConfigurationErrors? {
        guard !kept.isEmpty else { return nil }
        trim()
        return ConfigurationErrors(kept, more: dropped)
    }

    package var isEmpty: Bool { kept.isEmpty }

    private func trim() {
        let start = FilePosition(line: 0, column: 0)
        kept.sort { ($0.position ?? start, $0.what) < ($1.position ?? start, $1.what) }
        let surplus = kept.count - ConfigurationErrors.limit
        guard surplus > 0 else { return }
        kept.removeLast(surplus)
        dropped += surplus
    }
}
