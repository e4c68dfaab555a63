import TapCore

/// Gathers records of one time into a row. What would not fit in one row, as two edges of a line, makes two of one time.
struct RowStream<Sink: RowSink & ~Copyable>: ~Copyable, RecordSink {
    var sink: Sink
    private let header: SessionHeader
    private let lineOffsets: [Nanoseconds]
    private let deviceOffsets: [Nanoseconds]
    private let tagOffsets: [Nanoseconds]
    private var row: CaptureRow
    private var isPending = false
    /// Of each line, the row in which it was set last.
    private var touched: [UInt64]
    private var number: UInt64 = 1
    private(set) var late: UInt64 = 0
    private(set) var lineGaps: UInt64 = 0
    private(set) var deviceGaps: UInt64 = 0
    private(set) var tagGaps: UInt64 = 0
    private(set) var notes: UInt64 = 0
    private(set) var noteGaps: UInt64 = 0
    private(set) var claims: UInt64 = 0

    /// - Parameter marksOrigin: the first row is where the session begins, whatever comes later.
    init(_ header: SessionHeader, into sink: consuming Sink, marksOrigin: Bool) {
        self.header = header
        self.sink = sink
        lineOffsets = header.lines.map { header.clock(of: .line($0.id)).offsetToMonotonic }
        deviceOffsets = header.devices.map { header.clock(of: .device($0.id)).offsetToMonotonic }
        tagOffsets = header.tags.map { header.clock(of: .tag($0.id)).offsetToMonotonic }
        row = CaptureRow(
            levels: Array(repeating: CaptureRow.unknown, count: header.lines.count),
            scans: header.devices.map { _ in [] }, claims: header.tags.map { _ in nil })
        touched = Array(repeating: 0, count: header.lines.count)
        row.time = header.origin
        isPending = marksOrigin
    }

    mutating func edge(_ edge: Edge) {
        let line = Int(edge.line.index)
        go(to: edge.time + lineOffsets[line], splitting: touched[line] == number)
        put(line, edge.isRising ? 1 : 0)
    }

    mutating func event(_ event: Event) {
        switch event {
        case .level(let level): self.level(level)
        case .gap(let gap): self.gap(gap)
        case .claim(let claim): self.claim(claim)
        case .note: notes += 1
        default: break
        }
    }

    private mutating func level(_ level: Level) {
        let line = Int(level.line.index)
        go(to: level.notAfter + lineOffsets[line], splitting: touched[line] == number)
        put(line, level.isHigh ? 1 : 0)
    }

    private mutating func claim(_ claim: Claim) {
        guard Sink.holdsClaims else {
            claims += 1
            return
        }
        let tag = Int(claim.tag.index)
        go(to: claim.time + tagOffsets[tag], splitting: row.claims[tag] != nil)
        row.claims[tag] = claim.value
        row.hasClaims = true
        isPending = true
    }

    private mutating func gap(_ gap: Gap) {
        switch gap.subject {
        case .device: deviceGaps += 1
        case .tag: tagGaps += 1
        case .notes: noteGaps += 1
        case .line(let id):
            lineGaps += 1
            guard gap.kind != .sourceBack else { return }
            let line = Int(id.index)
            go(to: gap.discovered + lineOffsets[line], splitting: touched[line] == number)
            put(line, CaptureRow.unknown)
        }
    }

    mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        let device = Int(block.device.index)
        for scan in 0..<block.count {
            go(
                to: block.firstTime + block.period * Int64(scan) + deviceOffsets[device],
                splitting: !row.scans[device].isEmpty)
            row.scans[device].append(raw, scan * block.bytesPerScan..<(scan + 1) * block.bytesPerScan)
            row.hasScans = true
            isPending = true
        }
    }

    mutating func captureEnded(at end: Timestamp) {
        let mapped = end + header.clockOfFixes.offsetToMonotonic
        if mapped > row.time {
            emit()
            row.time = mapped
            isPending = true
        }
    }

    mutating func batchEnded(at now: Timestamp) throws(TapError) { try sink.flush() }

    mutating func finish(at now: Timestamp) throws(TapError) {
        emit()
        try sink.finish()
    }

    private mutating func put(_ line: Int, _ level: UInt8) {
        row.levels[line] = level
        touched[line] = number
        isPending = true
    }

    /// - Parameter isTaken: what comes does not fit in the present row.
    private mutating func go(to time: Timestamp, splitting isTaken: Bool) {
        if time < row.time { late += 1 }
        guard time > row.time || isTaken else { return }
        emit()
        row.time = max(row.time, time)
    }

    private mutating func emit() {
        guard isPending else { return }
        sink.row(row, header)
        isPending = false
        number += 1
        if row.hasScans {
            for index in row.scans.indices { row.scans[index].removeAll(keepingCapacity: true) }
            row.hasScans = false
        }
        if row.hasClaims {
            for index in row.claims.indices { row.claims[index] = nil }
            row.hasClaims = false
        }
    }

    /// What a table could not hold, a sentence each.
    var remarks: [String] {
        var remarks: [String] = []
        if late > 0 { remarks.append("late records, written where they arrived: \(late)") }
        if deviceGaps > 0 {
            remarks.append("losses of ADCs that a table cannot hold: \(deviceGaps)")
        }
        if claims > 0 { remarks.append("claims that a table cannot hold: \(claims)") }
        if tagGaps > 0 { remarks.append("losses of claims that a table cannot hold: \(tagGaps)") }
        if notes > 0 { remarks.append("notes that a table cannot hold: \(notes)") }
        if noteGaps > 0 { remarks.append("losses of notes that a table cannot hold: \(noteGaps)") }
        return remarks
    }
}

extension [UInt8] {
    mutating func append(_ raw: RawSpan, _ range: Range<Int>) {
        // The span holds the range, or this traps.
        unsafe raw.extracting(range).withUnsafeBytes { unsafe append(contentsOf: $0) }
    }
}
