public import TapCore

/// Reads tap's own JSON Lines (docs/formats/jsonl.md): everything that was written but the split into sources.
///
/// Times are the stamps as they are in the file if all its lines and devices have one clock; otherwise they are mapped to
/// the monotonic clock of the machine that captured, by the offsets that the header gives.
public struct JSONLinesReader: ~Copyable, CaptureReader {
    public let header: SessionHeader
    public var sampleRate_hz: UInt64? { nil }
    public private(set) var end: Timestamp?
    public var remarks: [String] { audit.remarks(isTorn: !torn.isEmpty) + torn }
    public var isTorn: Bool { !torn.isEmpty }
    public let recordedProvenance: Provenance?

    private var file: InputFile
    private var cursor = JSONCursor()
    private let names: JSONLinesNames
    private let lineOffsets: [Nanoseconds]
    private let deviceOffsets: [Nanoseconds]
    private let tagOffsets: [Nanoseconds]
    private let tags: [String: TagID]
    /// What the file's clock is behind the monotonic one.
    private let commonOffset: Nanoseconds
    private var audit: JSONLinesAudit
    /// Gaps of a full ring further down, and up to where in the file they have been looked for.
    private var reportedBelow: [Gap] = []
    private var lookedUpTo: UInt64 = 0
    private var hasEnd = false
    private var torn: [String] = []
    private var raw: [UInt8] = []

    public init(_ path: String) throws(TapError) {
        var file = try InputFile(path)
        guard let first = try file.nextLine() else {
            throw file.mistake("is empty", remedy: "use a complete file")
        }
        var cursor = JSONCursor()
        cursor.load(file.bytes, first)
        let head: JSONLinesHeader
        do throws(JSONCursor.Problem) { head = try JSONLinesHeader(&cursor) } catch {
            throw file.mistake(error.what, remedy: "tap cannot read this file")
        }
        self.init(path, file, head)
    }

    private init(_ path: String, _ file: consuming InputFile, _ head: JSONLinesHeader) {
        names = JSONLinesNames(head)
        recordedProvenance = head.provenance
        tags = Dictionary(uniqueKeysWithValues: head.tags.map { ($0.title, $0.id) })
        var head = head
        head.makeNamesUnique()
        var header = SessionHeader.replayed(
            file: fileName(path), name: head.board, lines: head.lines, devices: head.devices,
            tags: head.tags, limits: head.limits)
        let common = head.takeCommonOffset()
        header.origin = (head.origin ?? .zero) - common
        header.fix = head.fix
        if let fix = head.fix { header.fix?.monotonic = fix.monotonic - common }
        header.kernel = printable(head.kernel)
        header.shortestPulse = head.shortestPulse
        header.seed = head.seed
        header.notes = head.notes.map { printable($0, longest: 4_096) }
        self.header = header
        lineOffsets = head.lineOffsets
        deviceOffsets = head.deviceOffsets
        tagOffsets = head.tagOffsets
        commonOffset = common
        audit = JSONLinesAudit(header, head.promises)
        self.file = file
    }

    public mutating func read(into buffer: inout RecordBuffer) throws(TapError) -> Bool {
        while !buffer.isFull {
            guard let range = try file.nextLine() else {
                if !hasEnd { end = latest }
                return false
            }
            guard !range.isEmpty else { continue }
            cursor.load(file.bytes, range)
            do throws(JSONCursor.Problem) { try take(&buffer) } catch {
                guard file.isWhole else { return tear(&buffer) }
                throw file.mistake(error.what, remedy: "the file is damaged; use a complete one")
            }
        }
        return true
    }

    /// The last line is no record.
    private mutating func tear(_ buffer: inout RecordBuffer) -> Bool {
        TornEnd.append(header, at: latest, to: &buffer)
        torn = [TornEnd.remark(line: file.line)]
        end = latest
        return false
    }

    /// The time of the latest record.
    private var latest: Timestamp { max(header.origin, audit.latest) }

    private mutating func take(_ buffer: inout RecordBuffer) throws(JSONCursor.Problem) {
        let record = try JSONLinesRecord(&cursor, names)
        try cursor.expectEnd()
        guard let time = record.time.map({ Timestamp(nanoseconds: $0) }) else {
            throw JSONCursor.Problem(what: "a record without t_ns")
        }
        switch record.kind {
        case .edge: try edge(record, time, &buffer)
        case .level:
            let (line, offset) = try line(record)
            guard let notBefore = record.notBefore, let notAfter = record.notAfter, let reason = record.reason else {
                throw JSONCursor.Problem(what: "a level without reason, not_before_ns and not_after_ns")
            }
            let level = Level(
                line: line, isHigh: record.isHigh, reason: reason,
                notBefore: Timestamp(nanoseconds: notBefore) + offset,
                notAfter: Timestamp(nanoseconds: notAfter) + offset)
            audit.take(level)
            append(.level(level), record, &buffer)
        case .gap:
            let gap = try gap(record)
            audit.take(gap)
            append(.gap(gap), record, &buffer)
        case .reread: try reread(record, time, &buffer)
        case .claim: try claim(record, time, &buffer)
        case .note:
            let note = Note(
                time: time - commonOffset, author: ShortText(record.author), text: ShortText(record.text))
            append(.note(note), record, &buffer)
        case .scan: try scan(record, time, &buffer)
        case .clockFix:
            var fix = try record.clockFix()
            fix.monotonic = fix.monotonic - commonOffset
            append(.clockFix(fix), record, &buffer)
        case .end:
            hasEnd = true
            end = time
        case .unknown: break
        }
    }

    private mutating func append(_ event: Event, _ record: JSONLinesRecord, _ buffer: inout RecordBuffer) {
        var event = event
        event.isLate = record.flags.contains(.late)
        if isDisordered(event.time, isLate: event.isLate) { event.isLate = true }
        buffer.append(event)
    }

    private mutating func isDisordered(_ time: Timestamp, isLate: Bool) -> Bool {
        audit.isDisordered(time, isLate: isLate, line: file.line)
    }

    private mutating func edge(
        _ record: JSONLinesRecord, _ time: Timestamp, _ buffer: inout RecordBuffer
    ) throws(JSONCursor.Problem) {
        let (line, offset) = try line(record)
        var flags = record.flags
        if record.isHigh { flags.insert(.rising) }
        if isDisordered(time + offset, isLate: flags.contains(.late)) { flags.insert(.late) }
        var edge = Edge(
            time: time + offset, line: line, sequence: UInt32(truncatingIfNeeded: record.sequence), flags: flags)
        if let gap = audit.gap(before: edge, line: file.line), !isReportedBelow(gap) {
            audit.isMissing(gap)
            buffer.append(.gap(gap))
            edge.flags.insert(.missedBefore)
        }
        buffer.append(edge)
    }

    /// Whether a gap further down speaks of the same: what a full ring lost is written once there is room again, behind
    /// records that were under way. Looks as far as the file's buffer reaches.
    private mutating func isReportedBelow(_ gap: Gap) -> Bool {
        // A file that cannot be read any more says so at its next line.
        _ = try? file.need(InputFile.capacity)
        let kind = Array("\"\(Words.kind(.ringFull))\"".utf8)
        let first = Int(max(file.offset, lookedUpTo) - file.offset)
        let ahead = file.bytes[(file.start + first)..<file.end]
        if let last = ahead.lastIndex(of: 10) {
            for line in ahead[...last].split(separator: 10) where line.contains(kind) {
                var cursor = JSONCursor()
                cursor.load(file.bytes, line.indices)
                if let record = try? JSONLinesRecord(&cursor, names), let gap = try? self.gap(record) {
                    reportedBelow.append(gap)
                }
            }
            lookedUpTo = file.offset + UInt64(last + 1 - file.start)
        }
        reportedBelow.removeAll { $0.discovered < audit.latest }
        return reportedBelow.contains { $0.subject == gap.subject && $0.from <= gap.to && $0.to >= gap.from }
    }

    private func line(_ record: JSONLinesRecord) throws(JSONCursor.Problem) -> (LineID, Nanoseconds) {
        guard let line = record.line else { throw JSONCursor.Problem(what: "a record without the name of its line") }
        return (LineID(UInt16(line)), lineOffsets[line])
    }

    private func gap(_ record: JSONLinesRecord) throws(JSONCursor.Problem) -> Gap {
        guard let time = record.time.map({ Timestamp(nanoseconds: $0) }), let kind = record.gap, let from = record.from,
            let to = record.to
        else {
            throw JSONCursor.Problem(what: "a gap without a known kind, from_ns and to_ns")
        }
        let subject: Gap.Subject
        let offset: Nanoseconds
        if record.tag != nil {
            let (tag, ofTag) = try tag(record)
            (subject, offset) = (.tag(tag), ofTag)
        } else if record.isOfNotes {
            (subject, offset) = (.notes, .zero - commonOffset)
        } else if let device = record.device {
            (subject, offset) = (.device(DeviceID(UInt16(device))), deviceOffsets[device])
        } else {
            let (line, ofLine) = try line(record)
            (subject, offset) = (.line(line), ofLine)
        }
        let count: Gap.Count
        switch (record.certainty, record.lost) {
        case ("exact", let lost?): count = .exactly(lost)
        case ("at-least", let lost?): count = .atLeast(lost)
        case ("estimated", let lost?): count = .about(lost)
        default: count = .unknown
        }
        return Gap(
            kind, subject, count, discovered: time + offset, from: Timestamp(nanoseconds: from) + offset,
            to: to == .max ? .distantFuture : Timestamp(nanoseconds: to) + offset)
    }

    private func tag(_ record: JSONLinesRecord) throws(JSONCursor.Problem) -> (TagID, Nanoseconds) {
        guard let name = record.tag, let source = record.source else {
            throw JSONCursor.Problem(what: "a record of a tag without tag and source")
        }
        guard let tag = tags["\(source) \(name)"] else {
            throw JSONCursor.Problem(
                what: "tag '\(printable("\(source) \(name)", longest: 40))' is not in the session header")
        }
        return (tag, tagOffsets[Int(tag.index)])
    }

    private mutating func claim(
        _ record: JSONLinesRecord, _ time: Timestamp, _ buffer: inout RecordBuffer
    ) throws(JSONCursor.Problem) {
        let (tag, offset) = try tag(record)
        guard var value = record.value else { throw JSONCursor.Problem(what: "a claim of no value") }
        if case .text(let text) = value { value = .text(ShortText(text.text, isCut: record.isCut)) }
        audit.take(claimOf: tag, line: file.line)
        let claim = Claim(
            tag: tag, value: value, quality: record.quality ?? .unknown, time: time + offset,
            sourceTime_ns: record.sourceTime, serverTime_ns: record.serverTime)
        append(.claim(claim), record, &buffer)
    }

    private mutating func reread(
        _ record: JSONLinesRecord, _ time: Timestamp, _ buffer: inout RecordBuffer
    ) throws(JSONCursor.Problem) {
        let (line, offset) = try line(record)
        guard let from = record.from, let to = record.to, let agreed = UInt32(exactly: record.agreed),
            let failed = UInt32(exactly: record.failed)
        else { throw JSONCursor.Problem(what: "readings of a level without their numbers, from_ns and to_ns") }
        let reread = Reread(
            line: line, time: time + offset, from: Timestamp(nanoseconds: from) + offset,
            to: Timestamp(nanoseconds: to) + offset, isHigh: record.lastLevel.map { $0 != 0 }, agreed: agreed,
            failed: failed)
        audit.take(reread)
        append(.reread(reread), record, &buffer)
    }

    private mutating func scan(
        _ record: JSONLinesRecord, _ time: Timestamp, _ buffer: inout RecordBuffer
    ) throws(JSONCursor.Problem) {
        guard let device = record.device, let range = record.raw, let stamps = record.stamps else {
            throw JSONCursor.Problem(what: "a scan without device, raw and stamps")
        }
        let info = header.devices[device]
        let samples = names.samples[device]
        raw.removeAll(keepingCapacity: true)
        for _ in 0..<info.bytesPerScan { raw.append(0) }
        cursor.load(at: range)
        var count = 0
        try cursor.array { (cursor) throws(JSONCursor.Problem) in
            guard count < samples.count else {
                throw JSONCursor.Problem(what: "a scan of more samples than the device's \(samples.count)")
            }
            let sample = try cursor.sample(samples[count].format)
            samples[count].format.store(sample, in: &raw, at: samples[count].byteOffset)
            count += 1
        }
        guard count == samples.count else {
            throw JSONCursor.Problem(what: "a scan of \(count) samples, but the device has \(samples.count)")
        }
        let mapped = time + deviceOffsets[device]
        var block = ScanBlock(
            device: info.id, firstTime: mapped, period: .zero, count: 1, bytesPerScan: info.bytesPerScan,
            sequence: record.sequence, stamps: stamps, uncertainty: Nanoseconds(record.uncertainty))
        block.isLate = record.flags.contains(.late)
        if isDisordered(mapped, isLate: block.isLate) { block.isLate = true }
        if let gap = audit.gap(before: block, line: file.line), !isReportedBelow(gap) {
            audit.isMissing(gap)
            buffer.append(.gap(gap))
        }
        buffer.append(block, raw: raw)
    }
}

extension JSONLinesReader {
    public var share: Double? { file.share }
}
