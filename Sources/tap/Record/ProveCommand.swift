import ArgumentParser
import TapCommand
import TapCore
import TapFormats
import TapRecord

struct ProveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Write a proof of what a store has of a span: one file that is checked without it, and without tap.",
        usage: "tap prove <store> --key <key> --from <time> --to <time> --out <file>",
        discussion: """
            The proof is a ZIP with the records of the span, what of the log shows that they are those that were recorded, \
            copies as CSV and COMTRADE, and a README that leads through each check by hand with unzip, python3 and openssl. \
            Same store and span, same bytes. 'tap verify' checks it at once; 'tap convert' and 'tap replay' read \
            it as they read a store. Times are UTC, as 2026-05-04T12:30:00Z; of signals without a date they are counted \
            from the beginning of the last session, as 10s. docs/formats/tapproof.md describes the file.

            Give checkpoints that were noted elsewhere with --seen: then the proof also shows that it is of the log that \
            they are of. Those that 'tap record checkpoint' printed are known to the store.

            EXAMPLES
              tap prove bench --key safe.txt --from 2s --to 18s --line SIREN \\
                --out incident.tapproof
              tap prove plant --key safe.txt --from 2026-05-04T12:00:00Z \\
                --to 2026-05-04T13:00:00Z --seen shift-book.txt --out incident.tapproof

            EXIT STATUS
              0    written
              64   invalid command line
              65   it is no store, its log does not hold, or it has nothing of that span
              66   the store has no such line
              73   the file cannot be written
              77   permission denied
              130  stopped by Ctrl-C (143: SIGTERM, 129: SIGHUP)
            """)

    @Argument(help: "The store.", completion: .directory)
    var store: String
    @Option(
        help: ArgumentHelp("The verifier key as text, or a file that has it in its first line.", valueName: "key"))
    var key: String
    @Option(help: ArgumentHelp("Begin of the span: UTC, or since the start.", valueName: "time"))
    var from: String
    @Option(help: ArgumentHelp("End of the span.", valueName: "time"))
    var to: String
    @Option(
        name: .customLong("line"),
        help: ArgumentHelp(
            "A line that 'tap complete' is asked about, and that copies are of. May be repeated; default: copies of everything.",
            valueName: "name"))
    var lines: [String] = []
    @Option(help: StoreArguments.seenHelp, completion: .file())
    var seen: String?
    @Option(help: ArgumentHelp("The proof to write, as incident.tapproof.", valueName: "file"), completion: .file())
    var out: String
    @Flag(help: "Leave out the copies as CSV and COMTRADE.")
    var noCopies = false
    @Flag(help: "Replace the file if it exists, once what replaces it is whole.")
    var overwrite = false

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try prove() } catch { throw ExitStatus.report(error) }
    }

    private func prove() throws(TapError) {
        let span = try StoreArguments.span(from: from, to: to)
        let (key, seen) = (try StoreArguments.key(key), try StoreArguments.seen(seen))
        guard ProofFile.isProof(out) else {
            throw TapError(.usage, printable(out), "is no name of a proof", remedy: "end it with \(ProofFile.ending)")
        }
        let draft = try RecordStore(store).prove(
            key: key, from: span.from, to: span.to, seen: seen, span: "\(from) to \(to)")
        let file = try OutputFile(out, mayReplace: overwrite, appears: .whenWhole)
        defer { file.abandon() }
        var extras = ProofDraft.Extras()
        extras.lines = lines
        extras.answers = try answers(draft, key, seen, span)
        let copies = noCopies ? nil : try ProofCopies.made(of: draft, store, lines: lines, out: out)
        extras.copies = copies?.paths ?? [:]
        try draft.write(to: file, extras)
        try file.commit()
        for (name, what) in (copies?.missing ?? [:]).sorted(by: { $0.key < $1.key }) {
            ExitStatus.say("\(out): \(name) is left out: \(what)")
        }
        for remark in copies?.remarks ?? [] { ExitStatus.say("\(out): \(remark)") }
        ExitStatus.say(
            "\(out): \(counted(draft.chunkCount, "chunk")), \(draft.entryCount) entries, \(Words.bytes(file.position ?? 0))"
        )
    }

    private func answers(
        _ draft: ProofDraft, _ key: VerifierKey, _ seen: [Checkpoint], _ span: (from: AskedTime, to: AskedTime)
    ) throws(TapError) -> String {
        guard !lines.isEmpty else { return "" }
        var text = draft.provenance + "\nWhat 'tap complete' said on the store; no signature covers it.\n"
        for line in lines {
            let answer = try RecordStore(store).complete(
                key: key, seen: seen, .line(line), from: span.from, to: span.to)
            text += "\n" + CompleteText(subject: .line(line), from: from, to: to).text(answer) + "\n"
        }
        return text
    }
}
