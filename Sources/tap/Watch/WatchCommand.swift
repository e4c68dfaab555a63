import ArgumentParser
import TapCommand
import TapConfig
import TapCore
import TapServe
import TapSession
import TapWatch

struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Say where wires and claims break the rules of a site.",
        usage: "tap watch <site> [<options>]",
        discussion: """
            Watches the rules of a site file over its board, a scenario or a capture, or over claims alone. A rule that is \
            broken is a finding; findings of one cause are an incident, which is printed when it opens, when what may be \
            behind it or how bad it is changes, and when it is over. --findings prints each finding too. A rule of which nothing can be known for \
            --blind-after is a finding too: a blind spot. Once, --blind-after after the start, it lists the rules that are \
            still unknown.

            What the watch is about to do, and a summary at its end, go to standard error. Rules that cannot be decided \
            yet are named there. Findings and incidents are a function of the records: the same live, in replay and at every speed.

            With --window it serves a page that shows wires beside claims, and the same for programs: docs/window.md.

            FORMATS
              text   for people, a block for each incident: the default on a
                     terminal
              jsonl  for programs, as docs/formats/watch.md describes: the default
                     otherwise
              hash   one line: a digest of all verdicts, and their number

            EXAMPLES
              tap watch sites/pump-station.yaml \\
                --sim scenarios/attacks/siren-cut.yaml --for 4h
              tap watch sites/pump-station.yaml --replay plant --format text
              tap watch my-site.yaml --given history.csv
              tap watch sites/pump-station.yaml --speed 60 --window \\
                --sim scenarios/attacks/siren-cut.yaml --for 4h
              tap watch my-site.yaml

            EXIT STATUS
              0    no finding, or only such as work or a shelf excuses
              1    a rule was broken
              2    no rule was seen broken, but there was a blind spot,
                   or one was not proven for too long
              64   invalid command line
              65   invalid or unreadable site, board, scenario or capture file
              66   no such line or channel
              67   the board file describes another machine
              69   not supported by the hardware, its driver or a library
              73   standard output cannot be written
              74   a chip, ADC or remote host failed or did not answer
              75   a line is in use
              77   permission denied
              141  standard output was closed by its reader
            """)

    @Argument(help: ArgumentHelp("The site file.", valueName: "site"), completion: .file(extensions: ["yaml"]))
    var file: String
    @OptionGroup var wires: WatchWires
    @Option(
        name: .length, help: ArgumentHelp("End after this time, as 10s or 2h.", valueName: "duration"))
    var duration: DurationArgument?
    @Option(
        help: ArgumentHelp("How long a rule may be unknown before that is a finding.", valueName: "duration"))
    var blindAfter = DurationArgument(.seconds(600))
    @Option(
        help: ArgumentHelp(
            "Where to keep what the next watch must know: proofs, counters, incidents, and what people asked for. Made if missing.",
            valueName: "file"),
        completion: .file())
    var state: String?
    @Option(
        name: .customLong("permit"),
        help: ArgumentHelp(
            "Permit work of the site that needs it, from the start on, as \"calibration for 2h: REASON\". May be repeated.",
            valueName: "permit"))
    var permits: [PermitArgument] = []
    @OptionGroup var leftOut: LeftOutArguments
    @Option(
        help: ArgumentHelp(
            "A socket to make, over which 'tap permit', 'shelve', 'approve' and 'incident' ask it; where time is real.",
            valueName: "socket"),
        completion: .file())
    var control: String?
    @OptionGroup var window: WindowArguments
    @Flag(
        name: .customLong("window-stays"),
        help: "The window stays after the watch has ended, until Ctrl-C.")
    var windowStays = false
    @Option(help: "Output format: text, jsonl or hash.")
    var format: FindingFormat?
    @Flag(name: .customLong("findings"), help: "In text, print each finding too.")
    var hasFindings = false
    @Flag(name: .quiet, help: "No words at the start, no summary.")
    var quiet = false

    func validate() throws {
        guard window.outlet != nil || !windowStays else {
            throw ValidationError("--window-stays goes with --window or --view")
        }
    }

    func run() throws {
        SessionArguments.prepareToWrite()
        let tallies: [FindingLog.Tally]
        do throws(TapError) { tallies = try watch() } catch { throw ExitStatus.report(error) }
        if tallies.contains(where: { $0.broken > 0 }) { throw ExitCode(1) }
        if tallies.contains(where: { $0.blind > 0 || $0.unproven > 0 }) { throw ExitCode(2) }
    }

    /// - Returns: what came of each rule.
    private func watch() throws(TapError) -> [FindingLog.Tally] {
        let site = try CommandSite.load(file)
        for permit in permits { try permit.check(site) }
        let leftOut = try leftOut.names(of: site, in: file)
        var options = SessionOptions(version: Tap.version)
        options.duration = duration?.value
        let plan = try wires.plan(of: site, in: file, options)
        let watched = WatchedSite(site, clock: try SiteClock(site), without: leftOut)
        var run = WatchRun(
            plan: plan, site: watched, patience: blindAfter.value,
            format: format ?? (Terminal.isOutput ? .text : .jsonl), isQuiet: quiet,
            hasFindings: hasFindings, permits: permits, state: state.map { StateFile($0, site: site.name) })
        let tokens = window.tokens.map { WindowTokens($0) }
        if control != nil || tokens != nil {
            guard wires.isPaced else {
                throw TapError(
                    .usage, control == nil ? "--window-tokens" : "--control",
                    "goes with a board, or with --sim and a --speed that is not max",
                    remedy: "give --permit for what is permitted from the start on")
            }
            let isQuiet = quiet
            run.control = (control, ControlDesk(site, store: nil) { if !isQuiet { ExitStatus.say($0) } })
            _ = try tokens?.entries()
        }
        run.window = window.outlet.map {
            WindowDesk(
                $0, stays: windowStays, site, watched, speed: plan.options.speed,
                voice: tokens.flatMap { tokens in run.control.map { WindowVoice(tokens: tokens, desk: $0.desk) } })
        }
        return try run.run().tallies
    }
}
