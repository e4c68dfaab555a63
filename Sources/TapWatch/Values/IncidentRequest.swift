import TapCore

/// What a person says of an incident, as a note says it: `ack 1: WORDS` or `note 1 by NAME: WORDS`.
///
/// Words that do not fit in a note go on in further ones, as `more 1: WORDS`.
public struct IncidentRequest: Sendable, Hashable {
    public enum Verb: String, Sendable, CaseIterable {
        /// Somebody looks after it.
        case acknowledge = "ack"
        case note
        /// The rest of what was said last.
        case more
    }

    public var verb: Verb
    /// The incident's number.
    public var incident: Int
    /// Who they say they are; empty: nobody says.
    public var claimed: String
    /// Empty only of an acknowledgement.
    public var words: String

    public init(_ verb: Verb, _ incident: Int, by claimed: String = "", _ words: String = "") {
        self.verb = verb
        self.incident = incident
        self.claimed = claimed
        self.words = words
    }

    /// nil: the note says something else.
    public init?(_ note: String) {
        let head = note.prefix { $0 != ":" }.split(separator: " ", omittingEmptySubsequences: false)
        guard head.count >= 2, let verb = Verb(rawValue: String(head[0])), let number = Int(head[1]), number > 0,
            head.count == 2 || head.count > 3 && head[2] == "by"
        else { return nil }
        let words = note.drop { $0 != ":" }.dropFirst()
        self.init(
            verb, number, by: head.dropFirst(3).joined(separator: " "),
            // One space belongs to the colon: what goes on in a further note may begin with one.
            String(words.first == " " ? words.dropFirst() : words))
        if verb != .acknowledge, self.words.isEmpty { return nil }
    }

    /// As one line.
    public var text: String {
        "\(verb.rawValue) \(incident)\(claimed.isEmpty ? "" : " by \(claimed)")\(words.isEmpty ? "" : ": \(words)")"
    }

    /// As notes, each of which fits.
    public var notes: [String] {
        var notes: [String] = []
        var line = IncidentRequest(verb, incident, by: claimed).text + ": "
        let further = IncidentRequest(.more, incident).text + ": "
        for character in words {
            if line.utf8.count + character.utf8.count > ShortText.longest {
                notes.append(line)
                line = further
            }
            line.append(character)
        }
        return notes + [words.isEmpty ? text : line]
    }
}
