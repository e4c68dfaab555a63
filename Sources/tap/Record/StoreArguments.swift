import ArgumentParser
import TapCommand
import TapCore
import TapFormats
import TapRecord

/// Keys, checkpoints and times as they stand on the command line.
enum StoreArguments {
    static let seenHelp = ArgumentHelp(
        "A file of checkpoints that were noted elsewhere, a line each as 'tap record checkpoint' prints them.",
        valueName: "file")

    /// - Parameter text: a verifier key, or a file whose first line is one.
    static func key(_ text: String) throws(TapError) -> VerifierKey {
        if let key = VerifierKey(text) { return key }
        guard let content = contents(text) else {
            throw TapError(
                .usage, "--key \(printable(text))", "is neither a verifier key nor a file",
                remedy: "give the key that 'tap record init' printed, as name+8 digits+base64")
        }
        guard let key = VerifierKey(String(content.prefix { !$0.isNewline })) else {
            throw TapError(
                .configuration, printable(text), "its first line is no verifier key",
                remedy: "give the key that 'tap record init' printed, as name+8 digits+base64")
        }
        return key
    }

    /// - Parameter text: a verifier key, or a file that has one on each line; lines that are empty or begin with # are left out.
    static func keys(_ text: String, _ option: String) throws(TapError) -> [VerifierKey] {
        if let key = VerifierKey(text) { return [key] }
        guard let content = contents(text) else {
            throw TapError(
                .usage, "\(option) \(printable(text))", "is neither a verifier key nor a file",
                remedy: "give the key that 'tap record init' printed, as name+8 digits+base64")
        }
        var keys: [VerifierKey] = []
        for (index, line) in content.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            guard let key = VerifierKey(line) else {
                throw TapError(
                    .configuration, "\(printable(text)):\(index + 1)", "is no verifier key",
                    remedy: "give the key that 'tap record init' printed, as name+8 digits+base64")
            }
            keys.append(key)
        }
        return keys
    }

    /// Checkpoints noted elsewhere, a line each; lines that are empty or begin with # are left out.
    static func seen(_ path: String?) throws(TapError) -> [Checkpoint] {
        guard let path else { return [] }
        guard let content = contents(path) else {
            throw TapError(.configuration, printable(path), "cannot be read", remedy: "check its path")
        }
        var checkpoints: [Checkpoint] = []
        for (index, line) in content.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            let words = line.split(separator: " ").map(String.init)
            let text = words.map { $0 + "\n" }.joined()
            guard let checkpoint = try? Checkpoint(parsing: text) else {
                throw TapError(
                    .configuration, "\(printable(path)):\(index + 1)", "is no checkpoint: \(mistake(words))",
                    remedy: "a line is 'origin size root', as 'tap record checkpoint' prints it")
            }
            checkpoints.append(checkpoint)
        }
        return checkpoints
    }

    /// Where a line of a shift book differs from a checkpoint.
    private static func mistake(_ words: [String]) -> String {
        guard words.count == 3 else { return "it has \(counted(words.count, "word")), not three" }
        let (size, root) = (words[1], words[2])
        guard VerifierKey.isName(words[0]) else { return "its origin, \(quoted(words[0])), is no name of a log" }
        guard isDigits(size), UInt64(size).map({ String($0) == size }) == true else {
            return "its number of entries, \(quoted(size)), is no number"
        }
        for (place, character) in root.enumerated()
        where !(character.isASCII && (character.isLetter || character.isNumber || "+/=".contains(character))) {
            return "character \(place + 1) of its root, \(quoted(String(character))), is none of base64"
        }
        guard root.count == 44 else { return "its root has \(root.count) characters, not 44" }
        return "a character of its root is wrong: it ends with one that no digest ends with"
    }

    private static func contents(_ path: String) -> String? { StoreFile.text(path) }

    private static func time(_ text: String, _ option: String) throws(TapError) -> AskedTime {
        if let utc = Words.nanoseconds(utc: text) { return .utc(utc) }
        if let since = try? DurationText.read(text) { return .sinceStart(since) }
        throw TapError(
            .usage, "\(option) \(printable(text))", "is no time",
            remedy: "give UTC as 2026-05-04T12:30:00Z, or a time since the start as 10s")
    }

    /// Two times that are UTC, or both since the start, the first before the second.
    static func span(from: String, to: String) throws(TapError) -> (from: AskedTime, to: AskedTime) {
        let span = (from: try time(from, "--from"), to: try time(to, "--to"))
        let isForward =
            switch span {
            case (.utc(let from), .utc(let to)): from < to
            case (.sinceStart(let from), .sinceStart(let to)): from < to
            default:
                throw TapError(
                    .usage, "--from \(printable(from))", "is not the same kind of time as --to \(printable(to))",
                    remedy: "give both as UTC, or both since the start")
            }
        guard isForward else {
            throw TapError(
                .usage, "--to \(printable(to))", "is not later than --from \(printable(from))",
                remedy: "give the begin of the span first")
        }
        return span
    }
}
