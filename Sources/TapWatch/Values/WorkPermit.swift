public import TapCore

/// A person's permit for some work, as a note says it: `permit calibration for 2h`, and what else behind a colon.
public struct WorkPermit: Sendable, Hashable {
    public var work: String
    /// From the note's time on; zero: it is over.
    public var time: Nanoseconds

    /// nil: the note says something else.
    public init?(_ note: String) {
        let words = note.prefix { $0 != ":" }.split(separator: " ")
        guard words.count == 4, words[0] == "permit", words[2] == "for",
            let time = try? DurationText.read(String(words[3]))
        else { return nil }
        work = String(words[1])
        self.time = time
    }
}
