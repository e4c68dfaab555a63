import ArgumentParser
import TapCommand
import TapCore
import TapServe
import TapWatch

/// What is asked of a watch that runs, for how long, and why.
struct ControlArguments: ParsableArguments {
    @Option(
        name: .length,
        help: ArgumentHelp("For how long from now on, as 30min or 2h; 7 days at most.", valueName: "duration"))
    var duration: DurationArgument?
    @Flag(help: "No longer: it is over now.")
    var end = false
    @OptionGroup var statement: StatementArguments

    func validate() throws {
        guard (duration != nil) != end else { throw ValidationError("say --for how long, or --end") }
    }

    func ask(_ verb: WatchRequest.Verb, _ subject: String) throws {
        try statement.say(WatchRequest(verb, subject, for: duration?.value ?? .zero, reason: statement.reason))
    }
}

/// Why something is asked of a watch that runs, and where.
struct StatementArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Why. It is recorded, with the user.", valueName: "text"))
    var reason: String
    @Option(
        help: ArgumentHelp("The socket of the 'tap run' or 'tap watch' that is asked.", valueName: "socket"),
        completion: .file())
    var control = ControlClient.service

    func validate() throws {
        let isLine = !reason.contains { $0.isNewline } && !reason.allSatisfy(\.isWhitespace)
        guard isLine else { throw ValidationError("--reason must be one line that says something") }
    }

    func say(_ request: WatchRequest) throws {
        do throws(TapError) { try ControlClient.say(request.text, to: control) } catch {
            throw ExitStatus.report(error)
        }
    }
}

extension ControlClient {
    /// Asks, and prints what was done.
    static func say(_ line: String, to control: String) throws(TapError) {
        let answer = try ask(control, line)
        guard answer.hasPrefix("done: ") else {
            throw TapError(.usage, printable(control), printable(answer, longest: 1_000), remedy: "")
        }
        print(printable(answer.dropFirst("done: ".count).description, longest: 1_000))
    }
}
