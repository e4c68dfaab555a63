public import ArgumentParser
import TapCore

/// What the programs of this project have in common as command lines.
public enum Program {
    public static let version = "0.1.0"

    /// At the beginning of each line of error.
    static let name = CommandLine.arguments[0].hasSuffix("tap-bench") ? "tap-bench" : "tap"

    /// Runs a command line. An invalid command line is reported in one line, as every other failure is.
    public static func run<Root: ParsableCommand>(_ root: Root.Type) -> Never {
        do {
            var command = try root.parseAsRoot()
            try command.run()
        } catch {
            // A command has already reported its own error, with the same status.
            guard !(error is ExitCode), root.exitCode(for: error) == .validationFailure else {
                root.exit(withError: error)
            }
            let words = Array(CommandLine.arguments.dropFirst())
            ExitStatus.say("\(name): \(CommandMistake.line(root, root.message(for: error), words))")
            root.exit(withError: ExitCode(ExitStatus.code(.usage)))
        }
        root.exit()
    }
}
