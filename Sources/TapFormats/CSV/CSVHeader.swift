import TapCore

/// The head of a CSV file: which column is what.
struct CSVHeader: Sendable {
    enum Column: Sendable, Hashable {
        case line(Int)
        case channel(Int)
        case tag(Int)
        /// A time, or nothing that tap can use.
        case nothing
    }

    let text: CSVText
    private(set) var times: CSVTimes
    private(set) var columns: [Column] = []
    private(set) var lines: [LineInfo] = []
    private(set) var table = DeviceTable()
    private(set) var tags: [TagInfo] = []
    /// Of rows that are samples of one rate.
    private(set) var rate_hz: UInt64?
    /// At the first row, if the table has dates and their zone is known.
    private(set) var startUTC: UInt64?
    private(set) var remarks: [String] = []

    private static let mostColumns = 4_096

    /// Uses up the lines before the first row.
    init(_ file: inout InputFile, _ options: ReadOptions) throws(TapError) {
        var layout = try CSVLayout(&file, separator: options.separator)
        text = layout.text
        while layout.names.last?.isEmpty == true { layout.names.removeLast() }
        let count = layout.names.isEmpty ? layout.width : layout.names.count
        guard count > 0 else {
            throw file.mistake("has no rows and no names of columns", remedy: "use another file")
        }
        guard count <= CSVHeader.mostColumns else {
            throw file.mistake("\(count) columns", remedy: "use at most \(CSVHeader.mostColumns)")
        }
        var names = layout.names + Array(repeating: "", count: count - layout.names.count)
        let units =
            layout.units.map { CSVUnit.quantity($0) ?? CSVUnit.alone($0) ?? "" } + Array(repeating: "", count: count)
        times = try CSVHeader.times(file, layout, names, units, options)
        CSVHeader.nameAsSigrok(&names, layout, timeColumn: times.column)
        try declare(names, units, layout.rows, &file)
        try begin(layout.rows.first, &file)
        rate_hz = times.column == nil || layout.isSigrok ? options.rate_hz ?? layout.rate_hz : nil
        remarks += file.encodingRemarks
        for _ in 0..<layout.headLines { _ = try file.nextLine() }
    }

    /// libsigrok's names stand in a comment where the columns are called by their kind, or not at all.
    private static func nameAsSigrok(_ names: inout [String], _ layout: CSVLayout, timeColumn: Int?) {
        let first = timeColumn == nil ? 0 : 1
        let kinds = names.dropFirst(first)
        guard layout.sigrokNames.count == kinds.count, timeColumn ?? 0 == 0,
            kinds.allSatisfy({ $0.isEmpty || $0 == "logic" || $0 == "analog" || CSVUnit.quantity($0) != nil })
        else { return }
        for (index, name) in layout.sigrokNames.enumerated() {
            let kind = names[index + first]
            let unit = kind == "analog" ? "" : kind == "logic" ? nil : CSVUnit.quantity(kind)
            names[index + first] = unit.map { "\(name) [\($0)]" } ?? name
        }
    }

    private mutating func declare(
        _ cells: [String], _ units: [String], _ rows: [[Range<Int>]], _ file: inout InputFile
    ) throws(TapError) {
        var names = UniqueNames()
        var skipped: [String] = []
        for (index, cell) in cells.enumerated() {
            if times.covers(index) {
                columns.append(.nothing)
                continue
            }
            var (name, unit) = CSVUnit.split(cell)
            if unit == nil, !units[index].isEmpty { unit = units[index] }
            let content = self.content(of: index, rows, file.bytes)
            if cell.hasSuffix("}"), let open = cell.lastIndex(of: "{") {
                columns.append(.tag(tags.count))
                let title = names.take(String(cell[..<open]).trimmed, or: "table T\(index)")
                tags.append(
                    CSVHeader.tag(
                        title, unit: printable(String(cell[cell.index(after: open)...].dropLast())), tags.count))
            } else if let unit {
                columns.append(.channel(table.places.count))
                table.add(names.take(name, or: "A\(index)"), unit: printable(unit), format: .float(bits: 64))
            } else if content == .levels {
                columns.append(.line(lines.count))
                name = names.take(name, or: "D\(index)")
                lines.append(LineInfo(id: LineID(UInt16(lines.count)), name: name))
            } else if content == .numbers {
                columns.append(.channel(table.places.count))
                table.add(names.take(name, or: "A\(index)"), unit: "", format: .float(bits: 64))
            } else {
                columns.append(.nothing)
                skipped.append(name.isEmpty ? "\(index + 1)" : printable(name, longest: 40))
            }
        }
        guard columns.contains(where: { $0 != .nothing }) || columns.count == 1 else {
            throw file.mistake(
                "no column has levels or numbers", remedy: "if cells are not between commas, give --input-separator")
        }
        remarks += names.remarks
        if !skipped.isEmpty {
            let some = skipped.prefix(4).joined(separator: ", ") + (skipped.count > 4 ? " and others" : "")
            remarks.append("columns that hold neither levels nor numbers are not read: \(some)")
        }
    }

    private enum Content { case levels, numbers, words }

    /// Of a column, as far as was looked ahead.
    private func content(of column: Int, _ rows: [[Range<Int>]], _ bytes: [UInt8]) -> Content {
        var isLevels = true
        for row in rows where column < row.count {
            let cell = CSVText.plain(bytes, row[column])
            guard !cell.isEmpty else { continue }
            if isLevels, CSVText.level(bytes, cell) == nil { isLevels = false }
            if !isLevels, text.number(bytes, cell) == nil, CSVText.level(bytes, cell) != LineLevels.unknown {
                return .words
            }
        }
        return isLevels ? .levels : .numbers
    }

    /// - Parameter title: who makes the claims, then the tag's name; without a blank: whoever made the table.
    private static func tag(_ title: String, unit: String, _ number: Int) -> TagInfo {
        let blank = title.firstIndex(of: " ")
        return TagInfo(
            id: TagID(UInt16(number)), name: blank.map { String(title[title.index(after: $0)...]) } ?? title,
            source: blank.map { String(title[..<$0]) } ?? "table", unit: unit)
    }

    /// What follows from the first row: where times are counted from.
    private mutating func begin(_ row: [Range<Int>]?, _ file: inout InputFile) throws(TapError) {
        guard let row, let first = times.time(file.bytes, row, row: 0, text) else { return }
        switch times.style {
        case .dates(let isSplit, let zone):
            times.base = first
            let cell = CSVText.plain(file.bytes, row[times.column ?? 0])
            if (isSplit ? nil : CSVDate(file.bytes, cell)?.zone) ?? zone != nil {
                startUTC = UInt64(exactly: first)
            } else {
                remarks.append("its dates have no zone, so UTC is not known; give it with --zone, as --zone +1")
            }
        case .clock:
            times.base = first
            remarks.append("its times of day are counted from the first row")
        case .numbers, .samples:
            guard first < 0 else { return }
            times.base = first
            remarks.append("its times begin \(-first) ns before zero and are counted from there")
        }
    }
}
