import ArgumentParser
import TapCommand
import TapConfig
import TapCore
import TapFormats
import TapRecord
import TapWatch

struct ProveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Write a proof of what a store has of a span: one file that is checked without it, and without tap.",
        usage: """
            tap prove <store> --key <key> --from <time> --to <time> --out <file>
            tap prove <store> --key <key> --incident <n> --site <file> --out <file>
            """,
        discussion: """
            The proof is a ZIP with the records of the span, what of the log shows that they are those that were recorded, \
            copies as CSV and COMTRADE, and a README that leads through each check by hand with unzip, python3 and openssl. \
            Same store and span, same bytes. 'tap verify' checks it at once; 'tap convert' and 'tap replay' read \
            it as they read a store. Times are UTC, as 2026-05-04T12:30:00Z; of signals without a date they are counted \
            from the beginning of the last session, as 10s. docs/formats/tapproof.md describes the file.

            With --incident it is of one that 'tap incident list' numbers: from a minute before it began to a minute after what \
            was said of it last, ten minutes at most after it was known, with answers of the lines of its rules until then. What 'tap incident \
            show' says and the site file are in it; 'tap verify' compares the site file where the record says with which one it was \
            recorded, as that of 'tap run' does. The rest are words of whoever made the proof. Give --permit and --blind-after as for \
            'tap incident list', which numbers incidents by them.

            Give checkpoints that were noted elsewhere with --seen: then the proof also shows that it is of the log that \
            they are of. Those that 'tap record checkpoint' printed are known to the store.

            EXAMPLES
              tap prove bench --key safe.txt --from 2s --to 18s --line SIREN \\
                --out incident.tapproof
              tap prove plant --key safe.txt --from 2026-05-04T12:00:00Z \\
                --to 2026-05-04T13:00:00Z --seen shift-book.txt --out incident.tapproof
              tap prove plant --key safe.txt --incident 1 \\
                --site sites/pump-station.yaml --out incident.tapproof

            EXIT STATUS
              0    written
              64   invalid command line, or no incident of that number
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
    var from: String?
    @Option(help: ArgumentHelp("End of the span.", valueName: "time"))
    var to: String?
    @Option(help: ArgumentHelp("An incident instead of times, as 'tap incident list' numbers it.", valueName: "number"))
    var incident: Int?
    @Option(
        help: ArgumentHelp("The site file by whose rules it is one.", valueName: "file"),
        completion: .file(extensions: ["yaml"]))
    var site: String?
    @Option(
        help: ArgumentHelp(
            "Of an incident: how long a rule may be unknown before that is a finding (default: 600s).",
            valueName: "duration"))
    var blindAfter: DurationArgument?
    @Option(
        name: .customLong("permit"),
        help: ArgumentHelp(
            "Of an incident: work that was permitted, as for tap watch. May be repeated.", valueName: "permit"))
    var permits: [PermitArgument] = []
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

    func validate() throws {
        let isTimes = from != nil && to != nil && incident == nil && site == nil
        let isIncident = from == nil && to == nil && incident != nil && site != nil
        guard isTimes || isIncident else {
            throw ValidationError("give either --from and --to, or --incident and --site")
        }
        guard isIncident || permits.isEmpty && blindAfter == nil else {
            throw ValidationError("--permit and --blind-after are of an incident")
        }
    }

    /// What it is to be of.
    private struct Wanted {
        var from: String
        var to: String
        /// Until when 'tap complete' is asked about lines.
        var answersTo: String
        /// That 'tap complete' is asked about.
        var lines: [String]
        var extras = ProofDraft.Extras()
        /// Times are since the start of the first session.
        var isOfFirst = false
    }

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try prove() } catch { throw ExitStatus.report(error) }
    }

    private func prove() throws(TapError) {
        let wanted = try wanted()
        let span = try StoreArguments.span(from: wanted.from, to: wanted.to)
        let (key, seen) = (try StoreArguments.key(key), try StoreArguments.seen(seen))
        guard ProofFile.isProof(out) else {
            throw TapError(.usage, printable(out), "is no name of a proof", remedy: "end it with \(ProofFile.ending)")
        }
        let draft = try RecordStore(store).prove(
            key: key, from: span.from, to: span.to, seen: seen, span: "\(wanted.from) to \(wanted.to)")
        guard !wanted.isOfFirst || draft.firstSession == 1 else {
            throw TapError(
                .usage, "--incident", "is of a store of several sessions without a date", remedy: "give --from and --to"
            )
        }
        let file = try OutputFile(out, mayReplace: overwrite, appears: .whenWhole)
        defer { file.abandon() }
        var extras = wanted.extras
        extras.lines = lines
        extras.answers = try answers(draft, key, seen, span, wanted)
        let copies = noCopies ? nil : try ProofCopies(of: draft, store, lines: lines, out: out)
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

    private func wanted() throws(TapError) -> Wanted {
        guard let incident, let site else {
            return Wanted(from: from ?? "", to: to ?? "", answersTo: to ?? "", lines: lines)
        }
        return try wanted(incident, of: site)
    }

    private func wanted(_ number: Int, of site: String) throws(TapError) -> Wanted {
        var record = IncidentArguments()
        (record.site, record.file, record.permits) = (site, store, permits)
        record.blindAfter = blindAfter ?? DurationArgument(.seconds(600))
        let found = try record.find()
        guard let entry = found.entries.first(where: { $0.incident.number == number }), let header = found.header else {
            throw TapError(
                .usage, "incident \(number)", "is not in \(printable(store))",
                remedy: found.entries.isEmpty
                    ? "it has none" : found.entries.count == 1 ? "it has one" : "it has 1 to \(found.entries.count)")
        }
        let incident = entry.incident
        let begin = max(incident.began - ProveCommand.margin, .zero)
        let last = max(min(incident.changed, incident.known + ProveCommand.longest), incident.known)
        // Dates of signals that were made up or played again are not those of the store's clock fixes.
        let dates = [.simulated, .replayed].contains(header.provenance) ? nil : SessionTimeText(header)
        func text(_ time: Nanoseconds) -> String { dates?.date(time) ?? "\(time.count / 1_000_000)ms" }
        var wanted = Wanted(
            from: text(begin), to: text(last + ProveCommand.margin),
            answersTo: text(max(last, begin + .milliseconds(1))),
            lines: lines.isEmpty ? try ProveCommand.lines(of: incident, found, header, site) : lines)
        wanted.isOfFirst = dates?.date(begin) == nil
        wanted.extras.incident = IncidentText.block(incident, .opened, found.site, at: found.when) + "\n"
        wanted.extras.site = Array((StoreFile.text(site) ?? "").utf8)
        return wanted
    }

    /// Before its beginning and after what was said of it last, and how long after it was known at most.
    private static let margin = Nanoseconds.seconds(60)
    private static let longest = Nanoseconds.seconds(600)

    /// That its rules rely on and that were recorded.
    private static func lines(
        of incident: Incident, _ found: FoundIncidents, _ header: SessionHeader, _ path: String
    ) throws(TapError) -> [String] {
        let site = try CommandSite.load(path)
        let rules = Set(incident.involved.map { found.site.rules[$0.rule].name })
        let names = site.meanings.filter { rules.contains($0.name) }.reduce(into: Set<String>()) {
            $0.formUnion($1.reliance.signals)
        }
        return site.signals.compactMap { signal in
            guard names.contains(signal.name), case .line(let name) = signal.wire else { return nil }
            return header.lines.contains { $0.name == name } ? name : nil
        }
    }

    private func answers(
        _ draft: ProofDraft, _ key: VerifierKey, _ seen: [Checkpoint], _ span: (from: AskedTime, to: AskedTime),
        _ wanted: Wanted
    ) throws(TapError) -> String {
        guard !wanted.lines.isEmpty else { return "" }
        var text = """
            \(draft.provenance)
            # What the chunks in here say of lines: 'tap verify' makes these lines again and compares them. That no loss from
            # before the first chunk reaches into a span is taken for granted: see what 'tap complete' said on the store, behind #,
            # which nothing covers.

            """
        let end = try StoreArguments.span(from: wanted.from, to: wanted.answersTo).to
        for line in wanted.lines {
            let answer = try RecordStore(store).complete(key: key, seen: seen, .line(line), from: span.from, to: end)
            for part in answer.parts where part.session > 0 {
                for span in part.spans {
                    text += draft.answer(line, session: part.session, from: span.from, to: span.to) + "\n"
                }
            }
            let words = CompleteText(subject: .line(line), from: wanted.from, to: wanted.answersTo).text(answer)
            text += words.split(separator: "\n").map { "# \($0)\n" }.joined()
        }
        return text
    }
}
