import ArgumentParser
import TapCommand
import TapCore
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

    /// Checkpoints noted elsewhere, a line each; lines that are empty or begin with # are left out.
    static func seen(_ path: String?) throws(TapError) -> [Checkpoint] {
        guard let path else { return [] }
        guard let content = contents(path) else {
            throw TapError(.configuration, printable(path), "cannot be read", remedy: "check its path")
        }
        var checkpoints: [Checkpoint] = []
        for (index, line) in content.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            let text = line.split(separator: " ").map { $0 + "\n" }.joined()
            guard let checkpoint = try? Checkpoint(parsing: text) else {
                throw TapError(
                    .configuration, "\(printable(path)):\(index + 1)", "is no checkpoint",
                    remedy: "a line is 'origin size root', as 'tap record checkpoint' prints it")
            }
            checkpoints.append(checkpoint)
        }
        return checkpoints
    }

    private static func contents(_ path: String) -> String? { StoreFile.text(path) }
}
