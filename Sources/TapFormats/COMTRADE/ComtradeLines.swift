import TapCore

/// Lines of a configuration, split at commas.
struct ComtradeLines {
    /// Of a record in one file: the heading at which the configuration ended, as `--- file type: DAT ASCII ---`.
    private(set) var heading: String?

    /// - Parameter orNothing: the line may be missing.
    mutating func next(_ file: inout InputFile, orNothing: Bool = false) throws(TapError) -> [String] {
        guard heading == nil, let range = try file.nextLine() else {
            return try nothing(file, isAllowed: orNothing)
        }
        // Some programs end their files with the mark of CP/M.
        let text = try file.name(range).filter { $0 != "\u{1A}" }
        if ComtradeLines.isHeading(text) {
            heading = text
            return try nothing(file, isAllowed: orNothing)
        }
        return text.split(separator: ",", omittingEmptySubsequences: false).map { String($0).trimmed }
    }

    private func nothing(_ file: borrowing InputFile, isAllowed: Bool) throws(TapError) -> [String] {
        guard isAllowed else {
            throw file.mistake(
                "is too short for a COMTRADE configuration", remedy: "the file is truncated; use a complete one")
        }
        return [""]
    }

    /// Whether a line begins a part of a record in one file.
    static func isHeading(_ line: String) -> Bool { line.hasPrefix("---") && line.lowercased().contains("file type") }

    func mistake(_ file: borrowing InputFile, _ what: String, _ remedy: String) -> TapError {
        file.mistake(what, remedy: remedy)
    }
}
