import ArgumentParser
import TapCommand
import TapCore

/// What the ending of an output's name says that it is to be.
struct OutputEnding<Format: RawRepresentable<String> & Equatable & Sendable>: Sendable {
    /// By ending, in lower case.
    let formats: [String: Format]
    /// Where nothing is said.
    let usual: Format

    /// Endings of other things than a text that any name may have.
    private static var foreign: Set<String> {
        ["jsonl", "ndjson", "json", "vcd", "sr", "csv", "cfg", "dat", "svg", "png", "pdf", "jpg", "yaml", "zip", "gz"]
    }

    /// - Parameters:
    ///   - asked: with --format; it must not contradict the ending.
    ///   - path: nil: standard output.
    func format(_ asked: Format?, of path: String?, option: String = "--out") throws -> Format {
        guard let path, let ending = Self.ending(path) else { return asked ?? usual }
        if let named = formats[ending] {
            guard asked == nil || asked == named || named == usual else {
                throw ValidationError(
                    "--format \(asked?.rawValue ?? "") contradicts the ending of \(option) \(printable(path)): drop one of them"
                )
            }
            return asked ?? named
        }
        if asked != nil, !Self.foreign.contains(ending) { return asked ?? usual }
        let endings = formats.keys.sorted().map { ".\($0)" }.joined(separator: ", ")
        let convert = ["sr", "csv", "cfg"].contains(ending) ? "; 'tap convert' makes .\(ending) of a .jsonl file" : ""
        throw ValidationError(
            "\(option) \(printable(path)): .\(printable(ending)) is not written here: end it with \(endings)\(convert)")
    }

    /// nil: none, or it is no file's.
    private static func ending(_ path: String) -> String? {
        guard path != "-", !path.hasPrefix("/dev/"), !path.hasPrefix("/proc/") else { return nil }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        // A hidden file has none.
        guard parts.count > 1, parts.count > 2 || !parts[0].isEmpty, let last = parts.last, !last.isEmpty else {
            return nil
        }
        return last.lowercased()
    }
}

/// What is written as JSON Lines alone.
enum LabelFormat: String {
    case jsonl

    static let ending = OutputEnding<LabelFormat>(
        formats: ["jsonl": .jsonl, "ndjson": .jsonl, "json": .jsonl], usual: .jsonl)
}

/// What is drawn.
enum PictureFormat: String {
    case svg

    static let ending = OutputEnding<PictureFormat>(formats: ["svg": .svg], usual: .svg)
}
