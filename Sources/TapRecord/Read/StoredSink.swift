import TapCore

/// Places records: collects them with the times and numbers of the capture.
struct StoredSink: RawSink {
    private let shift: Nanoseconds
    private let numbers: SourceNumbers
    private(set) var records: [StoredRecord] = []

    init(shift: Nanoseconds, numbers: SourceNumbers) {
        self.shift = shift
        self.numbers = numbers
    }

    mutating func edge(_ edge: Edge) {
        guard let line = numbers.line(UInt32(edge.line.index)) else { return }
        records.append(
            StoredRecord(.edge(Edge(time: edge.time + shift, line: line, sequence: edge.sequence, flags: edge.flags))))
    }

    mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        guard let device = numbers.device(UInt32(block.device.index)) else { return }
        var block = block
        block.device = device
        block.firstTime = block.firstTime + shift
        // The span is lent for the call; its bytes are copied.
        records.append(StoredRecord(.scans(block, bytes: unsafe raw.withUnsafeBytes { unsafe Array($0) })))
    }

    mutating func event(_ event: Event) {
        guard let placed = placed(event) else { return }
        records.append(StoredRecord(.event(placed)))
    }

    private func placed(_ event: Event) -> Event? {
        switch event {
        case .level(var level):
            guard let line = numbers.line(UInt32(level.line.index)) else { return nil }
            level.line = line
            level.notBefore = level.notBefore + shift
            level.notAfter = level.notAfter + shift
            return .level(level)
        case .reread(var reread):
            guard let line = numbers.line(UInt32(reread.line.index)) else { return nil }
            reread.line = line
            reread.time = reread.time + shift
            reread.from = reread.from + shift
            reread.to = reread.to + shift
            return .reread(reread)
        case .gap(let gap): return placed(gap).map { .gap($0) }
        case .claim(var claim):
            guard let tag = numbers.tag(UInt32(claim.tag.index)) else { return nil }
            claim.tag = tag
            claim.time = claim.time + shift
            return .claim(claim)
        case .note(var note):
            note.time = note.time + shift
            return .note(note)
        case .clockFix(var fix):
            fix.monotonic = fix.monotonic + shift
            return .clockFix(fix)
        }
    }

    private func placed(_ gap: Gap) -> Gap? {
        var gap = gap
        switch gap.subject {
        case .line(let line):
            guard let line = numbers.line(UInt32(line.index)) else { return nil }
            gap.subject = .line(line)
        case .device(let device):
            guard let device = numbers.device(UInt32(device.index)) else { return nil }
            gap.subject = .device(device)
        case .tag(let tag):
            guard let tag = numbers.tag(UInt32(tag.index)) else { return nil }
            gap.subject = .tag(tag)
        case .notes: break
        }
        gap.discovered = gap.discovered + shift
        gap.from = gap.from + shift
        if gap.to != .distantFuture { gap.to = gap.to + shift }
        return gap
    }

    mutating func begin(source: Int) {}
    mutating func watermark(at time: Timestamp) {}
    mutating func sourceEnded(at time: Timestamp) {}
}
