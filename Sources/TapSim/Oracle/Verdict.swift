public import TapCore

/// What an attack makes visible, to whoever has all signals, all claims and the approved program.
public struct Verdict: Sendable, Hashable {
    /// As its label: `aim/variant`.
    public var attack: String
    public var target: String
    public var from: Timestamp
    /// nil: to the end of the run.
    public var to: Timestamp?
    /// In order of time. Empty: it leaves no trace in the run.
    public var evidence: [Evidence] = []
    /// What differs, but by no more than is honest.
    public var within: [Evidence] = []
    /// The runs with and without it differ already here, before it begins; nil: they do not, as it must be.
    public var differsBefore: Timestamp?

    public var isVisible: Bool { !evidence.isEmpty }
}
