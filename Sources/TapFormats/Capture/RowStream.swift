import TapCore

/// What happened at one time, for formats that are tables: the level of each line, and the scans that were taken.
struct CaptureRow {
    /// On the session's axis: mapped to monotonic time, or the file's.
    var time = Timestamp.zero
    /// 0, 1, or 2: not known.
    var levels: [UInt8]
    /// By place of the device: its raw scan; empty: none at this time.
    var scans: [[UInt8]]
    /// By tag: what was claimed at this time; nil: nothing.
    var claims: [Claim.Value?]

    static let unknown: UInt8 = 2
}

/// Takes rows one after the other, in order of time.
protocol RowSink: ~Copyable {
    /// Whether it writes claims: to others none are given.
    static var holdsClaims: Bool { get }
    mutating func row(_ row: CaptureRow, _ header: SessionHeader)
    /// What is written is on its way.
    mutating func flush() throws(TapError)
    /// Nothing follows.
    mutating func finish() throws(TapError)
}

extension RowSink where Self: ~Copyable {
    static var holdsClaims: Bool { false }
    mutating func flush() throws(TapError) {}
    mutating func finish() throws(TapError) {}
}

/// Gathers records of one time into a row. What would not fit in one row, as two edges of a line, makes two of one time.
struct RowStream<Sink: RowSink & ~Copyable>: ~Copyable, CaptureWriter {
    var sink: Sink
    private let header: SessionHeader
    private let lineOffsets: [Nanoseconds]
    private let deviceOffsets: [Nanoseconds]
    private let tagOffsets: [Nanoseconds]
    private var row: CaptureRow
    private var isPending = false
    private var isTouched: [Bool]
    private(set) var late: UInt64 = 0
    private(set) var lineGaps: UInt64 = 0
    private(set) var deviceGaps: UInt64 = 0
    private(set) var tagGaps: UInt64 = 0
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
        isTouched = Array(repeating: false, count: header.lines.count)
        row.time = header.origin
        isPending = marksOrigin
    }

    mutating func edge(_ edge: Edge) {
        let line = Int(edge.line.index)
        go(to: edge.time + lineOffsets[line], splitting: isTouched[line])
        put(line, edge.isRising ? 1 : 0)
    }

    mutating func event(_ event: Event) {
        switch event {
        case .level(let level): self.level(level)
        case .gap(let gap): self.gap(gap)
        case .claim(let claim): self.claim(claim)
        default: break
        }
    }

    private mutating func level(_ level: Level) {
        let line = Int(level.line.index)
        go(to: level.notAfter + lineOffsets[line], splitting: isTouched[line])
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
        isPending = true
    }

    private mutating func gap(_ gap: Gap) {
        switch gap.subject {
        case .device: deviceGaps += 1
        case .tag: tagGaps += 1
        case .line(let id):
            lineGaps += 1
            guard gap.kind != .sourceBack else { return }
            let line = Int(id.index)
            go(to: gap.discovered + lineOffsets[line], splitting: isTouched[line])
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
        isTouched[line] = true
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
        for index in isTouched.indices { isTouched[index] = false }
        for index in row.scans.indices { row.scans[index].removeAll(keepingCapacity: true) }
        for index in row.claims.indices { row.claims[index] = nil }
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
        return remarks
    }
}

extension [UInt8] {
    mutating func append(_ raw: RawSpan, _ range: Range<Int>) {
        // The span holds the range, or this traps.
        unsafe raw.extracting(range).withUnsafeBytes { unsafe append(contentsOf: $0) }
    }
}

/// What a session's table needs to be known before its first row is written.
struct RowSurvey: RowSink {
    private(set) var rows: UInt64 = 0
    /// Of all times, counted from the origin: what divides them all; 0: all are zero.
    private(set) var unit_ns: UInt64 = 0
    private(set) var last: UInt64 = 0
    /// From each row to the next; nil: not always the same, or the first is not at the origin.
    private(set) var period_ns: UInt64?
    private(set) var hasUnknown = false
    /// By sample of all devices, in order: least and greatest raw value.
    private(set) var ranges: [ClosedRange<Int64>?] = []
    /// Of each device; known from the first row on.
    private var samples: [[ScanSample]] = []

    mutating func row(_ row: CaptureRow, _ header: SessionHeader) {
        let time = UInt64(max(0, (row.time - header.origin).count))
        unit_ns = RowSurvey.greatestDivisor(unit_ns, time)
        switch rows {
        case 0:
            period_ns = time == 0 ? 0 : nil
            samples = header.devices.map(\.samples)
        case 1: if period_ns != nil { period_ns = time > 0 ? time : nil }
        default: if period_ns != time - last { period_ns = nil }
        }
        rows += 1
        last = time
        if row.levels.contains(CaptureRow.unknown) { hasUnknown = true }
        var place = 0
        for (samples, scan) in zip(samples, row.scans) {
            for sample in samples {
                if ranges.count == place { ranges.append(nil) }
                if !scan.isEmpty, !sample.format.isFloat {
                    let raw = sample.raw(in: scan)
                    let range = ranges[place] ?? raw...raw
                    ranges[place] = min(range.lowerBound, raw)...max(range.upperBound, raw)
                }
                place += 1
            }
        }
    }

    static func greatestDivisor(_ left: UInt64, _ right: UInt64) -> UInt64 {
        var (left, right) = (left, right)
        while right != 0 { (left, right) = (right, left % right) }
        return left
    }
}

extension ScanSample {
    func raw(in scan: [UInt8]) -> Int64 {
        // The array is lent for the call.
        unsafe scan.withUnsafeBytes { unsafe format.sample(in: $0.bytes, at: byteOffset) }
    }

    func number(in scan: [UInt8]) -> Double {
        unsafe scan.withUnsafeBytes { unsafe format.number(in: $0.bytes, at: byteOffset) }
    }
}
