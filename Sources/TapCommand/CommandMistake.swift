import ArgumentParser
import TapCore

/// An invalid command line, in one line: what is wrong, what was probably meant, and which help to read.
enum CommandMistake {
    /// - Parameters:
    ///   - message: of ArgumentParser.
    ///   - words: of the command line, without the program's name.
    static func line(_ root: any ParsableCommand.Type, _ message: String, _ words: [String]) -> String {
        let (command, path) = command(root, words)
        var what = message.split(whereSeparator: \.isNewline).first.map(String.init) ?? "invalid command line"
        if let hint = hint(what, command, root) {
            // ArgumentParser's own guess is by length.
            if let guess = what.firstRange(of: ". Did you mean") { what = String(what[..<guess.lowerBound]) }
            what += "; " + hint
        }
        return "\(what); see '\(path) --help'"
    }

    /// The command that the words lead to, and how it is called.
    private static func command(
        _ root: any ParsableCommand.Type, _ words: [String]
    ) -> (command: any ParsableCommand.Type, path: String) {
        var command = root
        var path = root._commandName
        for word in words {
            guard let next = command.configuration.subcommands.first(where: { $0._commandName == word }) else { break }
            command = next
            path += " " + word
        }
        return (command, path)
    }

    private static func hint(
        _ what: String, _ command: any ParsableCommand.Type, _ root: any ParsableCommand.Type
    ) -> String? {
        guard let word = quoted(what) else { return nil }
        if what.hasPrefix("Unknown option") {
            let options = Set(options(command, root)).sorted()
            let bare = String(word.drop { $0 == "-" }.prefix { $0 != "=" })
            return guess(bare, in: options, prefix: "--")
        }
        if what.hasPrefix("Unexpected argument") {
            let names = command.configuration.subcommands.map { $0._commandName }
            return guess(word, in: names)
        }
        if what.contains("is invalid for '"), what.hasSuffix("<duration>'") { return length(word) }
        if what.contains("is invalid for '"), what.hasSuffix("<rate>'") {
            return "write a number and Hz, kHz or MHz, as 48kHz"
        }
        return nil
    }

    /// What is wrong with a length of time.
    private static func length(_ text: String) -> String {
        do throws(DurationText.Problem) { _ = try DurationText.read(text) } catch {
            switch error {
            case .noUnit(let number):
                return "a unit is missing: \(printable(number))s, \(printable(number))ms or \(printable(number))min"
            case .unknownUnit(let meant?), .spaceBeforeUnit(let meant?): return "write \(printable(meant))"
            case .signed(let unsigned): return "write \(printable(unsigned))"
            case .negative: return "it is not to be negative"
            case .tooFine: return "a nanosecond is the finest"
            case .tooLong: return "a year is the longest"
            case .notTime, .unknownUnit, .spaceBeforeUnit:
                return "write a number and ns, us, ms, s, min, h or d, as 10s"
            }
        }
        return "it is to be more than zero"
    }

    /// The first word in quotation marks.
    private static func quoted(_ text: String) -> String? {
        let parts = text.split(separator: "'", omittingEmptySubsequences: false)
        return parts.count > 2 ? String(parts[1]) : nil
    }

    /// Long options, without their dashes, as the help has them.
    private static func options(_ command: any ParsableCommand.Type, _ root: any ParsableCommand.Type) -> [String] {
        let help = root.helpMessage(for: command, columns: 200)
        let usage = help.split(separator: "OPTIONS:").last ?? ""
        return usage.split(whereSeparator: { " ,/\n[]()".contains($0) }).filter { $0.hasPrefix("--") }
            .map { String($0.dropFirst(2)) }
    }
}
