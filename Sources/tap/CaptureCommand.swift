import ArgumentParser
import TapCommand
import TapCore
import TapDriver
import TapSession

struct CaptureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture",
        abstract: "Capture named lines and channels in one ordered timeline.",
        discussion: """
            Captures the lines and channels that are named, and no others: requesting a line makes its pin an input, \
            so name only lines that are wired as inputs. First levels are read right after the request, edges have \
            the kernel's timestamps, and every detected loss is a record of its own. Ends at --for, --count, \
            Ctrl-C, SIGTERM or SIGHUP, with a summary on standard error. A second Ctrl-C ends it at once.

            A board file gives lines the names of what they are wired to; 'tap lines --write-board' makes one. For a \
            quick look, --chip takes a chip of the kernel without a file, and --line its offsets or the kernel's names.

            The format is that of --format or of the ending of --out: .txt, .jsonl, .vcd or .sr; another ending \
            needs --format. An existing file needs --overwrite; it stays as it is until the capture has ended.

            FORMATS
              text   for people: seconds since the start, name, what happened
              jsonl  for programs: one JSON object a line, times in nanoseconds
              vcd    for wave viewers: Value Change Dump, for GTKWave
              sr     for PulseView: samples of the rate of --rate, in a file that is
                     written at the end; a second Ctrl-C then drops it
              hash   one line: a digest of all records, and their number
            docs/formats describes jsonl, vcd and sr.

            EXAMPLES
              tap capture --board boards/simulator.yaml --line PUMP_CMD --for 20s
              tap capture --board boards/gpio-sim.yaml --line SIM0 --count 100
              tap capture --chip gpiochip0 --line 17 --line 27 --for 10s
              tap capture --sim scenarios/bounce.yaml --line CONTACT
              tap capture --board boards/raspberry-pi-4b.yaml --line GPIO17 \\
                --format jsonl --out edges.jsonl
              tap capture --board boards/simulator.yaml --line ENC_A --line ENC_B \\
                --for 2s --rate 1MHz --out encoder.sr

            \(ExitStatus.table)
            """)

    enum EventClock: String, ExpressibleByArgument, CaseIterable { case monotonic, realtime }

    @OptionGroup var wires: WiresOptions
    @Option(
        name: .line,
        help: ArgumentHelp(
            "A line to capture, by its name on the board; with --chip its offset. May be repeated.", valueName: "name"),
        completion: .lineNames)
    var lines: [String] = []
    @Option(
        name: .customLong("channel"),
        help: ArgumentHelp(
            "A channel to capture, as adc.channel, or all channels of an ADC. May be repeated.", valueName: "name"),
        completion: .channelNames)
    var channels: [String] = []
    @Option(help: SiteArgument.help, completion: .file())
    var site: String?
    @OptionGroup var session: SessionArguments
    @Option(help: SessionArguments.rateHelp)
    var rate: RateArgument?

    @Option(
        help: ArgumentHelp(
            "The clock of the kernel's timestamps: monotonic or realtime; a step of that is noted and taken out of them.",
            valueName: "clock"))
    var clock = EventClock.monotonic
    @Option(help: ArgumentHelp("Events that each line's kernel queue holds, 1 to 1024.", valueName: "n"))
    var queue = ListeningOptions().queue
    @Option(
        help: ArgumentHelp(
            "Mute a line for a while when it has more edges per second than this; 0: never.", valueName: "n"))
    var stormLimit = ListeningOptions().stormLimit_hz ?? 0
    @Option(help: ArgumentHelp("Run capture threads with SCHED_FIFO at this priority, 1 to 99.", valueName: "priority"))
    var fifo: Int?
    @Option(
        name: .customLong("cpu"),
        help: ArgumentHelp("Run capture threads on this CPU only. May be repeated.", valueName: "n"))
    var cpus: [Int] = []
    @Flag(help: "Lock all memory, so that capture never waits for the disk.")
    var lockMemory = false
    @Option(
        help: ArgumentHelp(
            "The profile that tap-bench measured, for the header; default: the board's NAME.profile.json.",
            valueName: "file"), completion: .file(extensions: ["json"]))
    var profile: String?

    func validate() throws {
        guard !lines.isEmpty || !channels.isEmpty else {
            throw ValidationError(
                "nothing to capture: name lines with --line and channels with --channel; 'tap lines\(wires.words.isEmpty ? "" : " " + wires.words)' lists them"
            )
        }
        if wires.chip != nil, !channels.isEmpty { throw ValidationError("--channel goes with --board or --sim") }
        if profile != nil, wires.board == nil { throw ValidationError("--profile goes with --board") }
        guard ListeningOptions.queueSizes.contains(queue) else {
            throw ValidationError("--queue takes 1 to 1024, not \(queue)")
        }
        guard stormLimit >= 0 else { throw ValidationError("--storm-limit takes 0 or more, not \(stormLimit)") }
        if let fifo, !(1...99).contains(fifo) { throw ValidationError("--fifo takes 1 to 99, not \(fifo)") }
        if let cpu = cpus.first(where: { $0 < 0 || $0 > 1_023 }) {
            throw ValidationError("--cpu takes 0 to 1023, not \(cpu)")
        }
    }

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try capture() } catch { throw ExitStatus.report(error) }
    }

    private func capture() throws(TapError) {
        var options = session.options
        options.gpiod.isRealtime = clock == .realtime
        options.gpiod.queue = queue
        options.gpiod.stormLimit_hz = stormLimit == 0 ? nil : stormLimit
        options.realTime = RealTimeOptions(
            fifoPriority: fifo, cpus: cpus.isEmpty ? nil : cpus, lockMemory: lockMemory)
        var plan = try wires.plan(
            lines: lines, channels: channels, options: options, profile: profile, isQuiet: session.quiet)
        try SiteArgument.hear(site, in: &plan)
        try session.run(plan, inputs: [wires.board, wires.sim, profile, site], rate: rate)
    }
}
