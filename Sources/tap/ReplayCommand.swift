import ArgumentParser
import TapCommand
import TapCore
import TapFormats
import TapSession

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Play a capture file as if it were wires.",
        usage: "tap replay <file> [<options>]",
        discussion: """
            Reads a capture, of tap or of another program, and sends its lines and channels the way that wires go: \
            through the same rings, merge and writers as 'tap capture', stamped as replayed. Times are the file's own, \
            exact. Nothing is dropped: a full ring makes time wait.

            FILES
              .sr    sigrok sessions (PulseView, sigrok-cli)
              .vcd   Value Change Dump
              .cfg   COMTRADE 1999 and 2013, with its .dat beside it
              .csv   a column of times, then a column for each line or channel
              .jsonl what 'tap capture --format jsonl' wrote
            What a file is, its content tells; a name that says otherwise is refused. docs/formats describes each.

            EXAMPLES
              tap replay flowmeter.sr --line RXTX --for 100ms
              tap replay flowmeter.sr --speed 1 --format jsonl --out again.jsonl
              tap replay relay.cfg --channel analog.IA --channel analog.IB

            EXIT STATUS
              0    done
              64   the command line makes no sense
              65   the file is damaged, of another kind than its name says, or
                   cannot be read
              66   the file has no such line or channel
              69   the file has something tap does not read
              73   the output cannot be written
              75   a line or channel was named twice
              77   a permission is missing
              141  the reader of the output has gone
            """)

    @Argument(help: "The capture file.", completion: .file())
    var file: String
    @Option(
        name: .customLong("line"),
        help: ArgumentHelp(
            "Only this line, by its name in the file. May be repeated; without --line and --channel: everything.",
            valueName: "name"))
    var lines: [String] = []
    @Option(
        name: .customLong("channel"),
        help: ArgumentHelp(
            "Only this channel, as device.channel, or a whole device. May be repeated.", valueName: "name"))
    var channels: [String] = []
    @Option(help: Speed.help)
    var speed = Speed.max
    @OptionGroup var session: SessionArguments

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try replay() } catch { throw ExitStatus.tell(error) }
    }

    private func replay() throws(TapError) {
        let reader = try CaptureFormat.open(file)
        let recorded = reader.header
        let selected =
            lines.isEmpty && channels.isEmpty
            ? ReplaySelection(all: recorded) : try ReplaySelection(recorded, lines: lines, channels: channels)
        var options = session.options
        options.speed = speed
        try session.run(SessionPlan(replaying: ReplaySource(reader, selected), recorded, options: options))
    }
}
