public import TapCore

/// What a person says to a watch, as a note has it: `permit calibration for 2h`, `shelve siren-sounds for 2h`, `approve
/// hmi.SP_HIGH as 2100 mm within 10min` or `trust LT1`, and why, behind a colon.
public struct WatchRequest: Sendable, Hashable {
    public enum Verb: String, Sendable, CaseIterable {
        /// Some work of the site.
        case permit
        /// What a rule finds, or every rule of an asset: it is marked, and counted as such.
        case shelve
        /// Another value of a tag that is compared with an approved one.
        case approve
        /// What a channel measures from now on, after a step that nothing physical makes.
        case trust
    }

    public var verb: Verb
    /// Of what: a work, a rule, an asset, a tag or a channel, by its name.
    public var subject: String
    /// From the note's time on; zero: it is over. Of an approval: how long the value before may still be claimed; of trust: zero.
    public var time: Nanoseconds
    /// Of an approval, as `2100 mm`; empty of others.
    public var value = ""
    /// Empty: nobody says.
    public var reason: String

    public init(_ verb: Verb, _ subject: String, for time: Nanoseconds, reason: String = "") {
        self.verb = verb
        self.subject = subject
        self.time = time
        self.reason = reason
    }

    /// From the note's time on without an end.
    ///
    /// - Parameter before: how long the value that was approved before may still be claimed.
    public init(approving subject: String, as value: String, before: Nanoseconds, reason: String = "") {
        self.init(.approve, subject, for: before, reason: reason)
        self.value = value
    }

    /// nil: the note says something else.
    public init?(_ note: String) {
        let words = note.prefix { $0 != ":" }.split(separator: " ")
        if words.count == 2, words[0] == Verb.trust.rawValue, note.contains(":") {
            (verb, subject, time) = (.trust, String(words[1]), .zero)
            reason = WatchRequest.reason(of: note)
            return
        }
        // The name of a rule may have more words than one.
        guard words.count >= 4, let verb = Verb(rawValue: String(words[0])),
            words[words.count - 2] == (verb == .approve ? "within" : "for"),
            verb != .trust, let time = try? DurationText.read(String(words[words.count - 1]))
        else { return nil }
        self.verb = verb
        var named = words[1..<words.count - 2]
        if verb == .approve {
            // `hmi.SP_HIGH as 2100 mm`
            guard named.count >= 3, words[2] == "as" else { return nil }
            value = words[3..<words.count - 2].joined(separator: " ")
            named = words[1..<2]
        }
        subject = named.joined(separator: " ")
        self.time = time
        reason = WatchRequest.reason(of: note)
    }

    private static func reason(of note: String) -> String {
        String(note.drop { $0 != ":" }.dropFirst().drop { $0 == " " })
    }

    /// As a note says it.
    public var text: String {
        if verb == .trust { return "trust \(subject):\(reason.isEmpty ? "" : " \(reason)")" }
        let what = verb == .approve ? "\(subject) as \(value) within" : "\(subject) for"
        return "\(verb.rawValue) \(what) \(DurationText.exact(time))\(reason.isEmpty ? "" : ": \(reason)")"
    }
}
