public import TapCore

/// Text for people: one line a record, times in seconds since the session began.
public struct TextWriter: ~Copyable, RecordSink {
    public var output: ByteWriter
    private let header: SessionHeader
    private let names: [[UInt8]]
    private let offsets: [Nanoseconds]
    /// Whether the event that is written is late.
    private var isEventLate = false
    private static let rising = Array("rising".utf8)
    private static let falling = Array("falling".utf8)

    public init(_ header: SessionHeader, to output: consuming ByteWriter) {
        self.header = header
        self.output = output
        let lines = header.lines.sorted { $0.id < $1.id }
        let channels = header.devices.flatMap { device in
            device.samples.map { device.address(of: $0) }
        }
        let devices = header.devices.map(\.name)
        let clock = header.fix == nil ? 0 : "clock".count
        let subjects = lines.map(\.name) + channels + devices + header.tags.map(\.title)
        let width = max(clock, subjects.map(\.count).max() ?? 0)
        names = lines.map { Array($0.name.padded(to: width).utf8) }
        offsets = lines.map { header.clock(of: .line($0.id)).offsetToMonotonic }
        nameWidth = width
        for line in TextWriter.head(of: header) { self.output.append("# \(line)\n") }
        self.output.endRecord(at: header.origin)
    }

    private let nameWidth: Int

    /// What the head of a session says, a sentence a line.
    public static func head(of header: SessionHeader) -> [String] {
        var lines = ["tap \(header.version), \(header.provenance.rawValue) signals, \(header.wires)"]
        let utc = header.fix.map {
            Words.utc($0.utcNanoseconds &+ UInt64(bitPattern: (header.origin - $0.monotonic).count))
        }
        if let utc, header.provenance == .replayed {
            lines.append("times are seconds since \(utc), according to the file")
        } else if let utc, let fix = header.fix, header.provenance != .simulated {
            lines.append(
                "times are seconds since \(utc) +-\(Words.span(fix.bracket)) by this machine's clock, "
                    + (fix.isSynchronised ? "which is synchronised" : "which is NOT synchronised: UTC may be off"))
        } else if header.provenance == .replayed {
            lines.append("times are seconds since the start of the file, which has no date")
        } else {
            let isKernels = header.lines.contains { $0.queueHeld != nil }
            lines.append(
                "times are seconds of simulated time\(utc.map { " since \($0) in the scenario" } ?? ""), "
                    + (isKernels ? "with timestamps of a simulated kernel" : "exact"))
        }
        for source in header.sources {
            for limit in source.limits { lines.append("\(source.name): \(limit)") }
        }
        let pulse = header.shortestPulse.map { Words.span($0) } ?? "not measured on this platform"
        lines.append("shortest detectable pulse: \(pulse)")
        return lines
    }

    public mutating func edge(_ edge: Edge) {
        let line = Int(edge.line.index)
        begin(edge.time + offsets[line], names[line])
        output.append(edge.isRising ? TextWriter.rising : TextWriter.falling)
        let flags = edge.flags
        if flags.contains(.missedBefore) { output.append("  (an edge before it was lost)") }
        if flags.contains(.late) { output.append("  (late)") }
        end(edge.time)
    }

    public mutating func event(_ event: Event) {
        isEventLate = event.isLate
        defer { isEventLate = false }
        switch event {
        case .level(let level): self.level(level)
        case .gap(let gap): self.gap(gap)
        case .reread(let reread): self.reread(reread)
        case .claim(let claim): self.claim(claim)
        case .note(let note): self.note(note)
        case .clockFix(let fix): clockFix(fix)
        }
    }

    private mutating func level(_ level: Level) {
        let line = Int(level.line.index)
        begin(level.notAfter + offsets[line], names[line])
        let bracket = Words.span(level.notAfter - level.notBefore)
        output.append("\(level.isHigh ? "high" : "low")  (\(TextWriter.words(level.reason)), read within \(bracket))")
        end(level.notAfter)
    }

    private mutating func gap(_ gap: Gap) {
        let clock = header.clock(of: gap.subject)
        begin(
            gap.discovered + clock.offsetToMonotonic,
            Array(header.name(of: gap.subject).padded(to: nameWidth).utf8))
        output.append(gap.kind == .sourceBack ? TextWriter.words(gap) : "LOSS  \(TextWriter.words(gap))")
        end(gap.discovered)
    }

    /// Those that agree are in the summary.
    private mutating func reread(_ reread: Reread) {
        guard reread.failed > 0 else { return }
        let line = Int(reread.line.index)
        begin(reread.time + offsets[line], names[line])
        let of = UInt64(reread.agreed) + UInt64(reread.failed)
        output.append(
            "NOT READ  \(reread.failed) of \(of) readings of its level failed, within "
                + Words.span(reread.to - reread.from))
        end(reread.time)
    }

    private mutating func claim(_ claim: Claim) {
        let subject = Gap.Subject.tag(claim.tag)
        let offset = header.clock(of: subject).offsetToMonotonic
        begin(claim.time + offset, Array(header.name(of: subject).padded(to: nameWidth).utf8))
        switch claim.value {
        case .bool(let isTrue): output.append(isTrue ? "true" : "false")
        case .number(let number):
            let unit = header.tags.first { $0.id == claim.tag }?.unit ?? ""
            output.append(Words.digits(number, 6) + (unit.isEmpty ? "" : " \(unit)"))
        case .text(let text): output.append("'\(printable(text.text))'" + (text.isCut ? " and more" : ""))
        }
        if claim.quality == .bad || claim.quality == .uncertain {
            output.append("  (quality \(Words.quality(claim.quality)))")
        }
        end(claim.time)
    }

    private mutating func note(_ note: Note) {
        begin(
            note.time + header.clockOfFixes.offsetToMonotonic, Array("note".padded(to: nameWidth).utf8))
        output.append("\(printable(note.text.text))  (\(printable(note.author.text)))")
        end(note.time)
    }

    private mutating func clockFix(_ fix: ClockFix) {
        begin(fix.monotonic + header.clockOfFixes.offsetToMonotonic, Array("clock".padded(to: nameWidth).utf8))
        output.append(
            "\(Words.utc(fix.utcNanoseconds)) +-\(Words.span(fix.bracket)), "
                + (fix.isSynchronised ? "synchronised" : "not synchronised"))
        end(fix.monotonic)
    }

    public mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        guard let device = header.devices.first(where: { $0.id == block.device }) else { return }
        let offset = header.clock(of: .device(device.id)).offsetToMonotonic
        let samples = device.samples
        for scan in 0..<block.count {
            let time = block.firstTime + block.period * Int64(scan)
            for sample in samples {
                let value = sample.value(in: block, scan: scan, raw: raw)
                begin(time + offset, Array(device.address(of: sample).padded(to: nameWidth).utf8))
                output.append(value.isNaN ? "missing" : "\(Words.digits(value, 6)) \(sample.channel.unit)")
                if block.stamps != .device, block.stamps != .exact, scan == 0 {
                    output.append("  (+-\(Words.span(block.uncertainty)))")
                }
                if block.isLate { output.append("  (late)") }
                end(time)
            }
        }
    }

    public mutating func batchEnded(at now: Timestamp) throws(TapError) {
        output.flush()
        if let failure = output.failure { throw failure }
    }

    public mutating func finish(at now: Timestamp) throws(TapError) { try batchEnded(at: now) }

    private mutating func begin(_ mapped: Timestamp, _ name: [UInt8]) {
        let elapsed = (mapped - header.origin).count
        let seconds = elapsed.magnitude / 1_000_000_000
        var width = 5
        var power: UInt64 = 10
        while width > 1, seconds >= power {
            width -= 1
            power *= 10
        }
        for _ in 0..<width - 1 { output.append(UInt8(ascii: " ")) }
        output.append(elapsed < 0 ? UInt8(ascii: "-") : UInt8(ascii: " "))
        output.append(decimal: seconds)
        output.append(UInt8(ascii: "."))
        output.append(decimal: elapsed.magnitude % 1_000_000_000, width: 9)
        output.append(UInt8(ascii: " "))
        output.append(UInt8(ascii: " "))
        output.append(name)
        output.append(UInt8(ascii: " "))
        output.append(UInt8(ascii: " "))
    }

    private mutating func end(_ time: Timestamp) {
        if isEventLate { output.append("  (late)") }
        output.append(UInt8(ascii: "\n"))
        output.endRecord(at: time)
    }

    private static func words(_ reason: Level.Reason) -> String {
        switch reason {
        case .first: "first level"
        case .disagreement: "read again, contradicts the edges"
        case .muted: "polled while muted"
        case .resumed: "captured again"
        }
    }

    /// A gap in a sentence.
    static func words(_ gap: Gap) -> String {
        let number =
            switch gap.count {
            case .exactly(let number): "\(number)"
            case .atLeast(let number): "at least \(number)"
            case .about(let number): "about \(number)"
            case .unknown: "an unknown number of"
            }
        let one =
            switch gap.subject {
            case .line: "edge"
            case .device: "scan"
            case .tag: "claim"
            case .notes: "note"
            }
        // An unknown number is of several.
        let what = gap.count.known == 1 ? one : one + "s"
        let during = "within \(Words.span(gap.to - gap.from))"
        switch gap.kind {
        case .kernelQueueOverflow: return "\(number) \(what): the kernel's queue was full, \(during)"
        case .repeatedPolarity: return "\(number) \(what): two edges in a row with the same direction, \(during)"
        case .levelDisagreement: return "\(number) \(what): the level contradicts the edges, \(during)"
        case .scansMissing: return "\(number) \(what): a jump in the timestamps, \(during)"
        case .ringFull: return "\(number) \(what): tap's ring was full, \(during)"
        case .muted where gap.to == .distantFuture: return "muted: it changes too fast; its level is polled meanwhile"
        case .muted: return "\(number) \(what) while it was muted for \(Words.span(gap.to - gap.from))"
        case .sourceGone: return "its chip or ADC is gone"
        case .notRecorded where gap.to != .distantFuture: return "\(number) \(what): not in the file, \(during)"
        case .notRecorded:
            if case .line = gap.subject { return "its level is not in the file from here on" }
            return "its \(what) are not in the file from here on"
        case .sourceBack: return "back after \(Words.span(gap.to - gap.from)); \(number) \(what) lost"
        }
    }
}

extension DeviceInfo {
    /// `device.channel`, with a number where there are several samples under one name.
    func address(of sample: ScanSample) -> String {
        "\(name).\(sample.channel.name)" + (sample.format.repeats == 1 ? "" : "_\(sample.index)")
    }
}
