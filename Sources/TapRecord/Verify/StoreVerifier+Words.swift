import TapCore

extension StoreVerifier {
    mutating func take(_ entry: PauseEntry) {
        guard let session = result.sessions.last, session.end == nil else { return }
        let isOpen = result.pauses.last.map { $0.session == session.number && $0.utcTo == nil } ?? false
        if entry.ends, isOpen {
            result.pauses[result.pauses.count - 1].utcTo = entry.utc_ns
        } else if !entry.ends, !isOpen {
            result.pauses.append(
                Verification.Pause(
                    session: session.number, utcFrom: entry.utc_ns, utcTo: nil, why: printable(entry.why),
                    author: printable(entry.author)))
        }
    }

    /// What an entry says to people.
    static func words(_ entry: OutageEntry) -> String {
        let seconds = max(0, (entry.to - entry.from).count) / 1_000_000_000
        let what = entry.isFull ? "was full" : "took nothing"
        return "session \(entry.session): the medium \(what) for \(seconds) s: \(printable(entry.why))"
    }
}
