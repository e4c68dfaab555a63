public import TapCore

/// What is true of a tag at one of its claims, and what became of the claim on its way.
public struct ClaimTruth: Sendable, Hashable {
    /// The plant's, or of a scenario's `claims`.
    public var tag: TagInfo
    /// When the screen made the claim.
    public var claimed: Timestamp
    /// When it arrived; nil: it was lost.
    public var arrived: Timestamp?
    /// As it arrived, or would have.
    public var value: Claim.Value
    /// What the tag really was when the screen made the claim; nil: nothing is known of it.
    public var truth: Claim.Value?
    /// Its value is that of the claim before.
    public var isStale = false
    /// It is a copy of one that arrived.
    public var isDuplicate = false
}
