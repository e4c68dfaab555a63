public import TapCore

/// The claims of a capture alone, as JSON Lines, for whoever compares them with the signals. docs/scenarios.md says what
/// each member is.
public struct ClaimsWriter: ~Copyable, RecordSink {
    public var output: ByteWriter
    /// By their numbers.
    private let tags: [TagInfo]

    public init(_ header: SessionHeader, to output: consuming ByteWriter) {
        self.output = output
        tags = header.tags.sorted { $0.id < $1.id }
    }

    public mutating func edge(_ edge: Edge) {}
    public mutating func scans(_ block: ScanBlock, raw: RawSpan) {}

    public mutating func event(_ event: Event) {
        guard case .claim(let claim) = event else { return }
        let tag = tags[Int(claim.tag.index)]
        let isNumber = if case .number = claim.value { true } else { false }
        output.append(
            JSON.object([
                ("t_ns", "\(claim.time.nanoseconds)"), ("source", JSON.string(tag.source)),
                ("tag", JSON.string(tag.name)), ("value", JSON.value(claim.value)),
                ("unit", isNumber ? JSON.string(tag.unit) : nil),
            ]) + "\n")
        output.endRecord(at: claim.time)
    }

    public mutating func batchEnded(at now: Timestamp) throws(TapError) {
        output.flush()
        if let failure = output.failure { throw failure }
    }

    public mutating func finish(at now: Timestamp) throws(TapError) { try batchEnded(at: now) }
}

extension JSON {
    public static func value(_ claimed: Claim.Value) -> String {
        switch claimed {
        case .bool(let isTrue): isTrue ? "true" : "false"
        case .number(let number): JSON.number(number)
        case .text(let text): JSON.string(text.text)
        }
    }
}
