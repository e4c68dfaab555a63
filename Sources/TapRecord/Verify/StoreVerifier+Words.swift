import TapCore

extension StoreVerifier {
    /// What an entry says to people.
    static func words(_ entry: OutageEntry) -> String {
        let seconds = max(0, (entry.to - entry.from).count) / 1_000_000_000
        let what = entry.isFull ? "was full" : "took nothing"
        return "session \(entry.session): the medium \(what) for \(seconds) s: \(printable(entry.why))"
    }
}
