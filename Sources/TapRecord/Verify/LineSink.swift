import TapCore

/// Keeps the records of one line.
struct LineSink: RawSink {
    enum Record: Sendable {
        case edge(UInt64, isRising: Bool)
        case level(Level)
        case reread(Reread)
        case gap(Gap)
    }

    let line: LineID
    private(set) var records: [Record] = []

    init(line: LineID) { self.line = line }

    mutating func edge(_ edge: Edge) {
        guard edge.line == line else { return }
        records.append(.edge(edge.time.nanoseconds, isRising: edge.isRising))
    }

    mutating func event(_ event: Event) {
        switch event {
        case .level(let level): if level.line == line { records.append(.level(level)) }
        case .reread(let reread): if reread.line == line { records.append(.reread(reread)) }
        case .gap(let gap): if gap.subject == .line(line) { records.append(.gap(gap)) }
        case .claim, .note, .clockFix: break
        }
    }

    mutating func scans(_ block: ScanBlock, raw: RawSpan) {}
    mutating func begin(source: Int) {}
    mutating func watermark(at time: Timestamp) {}
    mutating func sourceEnded(at time: Timestamp) {}
}
