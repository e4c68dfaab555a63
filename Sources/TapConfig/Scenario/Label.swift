public import TapCore

/// The truth about a span of a run: an operating mode, an attack, a fault. Written beside the wires, never into them.
public struct Label: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable { case operation, attack, fault }
    public var kind: Kind
    /// As `diurnal-demand`, `hand-mode`, `falsified-monitoring/frozen`.
    public var name: String
    public var from: Timestamp
    /// `distantFuture`: not over when the run ended.
    public var to: Timestamp
    /// What really happens, in a sentence.
    public var truth: String

    public init(kind: Kind, name: String, from: Timestamp, to: Timestamp, truth: String) {
        self.kind = kind
        self.name = name
        self.from = from
        self.to = to
        self.truth = truth
    }
}
