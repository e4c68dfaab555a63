public import TapCore

/// What a person asks of a watch, as a note says it: `permit calibration for 2h` or `shelve siren-sounds for 2h`, and why,
/// behind a colon.
public struct WatchRequest: Sendable, Hashable {
    public enum Verb: String, Sendable, CaseIterable {
        /// Some work of the site.
        case permit
        /// What a rule finds, or every rule of an asset: it is marked, and counted as such.
        case shelve
    }

    public var verb: Verb
    /// Of what: a work, a rule or an asset, by its name.
    public var subject: String
    /// From the note's time on; zero: it is over.
    public var time: Nanoseconds
    /// Empty: nobody says.
    public var reason: String

    public init(_ verb: Verb, _ subject: String, for time: Nanoseconds, reason: String = "") {
        self.verb = verb
        self.subject = subject
        self.time = time
        self.reason = reason
    }

    /// nil: the note says something else.
    public init?(_ note: String) {
        let words = note.prefix { $0 != ":" }.split(separator: " ")
        // The name of a rule may have more words than one.
        guard words.count >= 4, let verb = Verb(rawValue: String(words[0])), words[words.count - 2] == "for",
            let time = try? DurationText.read(String(words[words.count - 1]))
        else { return nil }
        self.verb = verb
        subject = words[1..<words.count - 2].joined(separator: " ")
        self.time = time
        let rest = note.drop { $0 != ":" }.dropFirst()
        reason = String(rest.drop { $0 == " " })
    }

    /// As a note says it.
    public var text: String {
        "\(verb.rawValue) \(subject) for \(DurationText.exact(time))\(reason.isEmpty ? "" : ": \(reason)")"
    }
}
