import TapCore

/// Computes what the records of a chunk make of its entry. A record of what its source has not is left out, and marked.
struct FactsSink: RawSink {
    var span: SourceSpan
    var hasStrangers = false

    init(_ source: Int, _ table: SourceTable) { span = SourceSpan(source, table) }

    mutating func edge(_ edge: Edge) {
        let cell: InlineArray<1, Cell> = [edge.cell]
        if isOwn(span.has(edge.line)) { span.edges(cell.span) }
    }

    mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        if isOwn(span.has(block.device)) { span.scans(block, raw: raw) }
    }

    mutating func event(_ event: Event) {
        let isOwn =
            switch event {
            case .level(let level): span.has(level.line)
            case .reread(let reread): span.has(reread.line)
            case .claim(let claim): span.has(claim.tag)
            case .gap(let gap):
                switch gap.subject {
                case .line(let line): span.has(line)
                case .device(let device): span.has(device)
                case .tag(let tag): span.has(tag)
                case .notes: true
                }
            case .clockFix, .note: true
            }
        if self.isOwn(isOwn) { span.event(event) }
    }

    private mutating func isOwn(_ isOwn: Bool) -> Bool {
        if !isOwn { hasStrangers = true }
        return isOwn
    }

    mutating func begin(source: Int) {}
    mutating func watermark(at time: Timestamp) { span.watermark(at: time) }
    mutating func sourceEnded(at time: Timestamp) { span.sourceEnded(at: time) }
}
