import TapCore
import TestSupport
import Testing

/// Every kind of record comes out of the ring as it went in.
@Suite struct RecordTests {
    private func roundTrip(_ records: [Record], ring: Int = 4096) -> [Record] {
        let pipe = Pipe(ring: ring, info(silence: .zero, tags: 4))
        let merge = MergeStage([pipe.input], into: RecordCollector())
        for record in records { record.write(into: &pipe.writer) }
        pipe.writer.publish()
        return merge.take(at: .max)
    }

    @Test func `an edge is sixteen bytes`() {
        #expect(MemoryLayout<Edge>.size == 16)
        #expect(MemoryLayout<Edge>.stride == 16)
    }

    @Test func `extremes of edges are kept`() {
        for flags: Edge.Flags in [[], .rising, .missedBefore, .unnumbered, [.rising, .missedBefore, .unnumbered]] {
            for word in [0, 1, UInt64.max] {
                let record = Record.edge(word, line: 3, sequence: UInt32(truncatingIfNeeded: word), flags: flags)
                #expect(roundTrip([record]) == [record])
            }
        }
    }

    @Test func `setting flags leaves the rest of an edge`() {
        var edge = Edge(time: .distantFuture, line: LineID(.max), sequence: .max, flags: .rising)
        edge.flags = [.late, .missedBefore]
        #expect(edge.time == .distantFuture)
        #expect(edge.line == LineID(.max))
        #expect(edge.sequence == .max)
        #expect(edge.flags == [.late, .missedBefore])
        #expect(!edge.isRising)
    }

    @Test(arguments: Level.Reason.allCases)
    func `extremes of levels are kept`(reason: Level.Reason) {
        for isHigh in [false, true] {
            for (before, after) in [(UInt64(0), UInt64(0)), (0, .max), (.max, 1), (.max, .max)] {
                let level = Level(
                    line: LineID(2), isHigh: isHigh, reason: reason, notBefore: Timestamp(nanoseconds: before),
                    notAfter: Timestamp(nanoseconds: after))
                #expect(roundTrip([.level(level)]) == [.level(level)])
            }
        }
    }

    @Test(arguments: Gap.Kind.allCases)
    func `extremes of gaps are kept`(kind: Gap.Kind) {
        for subject in [Gap.Subject.line(LineID(3)), .device(DeviceID(1)), .tag(TagID(2)), .notes] {
            for count in [Gap.Count.exactly(.max), .exactly(1), .atLeast(.max), .about(0), .unknown] {
                let gap = Gap(
                    kind, subject, count, discovered: .distantFuture, from: .zero,
                    to: Timestamp(nanoseconds: .max - 1))
                #expect(roundTrip([.gap(gap)]) == [.gap(gap)])
            }
        }
    }

    @Test(arguments: [nil, false, true])
    func `extremes of readings are kept`(isHigh: Bool?) {
        for (count, time) in [(UInt32(0), UInt64(0)), (.max, .max)] {
            let time = Timestamp(nanoseconds: time)
            let reread = Reread(
                line: LineID(3), time: time, from: time, to: .zero, isHigh: isHigh, agreed: count, failed: ~count)
            #expect(roundTrip([.event(.reread(reread))]) == [.event(.reread(reread))])
        }
    }

    @Test(arguments: Claim.Quality.allCases)
    func `extremes of claims are kept`(quality: Claim.Quality) {
        let texts = [
            "", "x", String(repeating: "y", count: 14), String(repeating: "z", count: 15),
            String(repeating: "\u{20AC}", count: 21),
        ]
        let values: [Claim.Value] =
            [.bool(false), .bool(true), .number(-.infinity), .number(.leastNonzeroMagnitude), .number(-0.0)]
            + texts.map { .text(ShortText($0)) } + [.text(ShortText("cut", isCut: true))]
        for value in values {
            for time in [nil, UInt64(0), .max] {
                let claim = Claim(
                    tag: TagID(3), value: value, quality: quality, time: .distantFuture, sourceTime_ns: time,
                    serverTime_ns: time.map { ~$0 })
                #expect(roundTrip([.event(.claim(claim))]) == [.event(.claim(claim))])
                #expect(Record.event(.claim(claim)).cells <= Claim.mostCells)
            }
        }
    }

    @Test func `a long text is cut between characters`() {
        let short = ShortText(String(repeating: "a", count: 62) + "\u{20AC}")
        #expect(short.text == String(repeating: "a", count: 62) && short.isCut)
        #expect(!ShortText(String(repeating: "a", count: 63)).isCut)
    }

    @Test func `extremes of notes are kept`() {
        for text in ["", String(repeating: "n", count: 63)] {
            let note = Note(time: .zero, author: ShortText(text), text: ShortText(text))
            #expect(roundTrip([.event(.note(note))]) == [.event(.note(note))])
        }
    }

    @Test func `extremes of clock fixes are kept`() {
        for isSynchronised in [false, true] {
            for since in [nil, Nanoseconds.zero, Nanoseconds(.max), Nanoseconds(.min)] {
                let fix = ClockFix(
                    monotonic: Timestamp(nanoseconds: 7), utcNanoseconds: .max, bracket: Nanoseconds(.min),
                    bootID: BootID(high: .max, low: 1), isSynchronised: isSynchronised, sinceSynchronised: since,
                    kernelMaximumError: Nanoseconds(.max))
                #expect(roundTrip([.clockFix(fix)]) == [.clockFix(fix)])
            }
        }
    }

    @Test(arguments: 1...100)
    func `raw scans of every length are kept`(length: Int) {
        let bytes = (1...UInt8(length)).map { $0 &* 37 }
        for stamps in ScanBlock.Stamps.allCases {
            let block = ScanBlock(
                device: DeviceID(1), firstTime: .zero, period: Nanoseconds(.max), count: 1, bytesPerScan: length,
                sequence: .max, stamps: stamps, uncertainty: Nanoseconds(.min))
            #expect(roundTrip([.scans(block, bytes: bytes)]) == [.scans(block, bytes: bytes)])
        }
    }

    @Test func `a block without scans is nothing`() {
        let pipe = Pipe(ring: 256)
        for _ in 0..<300 { pipe.write(.scans(0, period: 1, count: 0)) }
        #expect(pipe.writer.staged == 0)
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `any sequence comes out as it went in`(seed: UInt64) {
        var random = Dice(seed)
        let capacity = 256 << random.below(5)
        // Small staging fills up and is compacted on the way.
        let pipe = Pipe(ring: capacity, staging: random.isTrue(oneIn: 2) ? 0 : 1 << 16, info(silence: .zero))
        let merge = MergeStage([pipe.input], into: RecordCollector())
        var records = RandomRecords(seed: seed, largestBlock: pipe.writer.largestBlock)
        var written: [Record] = []
        var read: [Record] = []
        var drained: UInt64 = 0
        for _ in 0..<400 {
            let record = records.next()
            // A pad may be as long as the record, and the cells held back are not for these.
            let fits = Int(pipe.writer.staged - drained) + 2 * record.cells + 64 < capacity
            if !fits || random.isTrue(oneIn: 20) {
                read += merge.take(at: records.time)
                drained = pipe.writer.staged
            }
            written.append(record)
            pipe.write(record)
        }
        read += merge.take(at: .max)
        #expect(read == written)
    }
}

/// Random records of every kind; times grow, and no block reaches into the time of the next record.
struct RandomRecords {
    private var random: Dice
    private let largestBlock: Int
    private(set) var time: UInt64 = 0
    private var scans: UInt64 = 0

    init(seed: UInt64, largestBlock: Int) {
        random = Dice(~seed)
        self.largestBlock = largestBlock
    }

    mutating func next() -> Record {
        time += UInt64(random.below(1000))
        let now = Timestamp(nanoseconds: time)
        switch random.below(8) {
        case 0..<4:
            let flags = Edge.Flags(rawValue: UInt8(truncatingIfNeeded: random.next())).subtracting(.late)
            return .edge(time, line: UInt16(random.below(4)), sequence: UInt32(random.next() >> 32), flags: flags)
        case 4:
            return .level(
                Level(
                    line: LineID(UInt16(random.below(4))), isHigh: random.isTrue(oneIn: 2),
                    reason: Level.Reason.allCases[random.below(4)], notBefore: Timestamp(nanoseconds: random.word()),
                    notAfter: now))
        case 5:
            let counts: [Gap.Count] = [
                .exactly(random.word()), .atLeast(random.word()), .about(random.word()), .unknown,
            ]
            return .gap(
                Gap(
                    Gap.Kind.allCases[random.below(8)],
                    random.isTrue(oneIn: 2)
                        ? .line(LineID(UInt16(random.below(4)))) : .device(DeviceID(UInt16(random.below(2)))),
                    counts[random.below(4)], discovered: now, from: Timestamp(nanoseconds: random.word()),
                    to: Timestamp(nanoseconds: random.word())))
        case 6:
            return .clockFix(
                ClockFix(
                    monotonic: now, utcNanoseconds: random.word(), bracket: random.span(),
                    bootID: BootID(high: random.word(), low: random.word()), isSynchronised: random.isTrue(oneIn: 2),
                    sinceSynchronised: random.isTrue(oneIn: 2) ? nil : random.span(),
                    kernelMaximumError: random.span()))
        default: return block(at: now)
        }
    }

    private mutating func block(at now: Timestamp) -> Record {
        let bytesPerScan = 1 + random.below(20)
        let most = random.isTrue(oneIn: 10) ? largestBlock : min(largestBlock, 200)
        let count = 1 + random.below(max(1, most / bytesPerScan))
        let period = random.isTrue(oneIn: 3) ? 0 : random.below(100)
        let block = ScanBlock(
            device: DeviceID(UInt16(random.below(2))), firstTime: now, period: Nanoseconds(Int64(period)),
            count: count, bytesPerScan: bytesPerScan, sequence: scans,
            stamps: ScanBlock.Stamps.allCases[random.below(4)], uncertainty: random.span())
        time += UInt64(period * count)
        scans += UInt64(count)
        return .scans(block, bytes: (0..<block.byteCount).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    }
}
