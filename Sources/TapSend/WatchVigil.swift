import TapCore
import TapFormats

/// Whether the watch behind goes on, by what it answers. Nothing here reads a clock.
struct WatchVigil: Sendable {
    /// Without an answer, or without a step of the watch.
    static let patience = Nanoseconds.seconds(5)
    /// Without anything decided.
    static let undecided = Nanoseconds.seconds(30)

    /// When the newest answer was asked for.
    private(set) var answered: Timestamp?
    /// Of it.
    private(set) var watch: [UInt8] = []
    private var behind = Nanoseconds.zero
    private var isEnded = false
    private var decided = (text: "", since: Timestamp.zero)
    /// Why there was no answer last.
    var refusal = ""

    mutating func take(_ news: WatchNews, asked: Timestamp) {
        answered = asked
        watch = news.watch
        (behind, isEnded) = (news.behind, news.isEnded)
        if decided.text != news.decided_ns || news.decided_ns.isEmpty { decided = (news.decided_ns, asked) }
    }

    /// Since when nothing is known of the plant, and why; nil: the watch goes on.
    func silence(at now: Timestamp, start: Timestamp) -> (since: Timestamp, why: String)? {
        guard let answered else { return (start, refusal.isEmpty ? "the watch has not answered yet" : refusal) }
        if isEnded { return (answered, "the watch has ended") }
        if now - answered > WatchVigil.patience {
            return (answered, refusal.isEmpty ? "the watch does not answer" : refusal)
        }
        if behind > WatchVigil.patience { return (answered, "the watch answers and does not go on") }
        if now - decided.since > WatchVigil.undecided { return (decided.since, "the watch decides nothing") }
        return nil
    }
}
