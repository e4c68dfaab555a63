import ArgumentParser
import TapCommand
import TapCore
import TapFormats
import TapRecord

struct CompleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "complete",
        abstract: "Say what a line, tag or ADC did between two times, whether that is all, and what it rests on.",
        usage: "tap complete <store> --key <key> --from <time> --to <time> [<options>]",
        discussion: """
            Answers from a store, or says why no answer can be given: a gap, a muted line, off, not configured, readings of \
            the level that failed, a clock that was set, an unsealed tail. Of a tag (--tag), silence counts only while its \
            source was heard. The answer is split where recording began anew. Times are UTC, as 2026-05-04T12:30:00Z, and \
            are widened by what the clocks are uncertain by; of signals without a date they are counted from the beginning \
            of the last session, as 10s. The log is verified as a whole; of the segments, what is read is compared with \
            its digest.

            EXAMPLES
              tap complete plant --key safe.txt --line SIREN \\
                --from 2026-05-04T12:00:00Z --to 2026-05-04T13:00:00Z
              tap complete bench --key safe.txt --line SIREN --from 2s --to 18s

            EXIT STATUS
              0    no edge or claim was detected; all scans are there
              1    edges or claims were detected
              2    no answer can be given
              64   invalid command line
              65   it is no store
              66   the store has no such line, tag or ADC
            """)

    @Argument(help: "The store.", completion: .directory)
    var store: String
    @Option(
        help: ArgumentHelp("The verifier key as text, or a file that has it in its first line.", valueName: "key"))
    var key: String
    @Option(name: .line, help: ArgumentHelp("The line, by its name.", valueName: "name"))
    var line: String?
    @Option(help: ArgumentHelp("A tag instead: what was claimed of it.", valueName: "name"))
    var tag: String?
    @Option(help: ArgumentHelp("An ADC instead: its scans.", valueName: "name"))
    var device: String?
    @Option(help: ArgumentHelp("Begin of the span: UTC, or since the start.", valueName: "time"))
    var from: String
    @Option(help: ArgumentHelp("End of the span.", valueName: "time"))
    var to: String
    @Option(help: StoreArguments.seenHelp, completion: .file())
    var seen: String?

    func validate() throws {
        guard [line, tag, device].count(where: { $0 != nil }) == 1 else {
            throw ValidationError("name one of --line, --tag and --device")
        }
    }

    private var subject: AskedSubject {
        if let tag { return .tag(tag) }
        return device.map { .device($0) } ?? .line(line ?? "")
    }

    func run() throws {
        SessionArguments.prepareToPrint()
        let answer: Completeness
        do throws(TapError) {
            let span = (from: try CompleteCommand.time(from, "--from"), to: try CompleteCommand.time(to, "--to"))
            try CompleteCommand.check(span, from: from, to: to)
            answer = try RecordStore(store).complete(
                key: StoreArguments.key(key), seen: StoreArguments.seen(seen), subject, from: span.from, to: span.to)
            try ExitStatus.print(text(answer) + "\n")
        } catch { throw ExitStatus.report(error) }
        switch answer.answer {
        case .silent: return
        case .found:
            if case .device = subject { return }
            throw ExitCode(1)
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
        for part in answer.parts { lines += text(part, isAlone: answer.parts.count == 1) }
        if let checkpoint = answer.checkpoint {
            lines.append("last checkpoint: \(checkpoint.size) entries; nothing is said about later times")
        }
        return lines.joined(separator: "\n")
    }

    private func text(_ part: Completeness.Part, isAlone: Bool) -> [String] {
        let span =
            "from \(printable(from)) to \(printable(to))"
            + (isAlone ? sinceStart(of: part) : part.session == 0 ? "" : ", as far as session \(part.session) goes")
        let name = printable(subject.name)
        var lines: [String]
        switch part.answer {
        case .unknown:
            return ["\(name): no answer can be given \(span)"] + part.reasons.map { "  \($0)" }
        case .silent:
            lines = ["\(name): no \(CompleteCommand.word(subject)) detected \(span)", rests(part)]
        case .found(let count, let first, let last):
            lines = [
                "\(name): \(counted(count, CompleteCommand.word(subject))) detected \(span)",
                "first at t_ns \(first.nanoseconds), last at t_ns \(last.nanoseconds), in the clock of source '\(part.source)'",
            ]
        }
        lines.append("detected losses: none; provenance: \(part.provenance), session \(part.session)")
        if case .line = subject {
            lines.append(
                part.shortestPulse.map { "pulses shorter than \(Words.span($0)) cannot be excluded" }
                    ?? "the shortest detectable pulse was not measured: shorter pulses cannot be excluded")
        }
        lines.append("recorded so and unchanged since: \(part.grade.rawValue)")
        return lines
    }

    /// Whose start times are counted from, where there were others.
    private func sinceStart(of part: Completeness.Part) -> String {
        guard part.session > 1, Words.nanoseconds(utc: from) == nil else { return "" }
        return " since the start of session \(part.session), the last that has it"
    }

    private func rests(_ part: Completeness.Part) -> String {
        let distance = "at most \(Words.span(part.longestDistance)) apart"
        guard case .line = subject else { return "its source was heard \(counted(part.readings, "time")), \(distance)" }
        return "level \(part.isHigh == true ? "high" : "low"), read \(counted(part.readings, "time")), \(distance)"
    }

    private static func word(_ subject: AskedSubject) -> String {
        switch subject {
        case .line: "edge"
        case .tag: "claim"
        case .device: "scan"
        }
    }
}
