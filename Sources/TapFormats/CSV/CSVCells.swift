/// Cells of text, as RFC 4180 has them.
public enum CSVCells {
    /// A row with commas between its cells, which are in quotes where they need them, without a line end.
    public static func row(_ cells: [String]) -> String { cells.map(quoted).joined(separator: ",") }

    static func quoted(_ text: String) -> String {
        guard text.contains(where: { ",;\"\t\r\n".contains($0) }) else { return text }
        return inQuotes(text)
    }

    static func inQuotes(_ text: String) -> String {
        "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
