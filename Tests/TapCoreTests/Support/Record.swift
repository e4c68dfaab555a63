import TapCore

/// Any record, to be compared.
enum Record: Hashable {
    case edge(Edge)
    case level(Level)
    case gap(Gap)
    case clockFix(ClockFix)
    case scans(ScanBlock, [UInt8])

    var time: Timestamp {
        switch self {
        case .edge(let edge): edge.time
        case .level(let level): level.notAfter
        case .gap(let gap): gap.discovered
        case .clockFix(let fix): fix.monotonic
        case .scans(let block, _): block.firstTime
        }
    }

    var cells: Int {
        switch self {
        case .edge: 1
        case .level: 2
        case .gap: 3
        case .clockFix: 4
        case .scans(let block, _): block.cells
        }
    }

    func write(into writer: inout RecordWriter) {
        switch self {
        case .edge(let edge): writer.edge(edge, arrived: edge.time)
        case .level(let level): writer.level(level)
        case .gap(let gap): writer.gap(gap)
        case .clockFix(let fix): writer.clockFix(fix)
        case .scans(let block, let bytes): unsafe bytes.withUnsafeBytes { unsafe writer.scans(block, raw: $0.bytes) }
        }
    }
}

extension Record {
    static func edge(_ time: UInt64, line: UInt16 = 0, sequence: UInt32 = 1, flags: Edge.Flags = .rising) -> Record {
        .edge(Edge(time: Timestamp(nanoseconds: time), line: LineID(line), sequence: sequence, flags: flags))
    }

    /// Scans of two bytes that hold their number.
    static func scans(
        _ time: UInt64, period: Int64, count: Int, sequence: UInt64 = 0, device: UInt16 = 0, isLate: Bool = false
    ) -> Record {
        var block = ScanBlock(
            device: DeviceID(device), firstTime: Timestamp(nanoseconds: time), period: Nanoseconds(period),
            count: count, bytesPerScan: 2, sequence: sequence, stamps: .exact, uncertainty: .zero)
        block.isLate = isLate
        let numbers = sequence..<sequence + UInt64(count)
        return .scans(block, numbers.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] })
    }
}

extension Record {
    /// Leaves one of 256 cells, and a loss that is still to be told.
    static var overfillingASmallRing: [Record] {
        let time = Timestamp(nanoseconds: 192)
        let gap = Gap(.muted, .line(LineID(0)), .unknown, discovered: time, from: time, to: time)
        return (1...192).map { .edge($0) } + Array(repeating: .gap(gap), count: 21) + [.edge(193)]
    }
}

/// Keeps what it is given, in order.
struct Collector: RecordSink {
    var records: [Record] = []
    var batches = 0
    var isFinished = false
    /// The batch at which it fails.
    var failsAt: Int?

    static let error = TapError(.output, "out.bin", "the disk is full", remedy: "make room on it")

    mutating func edge(_ edge: Edge) { records.append(.edge(edge)) }
    mutating func level(_ level: Level) { records.append(.level(level)) }
    mutating func gap(_ gap: Gap) { records.append(.gap(gap)) }
    mutating func clockFix(_ fix: ClockFix) { records.append(.clockFix(fix)) }
    mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        let bytes = raw.byteOffsets.map { unsafe raw.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
        records.append(.scans(block, bytes))
    }
    mutating func batchEnded(at now: Timestamp) throws(TapError) {
        batches += 1
        if batches == failsAt { throw Collector.error }
    }
    mutating func finish(at now: Timestamp) throws(TapError) { isFinished = true }
}

/// Counts and hashes (FNV-1a over the words), for runs too long to be kept.
struct Digest: RecordSink {
    var edges = 0
    var others = 0
    var late = 0
    var lost: UInt64 = 0
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    private mutating func add(_ word: UInt64) { hash = (hash ^ word) &* 0x100_0000_01B3 }

    mutating func edge(_ edge: Edge) {
        edges += 1
        if edge.flags.contains(.late) { late += 1 }
        add(edge.cell.word0)
        add(edge.cell.word1)
    }
    mutating func level(_ level: Level) { others += 1 }
    mutating func gap(_ gap: Gap) {
        others += 1
        lost += gap.count.known
    }
    mutating func clockFix(_ fix: ClockFix) { others += 1 }
    mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        others += 1
        add(block.sequence)
    }
}
