import ArgumentParser
import TapCommand
import TapCore
import TapFormats
import TapRecord

struct CompleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "complete",
        abstract: "Say whether a line was silent between two times, and what that rests on.",
        discussion: """
            Answers from a store, or says why no answer can be given: a gap, a muted line, off, not configured, readings of \
            the level that failed, a clock that was set, an unsealed tail. Times are UTC, as 2026-05-04T12:30:00Z, and are \
            widened by what the clocks are uncertain by; of signals without a date they are counted from the beginning of \
            the session, as 10s.

            EXAMPLES
              tap complete plant --key safe.txt --line SIREN \\
                --from 2026-05-04T12:00:00Z --to 2026-05-04T13:00:00Z
              tap complete bench --key safe.txt --line SIREN --from 2s --to 18s

            EXIT STATUS
              0    no edge was detected
              1    edges were detected
              2    no answer can be given
              64   invalid command line
              65   it is no store
              66   the store has no such line
            """)

    @Argument(help: "The store.", completion: .directory)
    var store: String
    @Option(
        help: ArgumentHelp("The verifier key as text, or a file that has it in its first line.", valueName: "key"))
    var key: String
    @Option(name: .line, help: ArgumentHelp("The line, by its name.", valueName: "name"))
    var line: String
    @Option(help: ArgumentHelp("Begin of the span: UTC, or since the start.", valueName: "time"))
    var from: String
    @Option(help: ArgumentHelp("End of the span.", valueName: "time"))
    var to: String

    func run() throws {
        SessionArguments.prepareToPrint()
        let answer: Completeness
        do throws(TapError) {
            let span = (from: try CompleteCommand.time(from, "--from"), to: try CompleteCommand.time(to, "--to"))
            try CompleteCommand.check(span, from: from, to: to)
            answer = try RecordStore(store).complete(
                key: StoreArguments.key(key), line: line, from: span.from, to: span.to)
            try ExitStatus.print(text(answer) + "\n")
        } catch { throw ExitStatus.report(error) }
        switch answer.answer {
        case .silent: return
        case .edges: throw ExitCode(1)
        case .unknown: throw ExitCode(2)
        }
    }

    private static func time(_ text: String, _ option: String) throws(TapError) -> AskedTime {
        if let utc = Words.nanoseconds(utc: text) { return .utc(utc) }
        if let since = try? DurationText.read(text) { return .sinceStart(since) }
        throw TapError(
            .usage, "\(option) \(printable(text))", "is no time",
            remedy: "give UTC as 2026-05-04T12:30:00Z, or a time since the start as 10s")
    }

    private static func check(
        _ span: (from: AskedTime, to: AskedTime), from: String, to: String
    ) throws(TapError) {
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
    }

    private func text(_ answer: Completeness) -> String {
        var lines: [String] = []
        switch answer.answer {
        case .silent:
            lines.append("\(line): no edge detected from \(from) to \(to)")
            lines.append(
                "level \(answer.isHigh == true ? "high" : "low"), read \(counted(answer.readings, "time")), at most \(Words.span(answer.longestDistance)) apart"
            )
        case .edges(let count, let first, let last):
            lines.append("\(line): \(counted(count, "edge")) detected from \(from) to \(to)")
            lines.append(
                "first at t_ns \(first.nanoseconds), last at t_ns \(last.nanoseconds), in the clock of source '\(answer.source)'"
            )
        case .unknown:
            lines.append("\(line): no answer can be given from \(from) to \(to)")
            return (lines + answer.reasons.map { "  \($0)" }).joined(separator: "\n")
        }
        lines.append("detected losses: none; provenance: \(answer.provenance), session \(answer.session)")
        lines.append(
            answer.shortestPulse.map { "pulses shorter than \(Words.span($0)) cannot be excluded" }
                ?? "the shortest detectable pulse was not measured: shorter pulses cannot be excluded")
        if let checkpoint = answer.checkpoint {
            lines.append(
                "recorded so and unchanged since, by the checkpoint of \(checkpoint.size) entries: consistent")
        }
        return lines.joined(separator: "\n")
    }
}
