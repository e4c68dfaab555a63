/// Rows of cells as lines of text: columns as wide as their widest cell, two spaces between them, no space at the end.
///
/// - Parameters:
///   - rows: of one number of cells each.
///   - flushRight: columns that are flush right, as numbers are; the others are flush left.
package func textTable(_ rows: [[String]], flushRight: Set<Int>) -> [String] {
    guard let first = rows.first else { return [] }
    let widths = first.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
        let cells = zip(row, widths).enumerated().map { column, cell in
            let space = String(repeating: " ", count: cell.1 - cell.0.count)
            return flushRight.contains(column) ? space + cell.0 : cell.0 + space
        }
        return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }
}

extension String {
    /// With spaces behind it; as it is where it is longer.
    package func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
