import ArgumentParser
import TapCommand
import TapCore
import TapFormats
import TapSession

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Replay a capture file as a source.",
        usage: "tap replay <file> [<options>]",
        discussion: """
            Reads a capture file of tap or of another program and sends its lines and channels through the same rings, \
            merge and writers as 'tap capture', with the provenance 'replayed'. Times are exactly those of the file. \
            Nothing is dropped: when a ring is full, the replay waits.

            FILES
              .sr    sigrok sessions (PulseView, sigrok-cli)
              .vcd   Value Change Dump
              .cfg   COMTRADE, with its .dat beside it; or .cff
              .csv   a column of times, then a column for each line or channel
              .jsonl written by 'tap capture --format jsonl'
              .pcap  packets (.pcapng too), with --site: the claims of its sources
            The format is detected from the content; an extension that contradicts it is an error. docs/formats \
            describes each.

            EXAMPLES
              tap replay flowmeter.sr --line RXTX --for 100ms
              tap replay flowmeter.sr --speed 1 --format jsonl --out again.jsonl
              tap replay relay.cfg --channel analog.IA --channel analog.IB

            EXIT STATUS
              0    done, or ended by Ctrl-C, SIGTERM or SIGHUP
              64   invalid command line
              65   the file is damaged, unreadable, or not what its
                   extension says
              66   the file has no such line, channel or claim
              69   the file has something that tap does not read
              73   the output cannot be written
              75   a line, channel or claim was named twice
              77   permission denied
              141  the output was closed by its reader
            """)

    @Argument(help: "The capture file.", completion: .captures)
    var file: String
    @Option(
        name: .line,
        help: ArgumentHelp(
            "Only this line, by its name in the file. May be repeated; default: everything.",
            valueName: "name"), completion: .lineNames)
    var lines: [String] = []
    @Option(
        name: .customLong("channel"),
        help: ArgumentHelp(
            "Only this channel, as adc.channel, or all channels of an ADC. May be repeated.", valueName: "name"),
        completion: .channelNames)
    var channels: [String] = []
    @Option(
        name: .customLong("claim"),
        help: ArgumentHelp("Only the claims of this tag, by its name in the file. May be repeated.", valueName: "tag"),
        completion: .tagNames)
    var claims: [String] = []
    @Option(help: SiteArgument.help, completion: .file())
    var site: String?
    @Option(help: Speed.help)
    var speed = Speed.max
    @OptionGroup var span: SpanArguments
    @OptionGroup(title: "Options for the file") var reading: ReadArguments
    @OptionGroup var session: SessionArguments

    func validate() throws {
        guard try OutputFormat.ending.format(session.format, of: session.out) != .sr else {
            throw ValidationError("'tap convert' makes a .sr file of a file, up to its end")
        }
    }

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try replay() } catch { throw ExitStatus.report(error) }
    }

    private func replay() throws(TapError) {
        let span = try span.span(session.duration)
        var wanted = reading.options
        wanted.wanted = Set(lines + channels + claims)
        // --for alone ends the session.
        let reader = try CaptureInput.open(file, wanted, from: span.from, to: self.span.to?.value, site: site)
        let recorded = reader.header
        let selected =
            lines.isEmpty && channels.isEmpty && claims.isEmpty
            ? ReplaySelection(all: recorded)
            : try ReplaySelection(recorded, lines: lines, channels: channels, claims: claims)
        var options = session.options
        options.speed = speed
        var plan = SessionPlan(replaying: ReplaySource(reader, selected), recorded, options: options)
        if !CaptureInput.isPackets(file) { try SiteArgument.hear(site, in: &plan) }
        try session.run(plan, inputs: [file, site])
    }
}
