public import TapCore

/// Value Change Dump (IEEE 1364-2005, 18): lines as 1-bit wires, channels as reals, in nanoseconds since the session
/// began. A line is `x` from a gap on until its next edge or level; what VCD has no word for stands in comments.
///
/// VCD's time cannot go back: what came late is written at the present time, with a comment that says when it was.
public struct VCDWriter: ~Copyable, RecordSink {
    public var output: ByteWriter
    private let header: SessionHeader
    private let lineIDs: [[UInt8]]
    private let lineOffsets: [Nanoseconds]
    /// By their numbers.
    private let devices: [DeviceInfo]
    /// By place in `devices`, by value within a scan.
    private let channelIDs: [[[UInt8]]]
    /// In nanoseconds since the session's beginning.
    private var time: UInt64 = 0
    private let unit_ns: UInt64
    /// The coarsest unit, a power of ten of nanoseconds up to a second, in which every time so far is a whole number.
    private(set) var coarsestUnit_ns: UInt64 = 1_000_000_000
    private var hasTime = false
    private var claims: UInt64 = 0

    /// - Parameter unit_ns: of its times, a power of ten up to a second, and all of them a multiple of it; what is not is
    ///   cut off.
    public init(_ header: SessionHeader, to output: consuming ByteWriter, unit_ns: UInt64 = 1) {
        self.unit_ns = unit_ns
        self.header = header
        self.output = output
        let lines = header.lines.sorted { $0.id < $1.id }
        let devices = header.devices.sorted { $0.id < $1.id }
        var number = 0
        func nextID() -> [UInt8] {
            var rest = number
            number += 1
            var id: [UInt8] = []
            repeat {
                id.append(UInt8(33 + rest % 94))
                rest /= 94
            } while rest > 0
            return id
        }
        let lineIDs = lines.map { _ in nextID() }
        let channelIDs = devices.map { device in
            device.samples.map { _ in nextID() }
        }
        self.lineIDs = lineIDs
        self.devices = devices
        self.channelIDs = channelIDs
        lineOffsets = lines.map { header.clock(of: .line($0.id)).offsetToMonotonic }
        var text = "$version tap \(header.version) $end\n"
        if let fix = header.fix { text += "$date \(Words.utc(VCDWriter.utc(of: header.origin, fix))) $end\n" }
        text += "$comment \(header.provenance.rawValue) signals, \(VCDWriter.clean(header.wires)) $end\n"
        for limit in header.sources.flatMap(\.limits) { text += "$comment \(VCDWriter.clean(limit)) $end\n" }
        let tags = header.tags.count
        if tags > 0 { text += "$comment claims of \(counted(tags, "tag")) are not in this file $end\n" }
        text += "$timescale \(VCDTimescale(nanoseconds: unit_ns).text) $end\n$scope module tap $end\n"
        for (line, id) in zip(lines, lineIDs) {
            text += "$var wire 1 \(String(decoding: id, as: UTF8.self)) \(VCDWriter.name(line.name)) $end\n"
        }
        for (device, ids) in zip(devices, channelIDs) {
            for (sample, id) in zip(device.samples, ids) {
                let name = VCDWriter.name(device.address(of: sample))
                text += "$var real 64 \(String(decoding: id, as: UTF8.self)) \(name) $end\n"
            }
        }
        text += "$upscope $end\n$enddefinitions $end\n"
        self.output.append(text)
        self.output.endRecord(at: header.origin)
    }

    public mutating func edge(_ edge: Edge) {
        let line = Int(edge.line.index)
        let mapped = edge.time + lineOffsets[line]
        if go(to: mapped) || edge.flags.contains(.late) {
            comment("late edge of \(header.name(of: .line(edge.line))), was at \(relative(mapped)) ns")
        }
        output.append(edge.isRising ? UInt8(ascii: "1") : UInt8(ascii: "0"))
        output.append(lineIDs[line])
        output.append(UInt8(ascii: "\n"))
        output.endRecord(at: edge.time)
    }

    public mutating func event(_ event: Event) {
        switch event {
        case .level(let level): self.level(level)
        case .gap(let gap): self.gap(gap)
        case .reread(let reread): self.reread(reread)
        case .claim: claims += 1
        case .note(let note):
            _ = go(to: note.time + header.clockOfFixes.offsetToMonotonic)
            comment("note of \(printable(note.author.text)): \(printable(note.text.text))")
            output.endRecord(at: note.time)
        case .clockFix(let fix): clockFix(fix)
        }
    }

    private mutating func level(_ level: Level) {
        let line = Int(level.line.index)
        let mapped = level.notAfter + lineOffsets[line]
        if go(to: mapped) {
            comment("late level of \(header.name(of: .line(level.line))), was read at \(relative(mapped)) ns")
        }
        output.append(level.isHigh ? UInt8(ascii: "1") : UInt8(ascii: "0"))
        output.append(lineIDs[line])
        output.append(UInt8(ascii: "\n"))
        output.endRecord(at: level.notAfter)
    }

    private mutating func gap(_ gap: Gap) {
        let offset = header.clock(of: gap.subject).offsetToMonotonic
        _ = go(to: gap.discovered + offset)
        let lost =
            switch gap.count {
            case .exactly(let number): "\(number) lost"
            case .atLeast(let number): "at least \(number) lost"
            case .about(let number): "about \(number) lost"
            case .unknown: "unknown how many lost"
            }
        let to = gap.to == .distantFuture ? "now on" : "\(relative(gap.to + offset)) ns"
        comment(
            "gap \(Words.kind(gap.kind)) \(header.name(of: gap.subject)): \(lost), "
                + "from \(relative(gap.from + offset)) ns to \(to)")
        if case .line(let line) = gap.subject, gap.kind != .sourceBack {
            output.append(UInt8(ascii: "x"))
            output.append(lineIDs[Int(line.index)])
            output.append(UInt8(ascii: "\n"))
        }
        output.endRecord(at: gap.discovered)
    }

    /// Those that agree say nothing that the level does not.
    private mutating func reread(_ reread: Reread) {
        guard reread.failed > 0 else { return }
        let offset = lineOffsets[Int(reread.line.index)]
        _ = go(to: reread.time + offset)
        comment(
            "level of \(header.name(of: .line(reread.line))) not read: \(reread.failed) of "
                + "\(reread.agreed + reread.failed) readings failed, from \(relative(reread.from + offset)) ns to "
                + "\(relative(reread.to + offset)) ns")
        output.endRecord(at: reread.time)
    }

    private mutating func clockFix(_ fix: ClockFix) {
        _ = go(to: fix.monotonic + header.clockOfFixes.offsetToMonotonic)
        comment(
            "clock \(Words.utc(fix.utcNanoseconds)) within \(fix.bracket.count) ns, "
                + (fix.isSynchronised ? "synchronised" : "not synchronised"))
        output.endRecord(at: fix.monotonic)
    }

    public mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        guard let index = devices.firstIndex(where: { $0.id == block.device }) else { return }
        let device = devices[index]
        let offset = header.clock(of: .device(device.id)).offsetToMonotonic
        let samples = device.samples
        for scan in 0..<block.count {
            let time = block.firstTime + block.period * Int64(scan)
            if go(to: time + offset) || block.isLate {
                comment("late scan of \(device.name), was at \(relative(time + offset)) ns")
            }
            for (sample, id) in zip(samples, channelIDs[index]) {
                output.append("r\(sample.value(in: block, scan: scan, raw: raw)) ")
                output.append(id)
                output.append(UInt8(ascii: "\n"))
            }
            output.endRecord(at: time)
        }
    }

    /// What this format could not hold, a sentence each.
    public var remarks: [String] { claims == 0 ? [] : ["claims that VCD cannot hold: \(claims)"] }

    /// A last time without changes.
    public mutating func captureEnded(at end: Timestamp) {
        _ = go(to: end)
        output.endRecord(at: end)
    }

    public mutating func batchEnded(at now: Timestamp) throws(TapError) {
        output.flush()
        if let failure = output.failure { throw failure }
    }

    public mutating func finish(at now: Timestamp) throws(TapError) { try batchEnded(at: now) }

    /// - Returns: true if that time is past, so that the present one holds.
    private mutating func go(to mapped: Timestamp) -> Bool {
        let wanted = relative(mapped)
        let isPast = hasTime && wanted < time
        if !hasTime || wanted > time {
            time = max(time, wanted)
            hasTime = true
            while time % coarsestUnit_ns > 0 { coarsestUnit_ns /= 10 }
            output.append(UInt8(ascii: "#"))
            output.append(decimal: time / unit_ns)
            output.append(UInt8(ascii: "\n"))
        }
        return isPast
    }

    private func relative(_ time: Timestamp) -> UInt64 {
        time > header.origin ? UInt64((time - header.origin).count) : 0
    }

    private mutating func comment(_ text: String) { output.append("$comment \(VCDWriter.clean(text)) $end\n") }

    /// `$end` would end a comment early.
    private static func clean(_ text: String) -> String {
        text.split(separator: "$", omittingEmptySubsequences: false).joined(separator: "S")
    }

    /// One word, and none of VCD's own, which begin with a dollar sign.
    private static func name(_ text: String) -> String {
        let word = String(text.map { $0.isWhitespace ? "_" : $0 })
        return word.isEmpty || word.hasPrefix("$") ? "_" + word.dropFirst() : word
    }

    private static func utc(of time: Timestamp, _ fix: ClockFix) -> UInt64 {
        fix.utcNanoseconds &+ UInt64(bitPattern: (time - fix.monotonic).count)
    }
}
