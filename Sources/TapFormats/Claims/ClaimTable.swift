import TapCore

/// Claims as a historian exports them: a table with a column for each tag, or with a row for each claim.
struct ClaimTable: Sendable {
    private enum Column: Sendable, Hashable {
        case value(Int)
        /// Of a tag, or of the whole row.
        case quality(Int?, isStatus: Bool)
        case time, name, source, anyValue, serverTime, nothing
    }

    private let text: CSVText
    /// Lines before the first row.
    private(set) var headLines = 0
    private var columns: [Column] = []
    private var timeColumn = 0
    /// It has a row for each claim.
    var isLong: Bool { columns.contains(.name) }
    private var isSplit = false
    private var numbers = ClaimClock.Numbers.unsaid
    private let source: String?
    private var server = ClaimClock(nil)
    private var cells: [Range<Int>] = []
    /// Of the present row: what each tag's quality is.
    private var qualities: [Int: Claim.Quality] = [:]

    /// Uses up the lines before the first row.
    init(
        _ file: inout InputFile, _ tags: inout ClaimTags, source: String?, separator: UInt8?
    ) throws(TapError) {
        let layout = try CSVLayout(&file, separator: separator)
        text = layout.text
        self.source = source
        let (names, first, head) = try findNames(layout, tags, &file)
        columns = names.map { column($0, tags) }
        if !tags.isOpen { try check(names, tags, file) }
        try findTime(names, first, file)
        for (name, column) in zip(names, columns) where column == .nothing && !name.isEmpty {
            tags.pass(name)
        }
        headLines = head
        for _ in 0..<head { _ = try file.nextLine() }
    }

    /// The first line that names tags or the parts of a claim, the row behind it, and how many lines stand before that.
    private func findNames(
        _ layout: CSVLayout, _ tags: ClaimTags, _ file: inout InputFile
    ) throws(TapError) -> (names: [String], row: [Range<Int>], head: Int) {
        let lines = try file.linesAhead(CSVLayout.window)
        var found: (names: [String], isUsed: Bool)?
        var cells: [Range<Int>] = []
        for index in lines.indices.prefix(64) {
            let line = Decimal.trimmed(file.bytes, lines[index])
            guard !line.isEmpty, file.bytes[line.lowerBound] != UInt8(ascii: "#") else { continue }
            text.split(file.bytes, lines[index], into: &cells)
            if let found, found.isUsed { return (found.names, cells, index) }
            let names = try layout.words(cells, &file)
            let isUsed = isUsed(names.map { column($0, tags) })
            if found == nil || isUsed { found = (names, isUsed) }
        }
        guard let found else { throw file.mistake("is empty", remedy: "begin with names, as time,tag,value") }
        return (found.names, [], lines.count)
    }

    private func isUsed(_ columns: [Column]) -> Bool {
        columns.contains { if case .value = $0 { true } else { false } }
            || columns.contains(.name) && columns.contains(.anyValue)
    }

    private static let names: Set<String> = [
        "tag", "tagname", "tag name", "tag_name", "name", "item", "point", "variable",
    ]
    private static let values: Set<String> = ["value", "val", "wert"]
    private static let qualities: Set<String> = ["quality", "qual", "q", "opc quality", "opcquality"]
    private static let statuses: Set<String> = ["status", "statuscode", "status code", "status_code"]
    private static let servers: Set<String> = ["server time", "servertime", "server_time", "server timestamp"]

    /// What a column of this name holds. A tag's name goes before everything else.
    private func column(_ name: String, _ tags: ClaimTags) -> Column {
        if let tag = tag(name, tags) { return .value(tag) }
        let word = name.lowercased()
        if ClaimTable.names.contains(word) { return .name }
        if ClaimTable.values.contains(word) { return .anyValue }
        if ClaimTable.servers.contains(word) { return .serverTime }
        if word == "source" { return .source }
        if ClaimTable.qualities.contains(word) { return .quality(nil, isStatus: false) }
        if ClaimTable.statuses.contains(word) { return .quality(nil, isStatus: true) }
        guard let mark = name.lastIndex(where: { " ._".contains($0) }), let tag = tag(String(name[..<mark]), tags)
        else { return .nothing }
        let kind = word[word.index(after: word.lastIndex { " ._".contains($0) } ?? word.startIndex)...]
        if ClaimTable.qualities.contains(String(kind)) { return .quality(tag, isStatus: false) }
        return ClaimTable.statuses.contains(String(kind)) ? .quality(tag, isStatus: true) : .nothing
    }

    /// `LEVEL`, `LEVEL [m]` and tap's own `hmi LEVEL {m}`.
    private func tag(_ name: String, _ tags: ClaimTags) -> Int? {
        func find(_ name: String) -> Int? { tags.number(name, of: source) ?? tags.number(name, of: nil) }
        if let found = find(name) { return found }
        if name.hasSuffix("}"), let open = name.lastIndex(of: "{") { return find(String(name[..<open]).trimmed) }
        return find(CSVUnit.split(name).name)
    }

    private mutating func findTime(
        _ names: [String], _ row: [Range<Int>], _ file: borrowing InputFile
    ) throws(TapError) {
        let cells = row.map { CSVText.plain(file.bytes, $0) }
        let dates = cells.map { CSVDate(file.bytes, $0) }
        func isDate(_ index: Int) -> Bool { index < dates.count && dates[index]?.hasDate == true }
        let free = names.indices.filter { columns[$0] == .nothing }
        let found =
            free.first { CSVHeader.isTime(names[$0]) } ?? free.first { names[$0].lowercased().contains("time") }
            ?? free.first { isDate($0) } ?? free.first { $0 == 0 && names[0].isEmpty }
        guard let found else {
            throw file.mistake("has no column of times", remedy: "call it 'time', as time,tag,value")
        }
        (timeColumn, columns[found]) = (found, .time)
        let next = found + 1
        if isDate(found), dates[found]?.hasTime == false, next < min(dates.count, columns.count),
            columns[next] == .nothing, let clock = dates[next], !clock.hasDate
        {
            (isSplit, columns[next]) = (true, .time)
        }
        switch names[found].lowercased() {
        case "t_ns": numbers = .counted(exponent: 0)
        case "t_s": numbers = .counted(exponent: 9)
        case "utc_ns": numbers = .dated(exponent: 0)
        default: break
        }
    }

    private func check(_ names: [String], _ tags: ClaimTags, _ file: borrowing InputFile) throws(TapError) {
        guard !isUsed(columns) else { return }
        let wanted = tags.tags.prefix(4).map(\.info.name).joined(separator: ", ") + (tags.tags.count > 4 ? ", ..." : "")
        let found = names.prefix(8).map { printable($0, longest: 40) }.joined(separator: ", ")
        throw file.mistake(
            "no column is a tag that is looked for (\(wanted)); it has: \(found)",
            remedy: "name columns as the site file names its tags, or make a row for each claim: time,tag,value")
    }

    /// - Returns: false where it claims nothing that is looked for.
    mutating func read(
        _ bytes: [UInt8], _ range: Range<Int>, _ tags: inout ClaimTags, _ clock: inout ClaimClock,
        into row: inout ClaimRow
    ) throws(ClaimRow.Problem) -> Bool {
        text.split(bytes, range, into: &cells)
        guard cells.count >= columns.count, cells[columns.count...].allSatisfy(\.isEmpty) else {
            throw ClaimRow.Problem(
                what: "\(cells.count) cells, but there are \(columns.count) columns",
                remedy: "the row is torn or has a separator too many")
        }
        let isSaid = try sayAll(bytes, &tags, &row)
        // Also of a row that claims nothing: times go on.
        let cell = CSVText.plain(bytes, cells[timeColumn])
        let subject = isLong ? row.said.last?.tag ?? -1 : -1
        let next = isSplit ? CSVText.plain(bytes, cells[timeColumn + 1]) : nil
        guard let time = clock.time(bytes, cell, clock: next, numbers, point: text.point, of: subject) else {
            let written = printable(String(decoding: bytes[cell], as: UTF8.self), longest: 40)
            throw ClaimRow.Problem(
                what: "'\(written)' is no time", remedy: "write times as 2026-03-26T12:00:00Z",
                tag: row.said.count == 1 ? row.said[0].tag : nil)
        }
        row.time = time
        return isSaid
    }

    private mutating func sayAll(
        _ bytes: [UInt8], _ tags: inout ClaimTags, _ row: inout ClaimRow
    ) throws(ClaimRow.Problem) -> Bool {
        var (name, from, value): (String?, String?, Range<Int>?) = (nil, source, nil)
        var common = Claim.Quality.unknown
        qualities.removeAll(keepingCapacity: true)
        for (index, column) in columns.enumerated() where column != .nothing {
            let cell = cells[index]
            switch column {
            case .name: name = word(bytes, cell)
            case .source: from = word(bytes, cell)
            case .anyValue: value = cell
            case .serverTime:
                let time = server.time(bytes, CSVText.plain(bytes, cell))
                row.serverTime_ns = time.flatMap { $0.isDate ? UInt64(exactly: $0.nanoseconds) : nil }
            case .quality(let tag, let isStatus):
                let quality = cell.isEmpty ? .unknown : Claim.Quality(written: word(bytes, cell), isStatus: isStatus)
                if let tag { qualities[tag] = quality } else { common = quality }
            case .value, .time, .nothing: break
            }
        }
        for (index, column) in columns.enumerated() {
            // An empty cell says nothing: reports by exception.
            guard case .value(let tag) = column, !cells[index].isEmpty else { continue }
            row.say(written(bytes, cells[index]), qualities[tag] ?? common, of: tag, tags.tags[tag])
        }
        guard let name, let value else { return !row.said.isEmpty }
        guard let tag = tags.number(name, of: from) ?? tags.number(name, of: nil) else {
            tags.pass(tags.isOpen ? ClaimTags.open(name, of: from) : name)
            return !row.said.isEmpty
        }
        row.say(value.isEmpty ? .number(.nan) : written(bytes, value), common, of: tag, tags.tags[tag])
        return true
    }

    private func word(_ bytes: [UInt8], _ cell: Range<Int>) -> String {
        CSVText.unquoted(String(decoding: bytes[cell], as: UTF8.self)).trimmed
    }

    private func written(_ bytes: [UInt8], _ cell: Range<Int>) -> Claim.Value {
        if let number = text.number(bytes, CSVText.plain(bytes, cell)) { return .number(number) }
        let word = word(bytes, cell)
        if word == "true" || word == "false" { return .bool(word == "true") }
        return .text(ShortText(word))
    }
}
