import ArgumentParser
import TapCommand
import TapConfig
import TapCore
import TapFormats
import TapSession
import TapSim

struct SimRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a scenario through the ordinary capture path.",
        usage: "tap sim run <scenario> [<options>]",
        discussion: """
            Captures the simulated lines and channels of a scenario file like real ones: through rings, merge and \
            writer. The output depends on the scenario and its seed only: the same bytes on every machine and at every \
            speed. Scenarios that come with tap are in scenarios/; docs/scenarios.md describes the format.

            FORMATS
              text   for people
              jsonl  for programs: one JSON object a line
              vcd    for wave viewers
              sr     for PulseView: samples of the rate of --rate
              hash   one line: a digest of all records, and their number

            EXAMPLES
              tap sim run scenarios/waveforms.yaml --for 2s
              tap sim run scenarios/bounce.yaml --seed 7 --format vcd --out bounce.vcd
              tap sim run scenarios/waveforms.yaml --speed 10 --format hash
              tap sim run scenarios/pump-station.yaml --for 2h --out wires.jsonl \\
                --format jsonl --claims claims.jsonl --truth truth.jsonl

            EXIT STATUS
              0    done, or ended by Ctrl-C, SIGTERM or SIGHUP
              64   invalid command line
              65   invalid or unreadable scenario file
              66   no such line, channel or claim
              73   the output cannot be written
              75   a line, channel or claim was named twice
              141  the output was closed by its reader
            """)

    @Argument(
        help: ArgumentHelp("A scenario file, or the file of a simulated board.", valueName: "scenario"),
        completion: .wires)
    var file: String
    @Option(help: SeedArgument.help)
    var seed: SeedArgument?
    @Option(help: Speed.help)
    var speed = Speed.max
    @Option(
        name: .line,
        help: ArgumentHelp("Only this line. May be repeated; default: everything.", valueName: "name"),
        completion: .lineNames)
    var lines: [String] = []
    @Option(
        name: .customLong("channel"),
        help: ArgumentHelp("Only this channel, or all channels of an ADC. May be repeated.", valueName: "name"),
        completion: .channelNames)
    var channels: [String] = []
    @Option(
        name: .customLong("claim"),
        help: ArgumentHelp(
            "Only the claims of this tag. May be repeated; default: all, with --claims or if nothing is named.",
            valueName: "tag"), completion: .tagNames)
    var tags: [String] = []
    @Option(
        help: ArgumentHelp("Write the claims to a new file too, as JSON Lines.", valueName: "file"), completion: .file()
    )
    var claims: String?
    @Option(
        help: ArgumentHelp(
            "Write the truth about the run (labels, and of each claim what is true) to a new file, as JSON Lines.",
            valueName: "file"),
        completion: .file())
    var truth: String?
    @OptionGroup var span: SpanArguments
    @OptionGroup var session: SessionArguments
    @Option(help: SessionArguments.rateHelp)
    var rate: RateArgument?

    func validate() throws {
        _ = try LabelFormat.ending.format(nil, of: claims, option: "--claims")
        _ = try LabelFormat.ending.format(nil, of: truth, option: "--truth")
    }

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try play() } catch { throw ExitStatus.report(error) }
    }

    private func play() throws(TapError) {
        var scenario = try CommandScenario.load(file, seed: seed)
        if !lines.isEmpty || !channels.isEmpty || !tags.isEmpty {
            scenario = try scenario.selecting(lines: lines, channels: channels, claims: tags)
            try scenario.checkClaims()
            // A file of claims is not meant to be empty.
            if claims != nil, tags.isEmpty { scenario.claims = nil }
        }
        var options = session.options
        options.speed = speed
        let span = try span.span(session.duration)
        options.from = span.from
        options.duration = span.to ?? scenario.duration
        guard options.duration != nil || options.count != nil else {
            throw TapError(
                .usage, "--for", "is missing", remedy: "the scenario gives no duration: add one, as --for 10s")
        }
        // Before the first of them is made.
        try FileIdentity.check(outputs: [("--out", session.out)] + others, inputs: [file])
        let truth = try truth.map { path throws(TapError) in
            try TruthFile(path, mayReplace: session.overwrite, from: span.from, until: options.duration)
        }
        do throws(TapError) { try play(scenario, options, truth) } catch {
            truth?.abandon()
            throw error
        }
        try truth?.finish()
    }

    private var others: [(name: String, path: String?)] {
        [("--claims", claims), ("--truth", truth)].filter { $0.1 != nil }
    }

    private func play(_ scenario: Scenario, _ options: SessionOptions, _ truth: TruthFile?) throws(TapError) {
        var plan = SessionPlan(scenario, options: options, truth: truth?.taker)
        let file = try claims.map { path throws(TapError) in
            try OutputFile(path, mayReplace: session.overwrite)
        }
        if let file {
            plan.consumers = [
                MergedConsumer<ClaimsWriter>("claims") { ClaimsWriter($0, to: ByteWriter(file)) }
            ]
        }
        do throws(TapError) {
            try session.run(plan, inputs: [self.file], others: others, rate: rate)
            try file?.commit()
        } catch {
            file?.abandon()
            throw error
        }
    }
}
