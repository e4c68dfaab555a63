import TapCore

/// The lines of a file of claims, of either kind.
struct ClaimLines: Sendable {
    private(set) var tags: ClaimTags
    private(set) var clock: ClaimClock
    private var objects: ClaimObjects
    /// nil: JSON Lines.
    private var table: ClaimTable?

    /// Looks at the first bytes, and uses up what stands before the first row of a table.
    init(_ file: inout InputFile, _ options: ClaimsOptions) throws(TapError) {
        self.init(objects: options)
        _ = try file.need(4_096)
        let first = file.bytes[file.start..<file.end].first { $0 > 0x20 }
        guard let first, first != UInt8(ascii: "{") else { return }
        table = try ClaimTable(&file, &tags, source: options.source, separator: options.separator)
    }

    /// JSON Lines, of which nothing is there yet.
    init(objects options: ClaimsOptions) {
        tags = ClaimTags(options.tags, namesAll: options.namesAll)
        clock = ClaimClock(options.zone)
        objects = ClaimObjects(source: options.source)
    }

    /// - Returns: false where it claims nothing that is looked for.
    mutating func read(
        _ bytes: [UInt8], _ range: Range<Int>, into row: inout ClaimRow
    ) throws(ClaimRow.Problem) -> Bool {
        row.removeAll()
        guard !Decimal.trimmed(bytes, range).isEmpty else { return false }
        guard table != nil else { return try objects.read(bytes, range, &tags, &clock, into: &row) }
        return try table!.read(bytes, range, &tags, &clock, into: &row)
    }

    /// Lines before the first row of a table.
    var headLines: Int { table?.headLines ?? 0 }

    /// A table whose columns are named after tags.
    var isWide: Bool { table.map { !$0.isLong } ?? false }

    mutating func finish() { clock.closeDoubled() }

    var remarks: [String] { tags.remarks + clock.remarks }
}
