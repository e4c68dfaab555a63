/// What a look at a proof found.
public struct ProofVerification: Sendable {
    /// As of a store; `size` is the number of entries in the proof.
    public var record = Verification()
    /// Files that no signature covers, in their order.
    public var uncovered: [String] = []
    /// Indexes of the first and the last entry of the proof's chunks.
    public var range: ClosedRange<UInt64>?
    /// Of each source, from its first chunk to its last.
    public var spans: [Verification.Span] = []
    /// It could not be read so far that its copies can be compared.
    public var isBroken = false

    /// A copy does not match the chunks.
    ///
    /// - Parameter offset: of the first byte that differs.
    public mutating func add(copy name: String, differsAt offset: UInt64) {
        record.add(.altered, name, "is not a copy of the chunks: byte \(offset) is the first that differs")
    }

    /// A copy cannot be made, so that nothing is known of the one that is there.
    public mutating func add(copy name: String, cannotBeMade what: String) {
        record.add(.unproven, name, "cannot be compared with the chunks: \(what)")
    }
}
