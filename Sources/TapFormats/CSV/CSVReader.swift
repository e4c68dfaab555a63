public import TapCore

/// Reads tables of levels and values over time, of tap and of others: docs/formats/csv.md.
public struct CSVReader: ~Copyable, CaptureReader {
    public let header: SessionHeader
    public var sampleRate_hz: UInt64? { head.rate?.rate_hz }
    public private(set) var end: Timestamp?

    private var file: InputFile
    private let head: CSVHeader
    private var lines: LineLevels
    private var analog: HeldScans
    private var now: Timestamp
    private var rows: UInt64 = 0
    /// The first row, which was read for its time.
    private var pending: [UInt8]?

    public init(_ path: String) throws(TapError) {
        var file = try InputFile(path)
        let head = try CSVHeader(&file)
        var first: [UInt8]?
        var origin = Timestamp.zero
        while let range = try file.nextLine() {
            guard !range.isEmpty else { continue }
            let row = Array(file.bytes[range])
            origin = try CSVReader.time(row, CSVReader.firstCell(row, head.delimiter), head, 0, file)
            first = row
            break
        }
        self.init(path, file, head, first: first, origin: origin)
    }

    private init(
        _ path: String, _ file: consuming InputFile, _ head: CSVHeader, first: [UInt8]?, origin: Timestamp
    ) {
        var header = SessionHeader.replayed(
            file: fileName(path), name: fileName(path), lines: head.lines, devices: head.table.devices,
            tags: head.tags)
        header.origin = origin
        self.header = header
        now = origin
        lines = LineLevels(head.lines.count)
        analog = HeldScans(head.table)
        pending = first
        self.head = head
        self.file = file
    }

    public mutating func read(into buffer: inout RecordBuffer) throws(TapError) -> Bool {
        while !buffer.isFull {
            if let row = pending.take() {
                try take(row, 0..<row.count, &buffer)
                continue
            }
            guard let range = try file.nextLine() else {
                // A row without times lasts until the next would come.
                if let rate = head.rate, head.timeExponent == nil {
                    now = Timestamp(nanoseconds: rate.time(of: rows) ?? .max)
                }
                end = now
                return false
            }
            if !range.isEmpty { try take(file.bytes, range, &buffer) }
        }
        return true
    }

    private static func firstCell(_ bytes: [UInt8], _ delimiter: UInt8) -> Range<Int> {
        0..<(bytes.firstIndex(of: delimiter) ?? bytes.count)
    }

    private static func time(
        _ bytes: [UInt8], _ cell: Range<Int>, _ head: CSVHeader, _ row: UInt64, _ file: borrowing InputFile
    ) throws(TapError) -> Timestamp {
        guard let exponent = head.timeExponent else {
            guard let time = head.rate?.time(of: row) else {
                throw file.mistake("row \(row) is later than 584 years", remedy: "the sample rate is wrong")
            }
            return Timestamp(nanoseconds: time)
        }
        guard let time = Decimal.scaled(bytes, cell, exponent: exponent) else {
            let text = printable(String(decoding: bytes[cell], as: UTF8.self), longest: 40)
            throw file.mistake(
                "'\(text)' is not a time from zero to 584 years", remedy: "write it as digits with a point")
        }
        return Timestamp(nanoseconds: time.value)
    }

    private mutating func take(
        _ bytes: [UInt8], _ range: Range<Int>, _ buffer: inout RecordBuffer
    ) throws(TapError) {
        var begin = range.lowerBound
        func cellEnd(isQuoted: Bool = false) -> Int {
            var end = begin
            var isWithin = false
            while end < range.upperBound, isWithin || bytes[end] != head.delimiter {
                if isQuoted, bytes[end] == UInt8(ascii: "\"") { isWithin.toggle() }
                end += 1
            }
            return end
        }
        if head.timeExponent != nil {
            let end = cellEnd()
            let time = try CSVReader.time(bytes, Decimal.trimmed(bytes, begin..<end), head, rows, file)
            guard time >= now else {
                throw file.mistake(
                    "time goes back from \(now.nanoseconds) ns to \(time.nanoseconds) ns",
                    remedy: "sort the rows by time")
            }
            now = time
            begin = end + 1
        } else {
            now = try CSVReader.time(bytes, begin..<begin, head, rows, file)
        }
        rows += 1
        for (index, column) in head.columns.enumerated() {
            guard begin <= range.upperBound else {
                throw file.mistake(
                    "\(index) values, but there are \(head.columns.count) columns",
                    remedy: "the file is truncated or damaged")
            }
            let isTag = if case .tag = column { true } else { false }
            let end = cellEnd(isQuoted: isTag)
            let cell = Decimal.trimmed(bytes, begin..<end)
            begin = end + 1
            switch column {
            case .line(let line): try set(line, bytes, cell, &buffer)
            case .channel(let channel):
                guard !cell.isEmpty else { continue }
                guard let value = Decimal.double(bytes, cell) else { throw noNumber(bytes, cell) }
                analog.set(channel, value)
            case .tag(let tag):
                guard let value = CSVReader.claimed(bytes, cell) else { continue }
                buffer.append(.claim(Claim(tag: TagID(UInt16(tag)), value: value, time: now)))
            }
        }
        guard begin > range.upperBound else {
            throw file.mistake("more values than the \(head.columns.count) columns", remedy: "the file is damaged")
        }
        analog.flush(at: now, into: &buffer)
    }

    /// What a cell claims; nil: nothing.
    private static func claimed(_ bytes: [UInt8], _ cell: Range<Int>) -> Claim.Value? {
        guard !cell.isEmpty else { return nil }
        if let number = Decimal.double(bytes, cell) { return .number(number) }
        var text = String(decoding: bytes[cell], as: UTF8.self)
        if text == "true" || text == "false" { return .bool(text == "true") }
        if text.count > 1, text.hasPrefix("\""), text.hasSuffix("\"") {
            text = String(text.dropFirst().dropLast()).replacing("\"\"", with: "\"")
        }
        return .text(ShortText(text))
    }

    private func noNumber(_ bytes: [UInt8], _ cell: Range<Int>) -> TapError {
        let text = printable(String(decoding: bytes[cell], as: UTF8.self), longest: 40)
        return file.mistake("'\(text)' is not a number", remedy: "write numbers with a point, or leave the cell empty")
    }

    private mutating func set(
        _ line: Int, _ bytes: [UInt8], _ cell: Range<Int>, _ buffer: inout RecordBuffer
    ) throws(TapError) {
        guard let first = cell.first else {
            lines.set(line, LineLevels.unknown, at: now, into: &buffer)
            return
        }
        guard cell.count == 1, bytes[first] == 48 || bytes[first] == 49 else {
            let text = printable(String(decoding: bytes[cell], as: UTF8.self), longest: 40)
            throw file.mistake(
                "'\(text)' where line '\(head.lines[line].name)' has 0 or 1",
                remedy: "give a column of numbers a unit, as 'name [V]'")
        }
        lines.set(line, bytes[first] - 48, at: now, into: &buffer)
    }
}

extension CSVReader {
    public var share: Double? { file.share }
}
