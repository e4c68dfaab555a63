public import TapCore

/// Claims that others have written down, as JSON Lines or as a table of a historian: docs/formats/claims.md.
///
/// A line that cannot be read makes a gap of its tags; what goes back in time is kept where it stands, and is late. Times count
/// from where the wires begin, or from the first claim. Reads in constant memory.
public struct ClaimsReader: ~Copyable, CaptureReader {
    public let header: SessionHeader
    public var sampleRate_hz: UInt64? { nil }
    public private(set) var end: Timestamp?
    public var share: Double? { file.share }
    public var isTorn: Bool { tornLine != nil }

    private var file: InputFile
    private var lines: ClaimLines
    private var row: ClaimRow
    /// The row was read and is to be given.
    private var isPending: Bool
    private let options: ClaimsOptions
    private let base: Int128
    private let isDated: Bool
    /// `base` is where the wires begin.
    private let isBeside: Bool
    private var last = Timestamp.zero
    private var counts = Counts()
    private var tornLine: Int?

    private struct Counts: Sendable {
        var early = 0
        var late = 0
        var future = 0
        var broken = 0
        /// The first few, whole.
        var sentences: [String] = []
    }

    /// Whether a file is claims as others write them, and not a capture. Reads its first bytes.
    public static func isClaims(_ path: String) throws(TapError) -> Bool {
        switch try CaptureFormat.of(content: path) {
        case .csv: return true
        case .jsonl:
            var file = try InputFile(path)
            guard let range = try file.nextLine() else { return false }
            return !file.text(range).contains("\"format\":")
        case .sigrok, .vcd, .comtrade, nil: return false
        }
    }

    /// Reads up to the first claim.
    ///
    /// - Throws: what cannot be read, or has no claim that is looked for, or is broken before the first.
    public init(_ path: String, _ options: ClaimsOptions) throws(TapError) {
        var file = try InputFile(path, encoding: options.encoding)
        var lines = try ClaimLines(&file, options)
        var row = ClaimRow()
        try ClaimsReader.readFirst(&file, &lines, &row)
        self.init(path, file, lines, row, options)
    }

    private static func readFirst(
        _ file: inout InputFile, _ lines: inout ClaimLines, _ row: inout ClaimRow
    ) throws(TapError) {
        while let range = try file.nextLine() {
            do throws(ClaimRow.Problem) {
                guard try lines.read(file.bytes, range, into: &row) else { continue }
            } catch { throw file.mistake(error.what, remedy: error.remedy) }
            guard row.time != nil else {
                throw file.mistake("a claim without a time", remedy: "add 'time', as \"2026-03-26T12:00:00Z\"")
            }
            return
        }
        let wanted = lines.tags.tags.prefix(4).map { printable($0.info.title, longest: 40) }.joined(separator: ", ")
        let found = lines.tags.remarks.first.map { "; \($0)" } ?? ""
        throw TapError(
            .configuration, InputPlace.name(file.path),
            "has no claim of a tag that is looked for (\(wanted)...)\(found)",
            remedy: "name tags as the site file does")
    }

    private init(
        _ path: String, _ file: consuming InputFile, _ lines: ClaimLines, _ row: ClaimRow, _ options: ClaimsOptions
    ) {
        let first = row.time ?? ClaimClock.Time(nanoseconds: 0, isDate: false)
        isDated = first.isDate
        let start: Int128? =
            isDated ? options.start?.utc_ns.map { Int128($0) } : options.start.map { Int128($0.origin.nanoseconds) }
        base = start ?? first.nanoseconds
        isBeside = start != nil
        var tags = options.tags.map(\.info)
        for number in tags.indices { tags[number].id = TagID(UInt16(clamping: number)) }
        header = SessionHeader.replayed(
            file: fileName(path), name: fileName(path),
            startUTC: isDated && !lines.clock.isZoneMissing ? UInt64(exactly: base) : nil, lines: [], devices: [],
            tags: tags)
        (self.lines, self.row, self.options, isPending) = (lines, row, options, true)
        self.file = file
    }

    public mutating func read(into buffer: inout RecordBuffer) throws(TapError) -> Bool {
        if isPending { take(&buffer) }
        isPending = false
        while !buffer.isFull {
            guard let range = try file.nextLine() else {
                lines.finish()
                end = last
                return false
            }
            do throws(ClaimRow.Problem) {
                if try lines.read(file.bytes, range, into: &row) { take(&buffer) }
            } catch {
                guard file.isWhole else {
                    tornLine = file.line
                    continue
                }
                lose(error, &buffer)
            }
        }
        return true
    }

    private mutating func take(_ buffer: inout RecordBuffer) {
        guard let time = row.time, time.isDate == isDated else {
            let missing = row.time == nil ? "a claim without a time" : "a time of another kind than those before"
            return lose(
                ClaimRow.Problem(what: missing, remedy: "write all times in one way", tag: row.said.first?.tag), &buffer
            )
        }
        let since = time.nanoseconds - base
        if since < 0 {
            // Alone, the first claim is the beginning: what it says of before has no place, and nothing waits for it.
            if isBeside { counts.early += row.said.count } else { counts.late += row.said.count }
            return
        }
        var stamp = Timestamp(nanoseconds: UInt64(clamping: since))
        var isFuture = since > Int128(UInt64.max)
        if let latest = options.latest_ns, isDated, time.nanoseconds > Int128(latest) { isFuture = true }
        if isFuture {
            counts.future += row.said.count
            say("says \(ClaimsReader.utc(time)), which is in the future")
            stamp = last
        } else if stamp < last {
            counts.late += row.said.count
        }
        last = max(last, stamp)
        let dated = isDated && time.isSure ? UInt64(exactly: time.nanoseconds) : nil
        for said in row.said {
            let quality = isFuture && said.quality != .bad ? .uncertain : said.quality
            buffer.append(
                .claim(
                    Claim(
                        tag: header.tags[said.tag].id, value: said.value, quality: quality, time: stamp,
                        sourceTime_ns: row.sourceTime_ns ?? dated, serverTime_ns: row.serverTime_ns)))
        }
    }

    /// What a line that cannot be read may have said is not known.
    private mutating func lose(_ problem: ClaimRow.Problem, _ buffer: inout RecordBuffer) {
        counts.broken += 1
        say("\(problem.what); \(problem.remedy)")
        for tag in header.tags where problem.tag.map({ header.tags[$0].id == tag.id }) ?? true {
            buffer.append(
                .gap(Gap(.notRecorded, .tag(tag.id), .unknown, discovered: last, from: last, to: last)))
        }
    }

    private static let mostSentences = 3

    private mutating func say(_ what: String) {
        guard counts.sentences.count < ClaimsReader.mostSentences else { return }
        counts.sentences.append("\(InputPlace.name(file.path)):\(file.line): \(what)")
    }

    private static func utc(_ time: ClaimClock.Time) -> String {
        UInt64(exactly: time.nanoseconds).map(Words.utc) ?? "a time after the year 2500"
    }

    public var remarks: [String] {
        var remarks = counts.sentences
        if counts.broken > 0 {
            remarks.append("\(counts.broken) lines cannot be read: what they say is unknown, and a gap")
        }
        if counts.future > 0 {
            remarks.append("\(counts.future) claims of the future stand where they were found, as uncertain")
        }
        if counts.late > 0 {
            remarks.append("\(counts.late) claims go back in time and are late: sort the file by time")
        }
        if counts.early > 0 {
            remarks.append("\(counts.early) claims are from before the wires begin, and left out")
        }
        if !isBeside, options.start != nil {
            remarks.append("the wires have no date: the first claim stands where they begin")
        }
        if let tornLine { remarks.append("ends within line \(tornLine), which is left out") }
        return remarks + lines.remarks + file.encodingRemarks
    }
}
