import TapCore

/// Lines of a configuration, split at commas.
struct ComtradeLines {
    /// - Parameter orNothing: the line may be missing.
    mutating func next(_ file: inout InputFile, orNothing: Bool = false) throws(TapError) -> [String] {
        guard let range = try file.nextLine() else {
            guard orNothing else {
                throw file.mistake(
                    "is too short for a COMTRADE configuration", remedy: "the file is truncated; use a complete one")
            }
            return [""]
        }
        // Some programs end their files with the mark of CP/M.
        let text = file.text(range).filter { $0 != "\u{1A}" }
        return text.split(separator: ",", omittingEmptySubsequences: false).map { String($0).trimmed }
    }

    func mistake(_ file: borrowing InputFile, _ what: String, _ remedy: String) -> TapError {
        file.mistake(what, remedy: remedy)
    }
}
