public import TapCore

/// One line instead of records: a digest of all of them, and how many there are.
///
/// Two runs with one digest gave the same records in the same order. It depends on names and on the content of records, not on
/// how scans were cut into blocks. 64 bits, made of multiplications: it distinguishes runs, it is not a seal.
public struct DigestWriter: RecordSink, ~Copyable {
    public private(set) var output: ByteWriter
    private var digest = Digest()
    private var edges: UInt64 = 0
    private var scans: UInt64 = 0
    private var others: UInt64 = 0
    private var last = Timestamp.zero

    public init(_ header: SessionHeader, to output: consuming ByteWriter) {
        self.output = output
        for line in header.lines { digest.add(line.name) }
        for device in header.devices {
            digest.add(device.name)
            for channel in device.channels {
                digest.add("\(channel.name) \(channel.unit) \(channel.format)")
                digest.add(channel.offset.bitPattern)
                digest.add(channel.scale.bitPattern)
            }
        }
        for tag in header.tags { digest.add("tag \(tag.title) \(tag.unit)") }
    }

    /// Of what was given so far.
    public var text: String { digest.text }

    public mutating func edge(_ edge: Edge) {
        edges &+= 1
        last = max(last, edge.time)
        digest.add(edge.cell.word0)
        digest.add(edge.cell.word1)
    }

    public mutating func event(_ event: Event) {
        if event.isLate { digest.add("late") }
        switch event {
        case .level(let level): self.level(level)
        case .gap(let gap): self.gap(gap)
        case .reread(let reread): self.reread(reread)
        case .claim(let claim): self.claim(claim)
        case .note(let note): add("note \(note.author): \(note.text)", note.time)
        case .clockFix(let fix): clockFix(fix)
        }
    }

    private mutating func level(_ level: Level) {
        add("level", level.notAfter)
        digest.add(level.notBefore.nanoseconds)
        digest.add(UInt64(level.line.index) << 8 | UInt64(level.reason.rawValue) << 1 | (level.isHigh ? 1 : 0))
    }

    private mutating func gap(_ gap: Gap) {
        add("gap \(Words.kind(gap.kind)) \(gap.subject) \(gap.count)", gap.discovered)
        digest.add(gap.from.nanoseconds)
        digest.add(gap.to.nanoseconds)
    }

    private mutating func reread(_ reread: Reread) {
        add("reread \(reread.agreed) \(reread.failed) \(reread.isHigh.map { $0 ? "high" : "low" } ?? "?")", reread.time)
        digest.add(reread.from.nanoseconds)
        digest.add(reread.to.nanoseconds)
        digest.add(UInt64(reread.line.index))
    }

    private mutating func claim(_ claim: Claim) {
        add("claim", claim.time)
        digest.add(UInt64(claim.tag.index) << 8 | UInt64(claim.quality.rawValue))
        digest.add(claim.sourceTime_ns ?? 0)
        digest.add(claim.serverTime_ns ?? 0)
        switch claim.value {
        case .bool(let isTrue): digest.add(isTrue ? 1 : 0)
        case .number(let number): digest.add(number.bitPattern)
        case .text(let text): digest.add("\(text) \(text.isCut)")
        }
    }

    private mutating func clockFix(_ fix: ClockFix) {
        add("fix \(fix.bootID) \(fix.isSynchronised)", fix.monotonic)
        digest.add(fix.utcNanoseconds)
    }

    private mutating func add(_ what: String, _ time: Timestamp) {
        others &+= 1
        last = max(last, time)
        digest.add(what)
        digest.add(time.nanoseconds)
    }

    public mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        scans &+= UInt64(block.count)
        for scan in 0..<block.count {
            let time = block.firstTime + block.period * Int64(scan)
            last = max(last, time)
            digest.add(time.nanoseconds)
            digest.add(block.sequence &+ UInt64(scan))
            digest.add(UInt64(block.device.index) << 8 | (block.isLate ? 1 : 0))
            digest.add(raw.extracting(scan * block.bytesPerScan..<(scan + 1) * block.bytesPerScan))
        }
    }

    public mutating func finish(at now: Timestamp) throws(TapError) {
        output.append("\(text)  \(edges) edges, \(scans) scans, \(others) other records\n")
        output.endRecord(at: last)
        output.flush()
        if let failure = output.failure { throw failure }
    }
}
