import TapCore

extension Record {
    static func level(_ level: Level) -> Record { .event(.level(level)) }
    static func gap(_ gap: Gap) -> Record { .event(.gap(gap)) }
    static func clockFix(_ fix: ClockFix) -> Record { .event(.clockFix(fix)) }

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
        return .scans(
            block, bytes: numbers.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] })
    }
}

extension Record {
    /// Leaves one of 256 cells, and a loss that is still to be reported.
    static var overfillingASmallRing: [Record] {
        let time = Timestamp(nanoseconds: 192)
        let gap = Gap(.muted, .line(LineID(0)), .unknown, discovered: time, from: time, to: time)
        return (1...192).map { .edge($0) } + Array(repeating: .gap(gap), count: 21) + [.edge(193)]
    }
}

/// Fails at the end of a batch.
struct FailingSink: RecordSink {
    static let error = TapError(.output, "out.bin", "the disk is full", remedy: "make room on it")

    private(set) var batches = 0
    private(set) var finishes = 0
    private let failsAt: Int

    init(at batch: Int) { failsAt = batch }

    mutating func edge(_ edge: Edge) {}
    mutating func scans(_ block: ScanBlock, raw: RawSpan) {}
    mutating func batchEnded(at now: Timestamp) throws(TapError) {
        batches += 1
        if batches == failsAt { throw FailingSink.error }
    }
    mutating func finish(at now: Timestamp) throws(TapError) { finishes += 1 }
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
    mutating func event(_ event: Event) {
        others += 1
        if case .gap(let gap) = event { lost += gap.count.known }
    }
    mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        others += 1
        add(block.sequence)
    }
}
