public import TapCore

/// Reads tables of levels and values over time, of tap and of others: docs/formats/csv.md.
public struct CSVReader: ~Copyable, CaptureReader {
    public let header: SessionHeader
    public var sampleRate_hz: UInt64? { head.rate_hz }
    public private(set) var end: Timestamp?
    public private(set) var remarks: [String]
    public private(set) var isTorn = false

    private var file: InputFile
    private let head: CSVHeader
    private var lines: LineLevels
    private var analog: HeldScans
    private var now: Timestamp
    private var rows: UInt64 = 0
    /// Of the present row.
    private var cells: [Range<Int>] = []
    /// When the row behind the last would come.
    private var next: Timestamp?

    public init(_ path: String, _ options: ReadOptions = ReadOptions()) throws(TapError) {
        var file = try InputFile(path, encoding: options.encoding)
        let head = try CSVHeader(&file, options)
        let lines = try file.linesAhead(CSVLayout.window)
        var cells: [Range<Int>] = []
        var origin = Timestamp.zero
        if let first = lines.first(where: { !Decimal.trimmed(file.bytes, $0).isEmpty }) {
            head.text.split(file.bytes, first, into: &cells)
            if let time = head.times.time(file.bytes, cells, row: 0, head.text) {
                origin = Timestamp(nanoseconds: UInt64(clamping: time - head.times.base))
            }
        }
        self.init(path, file, head, origin: origin)
    }

    private init(_ path: String, _ file: consuming InputFile, _ head: CSVHeader, origin: Timestamp) {
        var header = SessionHeader.replayed(
            file: fileName(path), name: fileName(path), startUTC: head.startUTC, lines: head.lines,
            devices: head.table.devices, tags: head.tags)
        header.origin = origin
        self.header = header
        remarks = head.remarks
        now = origin
        lines = LineLevels(head.lines.count)
        analog = HeldScans(head.table)
        self.head = head
        self.file = file
    }

    public mutating func read(into buffer: inout RecordBuffer) throws(TapError) -> Bool {
        while !buffer.isFull {
            guard let range = try file.nextLine() else {
                end = next ?? now
                return false
            }
            let bytes = file.bytes
            guard !Decimal.trimmed(bytes, range).isEmpty else { continue }
            head.text.split(bytes, range, into: &cells)
            if cells.count < head.columns.count, !file.isWhole {
                remarks.append("ends within row \(rows + 1), which is left out")
                isTorn = true
                continue
            }
            try take(bytes, &buffer)
        }
        return true
    }

    private mutating func take(_ bytes: [UInt8], _ buffer: inout RecordBuffer) throws(TapError) {
        let columns = head.columns
        let timeCells = head.times.column == nil ? 0 : 1
        guard cells.count >= columns.count else {
            throw file.mistake(
                "\(cells.count - timeCells) values, but there are \(columns.count - timeCells) columns",
                remedy: "the file is truncated or damaged")
        }
        guard cells[columns.count...].allSatisfy(\.isEmpty) else {
            throw file.mistake(
                "more values than the \(columns.count - timeCells) columns", remedy: "the file is damaged")
        }
        let time = try time(bytes)
        guard time >= now else {
            throw file.mistake(
                "time goes back from \(now.nanoseconds) ns to \(time.nanoseconds) ns", remedy: "sort the rows by time")
        }
        now = time
        if case .samples(let raster) = head.times.style { next = end(raster, bytes) }
        rows += 1
        for index in columns.indices where columns[index] != .nothing {
            switch columns[index] {
            case .line(let line): try set(line, bytes, CSVText.plain(bytes, cells[index]), &buffer)
            case .channel(let channel):
                let cell = CSVText.plain(bytes, cells[index])
                guard !cell.isEmpty else { continue }
                guard let value = number(bytes, cell) else { throw noNumber(bytes, cell) }
                analog.set(channel, value)
            case .tag(let tag):
                guard let value = claimed(bytes, cells[index]) else { continue }
                buffer.append(.claim(Claim(tag: TagID(UInt16(tag)), value: value, time: now)))
            case .nothing: break
            }
        }
        analog.flush(at: now, into: &buffer)
    }

    private func time(_ bytes: [UInt8]) throws(TapError) -> Timestamp {
        guard let time = head.times.time(bytes, cells, row: rows, head.text) else {
            let cell = cells[head.times.column ?? 0]
            let text = printable(String(decoding: bytes[cell], as: UTF8.self), longest: 40)
            throw file.mistake(
                "'\(text)' is not a time from zero to 584 years", remedy: "write digits with a point, or give --unit")
        }
        let past = time - head.times.base
        guard past >= 0 else {
            throw file.mistake(
                "time goes back from \(now.nanoseconds) ns to \(past) ns", remedy: "sort the rows by time")
        }
        guard let nanoseconds = UInt64(exactly: past) else {
            throw file.mistake("row \(rows) is later than 584 years", remedy: "the sample rate or unit is wrong")
        }
        return Timestamp(nanoseconds: nanoseconds)
    }

    private func end(_ raster: CSVRaster, _ bytes: [UInt8]) -> Timestamp? {
        var number = Int128(rows)
        if let column = head.times.column {
            let cell = CSVText.plain(bytes, cells[column])
            guard let written = CSVTimes.signed(bytes, cell, exponent: 0, point: head.text.point) else { return nil }
            number = written
        }
        return raster.end(of: number).map { Timestamp(nanoseconds: UInt64(clamping: $0 - head.times.base)) }
    }

    /// Words for no level are words for no number too.
    private func number(_ bytes: [UInt8], _ cell: Range<Int>) -> Double? {
        head.text.number(bytes, cell) ?? (CSVText.level(bytes, cell) == LineLevels.unknown ? Double.nan : nil)
    }

    /// What a cell claims; nil: nothing.
    private func claimed(_ bytes: [UInt8], _ cell: Range<Int>) -> Claim.Value? {
        guard !cell.isEmpty else { return nil }
        if let number = head.text.number(bytes, cell) { return .number(number) }
        let text = String(decoding: bytes[cell], as: UTF8.self)
        if text == "true" || text == "false" { return .bool(text == "true") }
        return .text(ShortText(CSVText.unquoted(text)))
    }

    private func noNumber(_ bytes: [UInt8], _ cell: Range<Int>) -> TapError {
        let text = printable(String(decoding: bytes[cell], as: UTF8.self), longest: 40)
        let mark = Character(Unicode.Scalar(head.text.point)) == "," ? "comma" : "point"
        return file.mistake(
            "'\(text)' is not a number", remedy: "write numbers with a \(mark), or leave the cell empty")
    }

    private mutating func set(
        _ line: Int, _ bytes: [UInt8], _ cell: Range<Int>, _ buffer: inout RecordBuffer
    ) throws(TapError) {
        guard let level = CSVText.level(bytes, cell) else {
            let text = printable(String(decoding: bytes[cell], as: UTF8.self), longest: 40)
            throw file.mistake(
                "'\(text)' where line '\(head.lines[line].name)' has 0 or 1",
                remedy: "give a column of numbers a unit, as 'name [V]'")
        }
        lines.set(line, level, at: now, into: &buffer)
    }
}

extension CSVReader {
    public var share: Double? { file.share }
}
