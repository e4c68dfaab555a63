public import TapCore

/// JSON Lines: the session header, then one record a line, in order. docs/formats/jsonl.md says what each member is.
///
/// ```swift
/// let memory = MemoryOutput()
/// var writer = JSONLinesWriter(header, to: ByteWriter(memory))
/// writer.edge(Edge(time: Timestamp(nanoseconds: 1_500), line: LineID(0), sequence: 1, flags: .rising))
/// writer.captureEnded(at: Timestamp(nanoseconds: 2_000))
/// try writer.finish(at: Timestamp(nanoseconds: 2_000))
/// ```
public struct JSONLinesWriter: ~Copyable, RecordSink {
    public var output: ByteWriter
    private let header: SessionHeader
    private let lines: [Line]
    private let devices: [DeviceInfo?]
    private let tags: [TagInfo]

    /// What stays the same in each edge of a line, ready to be copied.
    private struct Line {
        var name: [UInt8]
        var rising: [UInt8]
        var falling: [UInt8]
    }

    private static let time = Array("{\"t_ns\":".utf8)
    /// Whether the event that is written is late.
    private var isEventLate = false
    private static let late = Array(",\"late\":true".utf8)
    private static let missed = Array(",\"missed_before\":true".utf8)
    private static let counted = Array(",\"seq_counted_here\":true".utf8)
    private static let end = Array("}\n".utf8)

    public init(_ header: SessionHeader, to output: consuming ByteWriter) {
        self.header = header
        self.output = output
        var lines: [Line] = []
        for line in header.lines.sorted(by: { $0.id < $1.id }) {
            precondition(Int(line.id.index) == lines.count, "line numbers of a session are consecutive from 0")
            let name = ",\"line\":" + JSON.string(line.name)
            lines.append(
                Line(
                    name: Array(name.utf8), rising: Array((name + ",\"edge\":\"rising\",\"seq\":").utf8),
                    falling: Array((name + ",\"edge\":\"falling\",\"seq\":").utf8)))
        }
        self.lines = lines
        var devices: [DeviceInfo?] = []
        for device in header.devices.sorted(by: { $0.id < $1.id }) {
            while devices.count < Int(device.id.index) { devices.append(nil) }
            devices.append(device)
        }
        self.devices = devices
        tags = header.tags.sorted { $0.id < $1.id }
        self.output.append(JSONLinesWriter.text(of: header) + "\n")
        self.output.endRecord(at: header.origin)
    }

    public mutating func edge(_ edge: Edge) {
        let line = Int(edge.line.index)
        output.append(JSONLinesWriter.time)
        output.append(decimal: edge.time.nanoseconds)
        output.append(edge.isRising ? lines[line].rising : lines[line].falling)
        output.append(decimal: UInt64(edge.sequence))
        let flags = edge.flags
        if !flags.isSubset(of: .rising) {
            if flags.contains(.late) { output.append(JSONLinesWriter.late) }
            if flags.contains(.missedBefore) { output.append(JSONLinesWriter.missed) }
            if flags.contains(.unnumbered) { output.append(JSONLinesWriter.counted) }
        }
        output.append(JSONLinesWriter.end)
        output.endRecord(at: edge.time)
    }

    public mutating func event(_ event: Event) {
        isEventLate = event.isLate
        defer { isEventLate = false }
        switch event {
        case .level(let level): self.level(level)
        case .gap(let gap): self.gap(gap)
        case .reread(let reread): self.reread(reread)
        case .claim(let claim): self.claim(claim)
        case .note(let note):
            write(
                note.time,
                [("note", JSON.string(note.text.text)), ("by", JSON.string(note.author.text))])
        case .clockFix(let fix): write(fix.monotonic, JSONLinesWriter.members(of: fix))
        }
    }

    private mutating func level(_ level: Level) {
        write(
            level.notAfter,
            [
                ("line", JSON.string(header.name(of: .line(level.line)))), ("level", level.isHigh ? "1" : "0"),
                ("reason", JSON.string(Words.reason(level.reason))),
                ("not_before_ns", "\(level.notBefore.nanoseconds)"),
                ("not_after_ns", "\(level.notAfter.nanoseconds)"),
            ])
    }

    private mutating func gap(_ gap: Gap) {
        let subject: [(String, String?)] =
            switch gap.subject {
            case .line: [("line", JSON.string(header.name(of: gap.subject)))]
            case .device: [("device", JSON.string(header.name(of: gap.subject)))]
            case .tag(let tag): JSONLinesWriter.members(of: tags[Int(tag.index)])
            case .notes: [("of", JSON.string(header.name(of: gap.subject)))]
            }
        let count: String? = if case .unknown = gap.count { "null" } else { "\(gap.count.known)" }
        write(
            gap.discovered,
            [
                ("gap", JSON.string(Words.kind(gap.kind)))
            ] + subject + [
                ("lost", count), ("lost_is", JSON.string(Words.certainty(gap.count))),
                ("from_ns", "\(gap.from.nanoseconds)"),
                // Open: it lasts.
                ("to_ns", gap.to == .distantFuture ? "null" : "\(gap.to.nanoseconds)"),
            ])
    }

    private mutating func claim(_ claim: Claim) {
        let isCut = if case .text(let text) = claim.value { text.isCut } else { false }
        write(
            claim.time,
            JSONLinesWriter.members(of: tags[Int(claim.tag.index)]) + [
                ("claim", JSON.value(claim.value)), ("cut", isCut ? "true" : nil),
                ("quality", JSON.string(Words.quality(claim.quality))),
                ("source_utc_ns", claim.sourceTime_ns.map { "\($0)" }),
                ("server_utc_ns", claim.serverTime_ns.map { "\($0)" }),
            ])
    }

    private static func members(of tag: TagInfo) -> [(String, String?)] {
        [("source", JSON.string(tag.source)), ("tag", JSON.string(tag.name))]
    }

    private mutating func reread(_ reread: Reread) {
        write(
            reread.time,
            [
                ("line", JSON.string(header.name(of: .line(reread.line)))), ("reread", "\(reread.agreed)"),
                ("failed", "\(reread.failed)"), ("last_level", reread.isHigh.map { $0 ? "1" : "0" } ?? "null"),
                ("from_ns", "\(reread.from.nanoseconds)"), ("to_ns", "\(reread.to.nanoseconds)"),
            ])
    }

    public mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        guard let device = devices[Int(block.device.index)] else { return }
        let samples = device.samples
        for scan in 0..<block.count {
            let time = block.firstTime + block.period * Int64(scan)
            var numbers: [String] = []
            var values: [String] = []
            for sample in samples {
                let position = sample.position(in: block, scan: scan)
                numbers.append(JSONLinesWriter.sample(sample.format, raw, position))
                values.append(JSON.number(sample.channel.value(in: raw, at: position)))
            }
            write(
                time,
                [
                    ("device", JSON.string(device.name)), ("scan", "\(block.sequence + UInt64(scan))"),
                    ("raw", JSON.array(numbers)), ("values", JSON.array(values)),
                    ("stamps", JSON.string(Words.stamps(block.stamps))),
                    ("uncertainty_ns", "\(block.uncertainty.count)"), ("late", block.isLate ? "true" : nil),
                ])
        }
    }

    public mutating func captureEnded(at end: Timestamp) {
        write(end + header.clockOfFixes.offsetToMonotonic - commonOffset, [("end", "true")])
    }

    /// What the clock of all records is behind the monotonic one; zero where they have several.
    private var commonOffset: Nanoseconds {
        let all = header.sources.filter { !($0.lines.isEmpty && $0.devices.isEmpty && $0.tags.isEmpty) }
            .map(\.clock.offsetToMonotonic)
        guard let first = all.first, all.allSatisfy({ $0 == first }) else { return .zero }
        return first
    }

    private static func sample(_ format: ScanFormat, _ raw: RawSpan, _ position: Int) -> String {
        guard format.isFloat else { return "\(format.sample(in: raw, at: position))" }
        let number = format.number(in: raw, at: position)
        // As short as it can be without another number of its size being meant.
        return format.bits == 32 && number.isFinite ? "\(Float(number))" : JSON.number(number)
    }

    public mutating func batchEnded(at now: Timestamp) throws(TapError) {
        output.flush()
        if let failure = output.failure { throw failure }
    }

    public mutating func finish(at now: Timestamp) throws(TapError) { try batchEnded(at: now) }

    private mutating func write(_ time: Timestamp, _ members: [(String, String?)]) {
        let late = isEventLate ? [("late", Optional("true"))] : []
        output.append(JSON.object([("t_ns", "\(time.nanoseconds)")] + members + late) + "\n")
        output.endRecord(at: time)
    }
}

extension JSONLinesWriter {
    private static func members(of fix: ClockFix) -> [(String, String?)] {
        [
            ("utc", JSON.string(Words.utc(fix.utcNanoseconds))), ("utc_ns", "\(fix.utcNanoseconds)"),
            ("bracket_ns", "\(fix.bracket.count)"), ("boot", JSON.string(fix.bootID.description)),
            ("synchronised", fix.isSynchronised ? "true" : "false"),
            ("since_synchronised_ns", fix.sinceSynchronised.map { "\($0.count)" } ?? "null"),
            ("kernel_maximum_error_ns", "\(fix.kernelMaximumError.count)"),
        ]
    }

    static func text(of header: SessionHeader) -> String {
        JSON.object([
            ("tap", JSON.string(header.version)), ("format", "1"),
            ("provenance", JSON.string(header.provenance.rawValue)),
            ("board", JSON.string(header.board)),
            ("seed", header.seed.map { "\($0)" }),
            ("origin_ns", "\(header.origin.nanoseconds)"),
            (
                "clock_fix",
                header.fix.map { JSON.object([("t_ns", "\($0.monotonic.nanoseconds)")] + members(of: $0)) } ?? "null"
            ),
            ("kernel", JSON.string(header.kernel)),
            ("shortest_pulse_ns", header.shortestPulse.map { "\($0.count)" } ?? "null"),
            ("notes", header.notes.isEmpty ? nil : JSON.array(header.notes.map(JSON.string))),
            ("sources", JSON.array(header.sources.map(text))),
        ])
    }

    private static func text(of source: SourceInfo) -> String {
        JSON.object([
            ("name", JSON.string(source.name)), ("provenance", JSON.string(source.provenance.rawValue)),
            (
                "clock",
                JSON.object([
                    ("kind", JSON.string(source.clock.kind.rawValue)),
                    ("offset_to_monotonic_ns", "\(source.clock.offsetToMonotonic.count)"),
                    ("uncertainty_ns", source.clock.uncertainty.map { "\($0.count)" } ?? "null"),
                ])
            ),
            ("capabilities", JSON.array(Words.capabilities(source.capabilities).map(JSON.string))),
            ("limits", JSON.array(source.limits.map(JSON.string))),
            ("lines", JSON.array(source.lines.map(text))), ("devices", JSON.array(source.devices.map(text))),
            ("tags", source.tags.isEmpty ? nil : JSON.array(source.tags.map(text))),
        ])
    }

    private static func text(of tag: TagInfo) -> String {
        JSON.object(members(of: tag) + [("unit", JSON.string(tag.unit))])
    }

    private static func text(of line: LineInfo) -> String {
        JSON.object([
            ("name", JSON.string(line.name)), ("chip", JSON.string(line.chip)), ("offset", "\(line.offset)"),
            ("pin", JSON.string(line.pin)), ("edges", JSON.string(line.options.edges.rawValue)),
            ("bias", JSON.string(line.options.bias.rawValue)),
            ("active_low", line.options.isActiveLow ? "true" : "false"),
            ("debounce_ns", "\(line.options.debounce.count)"),
            ("queue_asked", line.queueAsked.map { "\($0)" } ?? "null"),
            ("queue_held", line.queueHeld.map { "\($0)" } ?? "null"),
        ])
    }

    private static func text(of device: DeviceInfo) -> String {
        JSON.object([
            ("name", JSON.string(device.name)), ("context", JSON.string(device.context)),
            ("how", JSON.string(device.method.rawValue)), ("timestamped", device.isTimestamped ? "true" : "false"),
            ("rate_hz", device.rate_hz.map(JSON.number) ?? "null"), ("bytes_per_scan", "\(device.bytesPerScan)"),
            (
                "channels",
                JSON.array(
                    device.channels.map { channel in
                        JSON.object([
                            ("name", JSON.string(channel.name)), ("channel", JSON.string(channel.channel)),
                            ("pin", JSON.string(channel.pin)), ("unit", JSON.string(channel.unit)),
                            ("format", JSON.string(channel.format.description)),
                            ("byte_offset", "\(channel.byteOffset)"), ("offset", JSON.number(channel.offset)),
                            ("scale", JSON.number(channel.scale)),
                        ])
                    })
            ),
        ])
    }
}
