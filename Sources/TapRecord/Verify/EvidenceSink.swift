import TapCore

/// Keeps the records that say something of one line, tag or device.
struct EvidenceSink: RawSink {
    enum Record: Sendable {
        case edge(UInt64, isRising: Bool)
        case level(Level)
        case reread(Reread)
        case gap(Gap)
        case claim(UInt64, isOfSubject: Bool)
        case scans(ScanBlock)
    }

    let subject: Gap.Subject
    private(set) var records: [Record] = []

    init(_ subject: Gap.Subject) { self.subject = subject }

    mutating func edge(_ edge: Edge) {
        guard subject == .line(edge.line) else { return }
        records.append(.edge(edge.time.nanoseconds, isRising: edge.isRising))
    }

    mutating func event(_ event: Event) {
        switch event {
        case .level(let level): if subject == .line(level.line) { records.append(.level(level)) }
        case .reread(let reread): if subject == .line(reread.line) { records.append(.reread(reread)) }
        case .gap(let gap): if subject == gap.subject { records.append(.gap(gap)) }
        case .claim(let claim):
            guard case .tag(let tag) = subject else { return }
            records.append(.claim(claim.time.nanoseconds, isOfSubject: claim.tag == tag))
        case .note, .clockFix: break
        }
    }

    mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        if subject == .device(block.device) { records.append(.scans(block)) }
    }

    mutating func begin(source: Int) {}
    mutating func watermark(at time: Timestamp) {}
    mutating func sourceEnded(at time: Timestamp) {}
}
