public import TapCore

/// What somebody said of an incident.
public struct IncidentRemark: Sendable, Hashable {
    public var isAcknowledgement: Bool
    /// The user, as the kernel names it.
    public var author: String
    /// Who they say they are; empty: nobody says.
    public var claimed: String
    /// Since the session's start.
    public var time: Nanoseconds
    public var words: String

    public init(
        isAcknowledgement: Bool, author: String, claimed: String = "", time: Nanoseconds, words: String = ""
    ) {
        self.isAcknowledgement = isAcknowledgement
        self.author = author
        self.claimed = claimed
        self.time = time
        self.words = words
    }
}
