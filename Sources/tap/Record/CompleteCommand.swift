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
            let span = try StoreArguments.span(from: from, to: to)
            answer = try RecordStore(store).complete(
                key: StoreArguments.key(key), seen: StoreArguments.seen(seen), subject, from: span.from, to: span.to)
            try ExitStatus.print(CompleteText(subject: subject, from: from, to: to).text(answer) + "\n")
        } catch { throw ExitStatus.report(error) }
        switch answer.answer {
        case .silent: return
        case .found:
            if case .device = subject { return }
            throw ExitCode(1)
        case .unknown: throw ExitCode(2)
        }
    }
}
