import TapCore

/// Claims as JSON Lines: an object a line, as tap writes them or plainly.
struct ClaimObjects: Sendable {
    private var cursor = JSONCursor()
    /// Claims without a source are this one's; nil: their tag's name says it.
    let source: String?

    init(source: String?) { self.source = source }

    private struct Members {
        var time: (place: Range<Int>, numbers: ClaimClock.Numbers)?
        var sourceTime: UInt64?
        var serverTime: UInt64?
        var monotonic: UInt64?
        var source: String?
        var tag: String?
        /// Read only where nothing is looked for.
        var unit: String?
        var wantsUnit = false
        var value: Claim.Value?
        var isCut = false
        var quality = Claim.Quality.unknown
        /// It says what a capture says besides claims.
        var isOther = false
    }

    private static let remedy = "write a claim as {\"time\":\"2026-03-26T12:00:00Z\",\"tag\":\"LEVEL\",\"value\":1.5}"
    private static let others = ["edge", "level", "reread", "gap", "scan", "note", "format", "end", "bracket_ns"]

    /// - Returns: false where it claims nothing that is looked for.
    mutating func read(
        _ bytes: [UInt8], _ range: Range<Int>, _ tags: inout ClaimTags, _ clock: inout ClaimClock,
        into row: inout ClaimRow
    ) throws(ClaimRow.Problem) -> Bool {
        cursor.load(bytes, range)
        var members = Members()
        members.wantsUnit = tags.isOpen
        do throws(JSONCursor.Problem) {
            try cursor.object { (cursor, name) throws(JSONCursor.Problem) in
                try ClaimObjects.take(name, &cursor, &members)
            }
            try cursor.expectEnd()
        } catch { throw ClaimRow.Problem(what: error.what, remedy: ClaimObjects.remedy) }
        if members.isOther { return false }
        guard let tag = members.tag, var value = members.value else {
            throw ClaimRow.Problem(
                what: members.tag == nil ? "a claim without 'tag'" : "a claim without 'value'",
                remedy: ClaimObjects.remedy)
        }
        let from = members.source ?? source
        guard let number = tags.number(tag, of: from) ?? tags.number(tag, of: members.source) else {
            tags.pass(
                tags.isOpen ? ClaimTags.open(tag, of: from) : from.map { "\($0) \(tag)" } ?? tag, unit: members.unit)
            return false
        }
        row.time = try time(members, number, &clock)
        (row.sourceTime_ns, row.serverTime_ns) = (members.sourceTime, members.serverTime)
        row.monotonic_ns = members.monotonic
        if members.isCut, case .text(let text) = value { value = .text(ShortText(text.text, isCut: true)) }
        row.say(value, members.quality, of: number, tags.tags[number])
        return true
    }

    private func time(
        _ members: Members, _ tag: Int, _ clock: inout ClaimClock
    ) throws(ClaimRow.Problem) -> ClaimClock.Time? {
        guard let (place, numbers) = members.time else { return nil }
        if let time = clock.time(cursor.text, place, numbers, of: tag) { return time }
        let text = printable(String(decoding: cursor.text[place], as: UTF8.self), longest: 40)
        throw ClaimRow.Problem(what: "'\(text)' is no time", remedy: ClaimObjects.remedy, tag: tag)
    }

    private static func take(
        _ name: Range<Int>, _ cursor: inout JSONCursor, _ members: inout Members
    ) throws(JSONCursor.Problem) {
        switch String(decoding: cursor.text[name], as: UTF8.self) {
        case "time", "timestamp", "ts": members.time = (try cursor.scalar(), .unsaid)
        case "utc_ns": members.time = (try cursor.scalar(), .dated(exponent: 0))
        case "t_ns":
            let place = try cursor.scalar()
            if members.time == nil { members.time = (place, .counted(exponent: 0)) }
        case "source_utc_ns": members.sourceTime = cursor.null() ? nil : try cursor.unsigned()
        case "server_utc_ns": members.serverTime = cursor.null() ? nil : try cursor.unsigned()
        case "monotonic_ns": members.monotonic = cursor.null() ? nil : try cursor.unsigned()
        case "source": members.source = try cursor.string()
        case "tag": members.tag = try cursor.string()
        case "unit" where members.wantsUnit: members.unit = cursor.null() ? nil : try cursor.string()
        case "value", "claim": members.value = try value(&cursor)
        case "cut": members.isCut = try cursor.bool()
        case "quality": members.quality = Claim.Quality(written: try word(&cursor), isStatus: false)
        case "status": members.quality = Claim.Quality(written: try word(&cursor), isStatus: true)
        case let other:
            members.isOther = members.isOther || others.contains(other)
            try cursor.skipValue()
        }
    }

    private static func word(_ cursor: inout JSONCursor) throws(JSONCursor.Problem) -> String {
        let place = try cursor.scalar()
        return String(decoding: cursor.text[place], as: UTF8.self)
    }

    /// Python writes `NaN` and `Infinity`, which JSON does not have.
    static func value(_ cursor: inout JSONCursor) throws(JSONCursor.Problem) -> Claim.Value {
        let place = try cursor.scalar()
        if place.lowerBound > 0, cursor.text[place.lowerBound - 1] == UInt8(ascii: "\"") {
            return .text(ShortText(try cursor.resolved(place)))
        }
        switch String(decoding: cursor.text[place], as: UTF8.self) {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null", "NaN": return .number(.nan)
        case "Infinity": return .number(.infinity)
        case "-Infinity": return .number(-.infinity)
        case let text:
            guard let first = text.utf8.first, first == UInt8(ascii: "-") || first &- 48 <= 9,
                let number = Double(text)
            else {
                throw JSONCursor.Problem(what: "'\(printable(text, longest: 40))' is no value")
            }
            return .number(number)
        }
    }
}
