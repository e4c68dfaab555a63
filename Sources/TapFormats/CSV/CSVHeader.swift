import TapCore

/// The head of a CSV file: which column is what.
struct CSVHeader: Sendable {
    enum Column: Sendable, Hashable {
        case line(Int)
        case channel(Int)
        case tag(Int)
    }

    var delimiter = UInt8(ascii: ",")
    /// Of a time of 1: 10^exponent nanoseconds; nil: there is no column of times.
    var timeExponent: Int?
    /// Of rows without times.
    var rate: SampleTime?
    var columns: [Column] = []
    var lines: [LineInfo] = []
    var table = DeviceTable()
    var tags: [TagInfo] = []

    private static let mostColumns = 4_096

    /// Reads the comments and the line with the names; columns without a unit are judged by what is in them.
    init(_ file: inout InputFile) throws(TapError) {
        var names: [String] = []
        var range = try file.nextLine()
        while let line = range {
            let text = file.text(line).trimmed
            guard text.hasPrefix(";") || text.hasPrefix("#") || text.isEmpty else { break }
            comment(text, &names)
            range = try file.nextLine()
        }
        guard let range else {
            throw file.mistake("has no header line", remedy: "write the names of the columns first")
        }
        let head = file.text(range).trimmingMark
        delimiter = [",", ";", "\t"].first { head.contains($0) }.flatMap { $0.utf8.first } ?? UInt8(ascii: ",")
        var cells = CSVHeader.cells(head, delimiter)
        guard cells.count <= CSVHeader.mostColumns else {
            throw file.mistake("\(cells.count) columns", remedy: "use at most \(CSVHeader.mostColumns)")
        }
        timeExponent = CSVHeader.exponent(cells[0])
        if timeExponent != nil { cells.removeFirst() }
        guard timeExponent != nil || rate != nil else {
            throw file.mistake(
                "the first column, '\(printable(cells[0], longest: 40))', is not a time",
                remedy: "name it t_ns, t_us, t_ms or t_s")
        }
        // libsigrok's names stand in a comment, the columns are called by their kind.
        if names.count == cells.count, cells.allSatisfy({ $0 == "logic" || $0 == "analog" }) {
            let kinds = cells
            cells = zip(names, kinds).map { $1 == "analog" ? "\($0) []" : $0 }
        }
        try declare(cells, &file)
    }

    private mutating func comment(_ text: String, _ names: inout [String]) {
        if let mark = text.range(after: "Samplerate: "), let hertz = SampleRate.hertz(mark), hertz <= 1_000_000_000 {
            rate = SampleTime(rate_hz: hertz)
        }
        if let mark = text.range(after: "Channels ("), let colon = mark.firstIndex(of: ":") {
            names = mark[mark.index(after: colon)...].split(separator: ",").map { String($0).trimmed }
        }
    }

    private mutating func declare(_ cells: [String], _ file: inout InputFile) throws(TapError) {
        var names = UniqueNames()
        let isLogic = try sniff(&file, count: cells.count)
        for (index, cell) in cells.enumerated() {
            if cell.hasSuffix("}"), let open = cell.lastIndex(of: "{") {
                columns.append(.tag(tags.count))
                let title = names.take(String(cell[..<open]).trimmed, or: "table T\(index)")
                tags.append(
                    CSVHeader.tag(
                        title, unit: printable(String(cell[cell.index(after: open)...].dropLast())), tags.count))
            } else if cell.hasSuffix("]"), let open = cell.lastIndex(of: "[") {
                let name = String(cell[..<open]).trimmed
                columns.append(.channel(table.places.count))
                table.add(
                    names.take(name, or: "A\(index)"),
                    unit: printable(String(cell[cell.index(after: open)...].dropLast())), format: .float(bits: 64))
            } else if isLogic[index] {
                columns.append(.line(lines.count))
                lines.append(LineInfo(id: LineID(UInt16(lines.count)), name: names.take(cell, or: "D\(index)")))
            } else {
                columns.append(.channel(table.places.count))
                table.add(names.take(cell, or: "A\(index)"), unit: "", format: .float(bits: 64))
            }
        }
    }

    /// - Parameter title: who makes the claims, then the tag's name; without a blank: whoever made the table.
    private static func tag(_ title: String, unit: String, _ number: Int) -> TagInfo {
        let blank = title.firstIndex(of: " ")
        return TagInfo(
            id: TagID(UInt16(number)), name: blank.map { String(title[title.index(after: $0)...]) } ?? title,
            source: blank.map { String(title[..<$0]) } ?? "table", unit: unit)
    }

    /// Which columns have nothing but 0, 1 and empty cells in what is read ahead.
    private func sniff(_ file: inout InputFile, count: Int) throws(TapError) -> [Bool] {
        var isLogic = Array(repeating: true, count: count)
        _ = try file.need(1 << 16)
        let ahead = file.bytes[file.start..<min(file.end, file.start + 1 << 16)]
        // The last may be torn.
        for row in ahead.split(separator: 10).dropLast() {
            let cells = row.split(separator: delimiter, omittingEmptySubsequences: false)
                .dropFirst(timeExponent == nil ? 0 : 1)
            for (index, cell) in cells.enumerated() where index < count {
                let value = cell.filter { $0 > 0x20 }
                if !value.isEmpty, value != [48], value != [49] { isLogic[index] = false }
            }
        }
        return isLogic
    }

    /// Cells of the head, which may be quoted.
    private static func cells(_ text: String, _ delimiter: UInt8) -> [String] {
        var cells = [[]] as [[UInt8]]
        var isQuoted = false
        var wasQuote = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") {
                // A doubled one stands for itself.
                if !isQuoted, wasQuote { cells[cells.count - 1].append(byte) }
                isQuoted.toggle()
                wasQuote = !isQuoted
                continue
            }
            wasQuote = false
            if byte == delimiter, !isQuoted { cells.append([]) } else { cells[cells.count - 1].append(byte) }
        }
        return cells.map { String(decoding: $0, as: UTF8.self).trimmed }
    }

    /// Of the unit of a column of times; nil: it is none.
    private static func exponent(_ name: String) -> Int? {
        let units = ["s": 9, "ms": 6, "us": 3, "\u{B5}s": 3, "ns": 0]
        let words = ["seconds": 9, "milliseconds": 6, "microseconds": 3, "nanoseconds": 0, "time": 9, "t": 9]
        let lower = name.lowercased()
        if let exponent = words[lower] { return exponent }
        let parts = lower.split { "_ [](),".contains($0) }.map(String.init)
        guard let first = parts.first, let last = parts.last, parts.count == 2,
            ["t", "time", "timestamp"].contains(first)
        else { return nil }
        return units[last]
    }
}

extension String {
    /// What follows the first place of a word; nil: it is not there.
    fileprivate func range(after word: String) -> String? {
        var rest = Substring(self)
        while !rest.isEmpty {
            if rest.hasPrefix(word) { return String(rest.dropFirst(word.count)).trimmed }
            rest.removeFirst()
        }
        return nil
    }

    /// Without the mark of byte order that some programs write first.
    fileprivate var trimmingMark: String {
        let plain = unicodeScalars.first == "\u{FEFF}" ? String(unicodeScalars.dropFirst()) : self
        return plain.trimmed
    }
}
