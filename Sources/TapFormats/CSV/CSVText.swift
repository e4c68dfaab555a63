import TapCore

/// How the cells of a table are written.
struct CSVText: Sendable {
    var delimiter = UInt8(ascii: ",")
    var point = UInt8(ascii: ".")
    /// Cells at the beginning of each row that are none of the table.
    var aside = 0

    static let quote = UInt8(ascii: "\"")

    /// The cells of a row without the white space around them, in quotes if they are.
    func split(_ bytes: [UInt8], _ range: Range<Int>, into cells: inout [Range<Int>]) {
        cells.removeAll(keepingCapacity: true)
        var begin = range.lowerBound
        var isQuoted = false
        for index in range {
            let byte = bytes[index]
            if byte == CSVText.quote { isQuoted.toggle() }
            guard byte == delimiter, !isQuoted else { continue }
            cells.append(CSVText.trimmed(bytes, begin..<index))
            begin = index + 1
        }
        cells.append(CSVText.trimmed(bytes, begin..<range.upperBound))
        if aside > 0 { cells.removeFirst(min(aside, cells.count)) }
    }

    private static func trimmed(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
        // Nearly all are.
        guard let first = range.first, let last = range.last, bytes[first] <= 0x20 || bytes[last] <= 0x20 else {
            return range
        }
        return Decimal.trimmed(bytes, range)
    }

    /// Without the quotes around a cell.
    static func plain(_ bytes: [UInt8], _ cell: Range<Int>) -> Range<Int> {
        guard cell.count > 1, bytes[cell.lowerBound] == quote, bytes[cell.upperBound - 1] == quote else { return cell }
        return trimmed(bytes, cell.lowerBound + 1..<cell.upperBound - 1)
    }

    /// A cell in quotes has each of its own twice.
    static func unquoted(_ text: String) -> String {
        guard text.count > 1, text.hasPrefix("\""), text.hasSuffix("\"") else { return text }
        return String(text.dropFirst().dropLast()).replacing("\"\"", with: "\"")
    }

    /// Not a number if the cell says so; nil: it is no number. The cell is not empty.
    func number(_ bytes: [UInt8], _ cell: Range<Int>) -> Double? {
        guard point != UInt8(ascii: ".") else {
            return Decimal.double(bytes, cell) ?? CSVText.word(bytes, cell)
        }
        guard !bytes[cell].contains(UInt8(ascii: ".")) else { return nil }
        let text = bytes[cell].map { $0 == point ? UInt8(ascii: ".") : $0 }
        return Decimal.double(text, 0..<text.count) ?? CSVText.word(bytes, cell)
    }

    /// What oscilloscopes and spreadsheets write for no number or more than they can measure.
    private static func word(_ bytes: [UInt8], _ cell: Range<Int>) -> Double? {
        guard cell.count <= 8 else { return nil }
        switch String(decoding: bytes[cell], as: UTF8.self).lowercased() {
        case "na", "n/a", "#n/a", "#nv", "null", "none", "-", "--", "---", "----": return .nan
        case "\u{221E}", "+\u{221E}": return .infinity
        case "-\u{221E}": return -.infinity
        default: return nil
        }
    }

    /// A line's level, or `LineLevels.unknown`; nil: it is none.
    @inline(__always)
    static func level(_ bytes: [UInt8], _ cell: Range<Int>) -> UInt8? {
        guard let first = cell.first else { return LineLevels.unknown }
        if cell.count == 1, bytes[first] & 0xFE == 48 { return bytes[first] - 48 }
        return levelWord(bytes, cell)
    }

    private static func levelWord(_ bytes: [UInt8], _ cell: Range<Int>) -> UInt8? {
        guard cell.count <= 6 else { return nil }
        switch String(decoding: bytes[cell], as: UTF8.self).lowercased() {
        case "true", "high", "h", "on", "wahr", "ein": return 1
        case "false", "low", "l", "off", "falsch", "aus": return 0
        case "x", "z", "u", "w", "?", "-", "nan", "na", "n/a", "null", "none": return LineLevels.unknown
        default: return nil
        }
    }
}
