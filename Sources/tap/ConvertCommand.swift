import ArgumentParser
import Synchronization
import TapCommand
import TapCore
import TapFormats

struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Write a capture file anew in another format.",
        usage: "tap convert <in> <out> [<options>]",
        discussion: """
            Reads one capture and writes another; the ending of OUT says what it becomes. What IN is, its content \
            tells, and a name that says otherwise is refused. Times are exact, in whole nanoseconds; memory is bounded \
            however large the file. OUT takes its name only once it is whole. What OUT's format has no place for is \
            told on standard error, and in docs/formats for each.

            FORMATS
              .sr    sigrok session: samples of one rate, see --rate
              .vcd   Value Change Dump
              .cfg   COMTRADE, its data beside it in .dat
              .csv   a column of times, then a column for each line or channel
              .jsonl JSON Lines of tap: loses nothing

            EXAMPLES
              tap convert flowmeter.sr flowmeter.vcd
              tap convert edges.jsonl edges.sr --rate 1MHz
              tap convert relay.cfg relay.csv --channel analog.IA

            EXIT STATUS
              0    done
              64   the command line makes no sense, or a rate is missing
              65   IN is damaged, of another kind than its name says, or
                   cannot be read
              66   IN has no such line or channel
              69   a file has something tap does not read or write
              73   OUT cannot be written
              75   a line or channel was named twice
              77   a permission is missing
            """)

    @Argument(help: ArgumentHelp("The capture to read.", valueName: "in"), completion: .file())
    var input: String
    @Argument(help: ArgumentHelp("The file to write.", valueName: "out"), completion: .file())
    var output: String
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
    @Option(
        help: ArgumentHelp(
            "Samples a second of a .sr file, as 1MHz or 48kHz; edges go to the nearest sample. Without it: that of IN.",
            valueName: "rate"))
    var rate: RateArgument?
    @Option(
        help: ArgumentHelp(
            "Data of a COMTRADE record: ascii, binary or float32. Without it: the smallest that loses nothing.",
            valueName: "type"))
    private var data: ComtradeData?
    @Option(help: ArgumentHelp("COMTRADE of 1999 or 2013.", valueName: "year"))
    private var year = ComtradeYear.y2013
    @Flag(help: "Let OUT replace a file that is there.")
    var overwrite = false
    @Flag(help: "Say nothing when all went well.")
    var quiet = false

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try convert() } catch { throw ExitStatus.tell(error) }
    }

    private func convert() throws(TapError) {
        guard let format = CaptureFormat(name: output) else {
            throw TapError(
                .usage, output, "its ending says no format that tap writes",
                remedy: "end it with .sr, .vcd, .cfg, .csv or .jsonl")
        }
        let flag = InterruptFlag()
        Signals.onInterrupt { flag.raise() }
        var conversion = Conversion(version: Tap.version)
        conversion.mayReplace = overwrite
        conversion.sampleRate_hz = rate?.hertz
        conversion.comtrade.data = data?.option
        conversion.comtrade.revision = year.option
        conversion.lines = lines
        conversion.channels = channels
        conversion.isInterrupted = { flag.isRaised }
        let outcome = try conversion.run(input, to: output, as: format)
        guard !quiet else { return }
        for remark in outcome.remarks { ExitStatus.say("\(output): \(remark)") }
        ExitStatus.say(
            "\(output): \(Words.span(outcome.length)), \(outcome.edges) edges, \(outcome.scans) scans")
    }
}

private enum ComtradeData: String, ExpressibleByArgument, CaseIterable {
    case ascii, binary, float32

    var option: ComtradeOptions.Data {
        switch self {
        case .ascii: .ascii
        case .binary: .binary
        case .float32: .float32
        }
    }
}

private enum ComtradeYear: String, ExpressibleByArgument, CaseIterable {
    case y1999 = "1999"
    case y2013 = "2013"

    var option: ComtradeOptions.Revision { self == .y1999 ? .y1999 : .y2013 }
}

private final class InterruptFlag: Sendable {
    private let raised = Atomic<Bool>(false)
    func raise() { raised.store(true, ordering: .relaxed) }
    var isRaised: Bool { raised.load(ordering: .relaxed) }
}

/// Samples a second on the command line, as 4MHz or 500.
struct RateArgument: ExpressibleByArgument {
    let hertz: UInt64

    init?(argument: String) {
        guard let hertz = SampleRate.hertz(argument), hertz <= 1_000_000_000 else { return nil }
        self.hertz = hertz
    }
}
