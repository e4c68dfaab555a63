public import TapConfig
public import TapCore

/// What an attack or a fault makes visible, to whoever has all signals, all claims and the approved program.
public struct Verdict: Sendable, Hashable {
    /// The attack or fault.
    public var label: Label
    /// Of an attack: a signal, a tag, a setting; empty: there is nothing to choose.
    public var target: String
    /// In order of time. Empty: it leaves no trace in the run.
    public var evidence: [Evidence] = []
    /// What differs, but by no more than is honest.
    public var within: [Evidence] = []
    /// The runs with and without it differ already here, before it begins; nil: they do not, as it must be.
    public var differsBefore: Timestamp?

    public var isVisible: Bool { !evidence.isEmpty }
}
