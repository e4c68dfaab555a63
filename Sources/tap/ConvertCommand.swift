import ArgumentParser
import Synchronization
import TapCommand
import TapCore
import TapFormats

struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Convert a capture file to another format.",
        usage: "tap convert <in> <out> [<options>]",
        discussion: """
            Reads the capture file IN and writes it as OUT, in the format of OUT's extension. The format of IN is \
            detected from its content; an extension that contradicts it is an error. Times are exact, in whole \
            nanoseconds. Memory use does not grow with the file. OUT appears under its name only when it is complete. \
            What OUT's format cannot hold is reported on standard error; docs/formats describes each.

            FORMATS
              .sr    sigrok session: samples at one rate, see --rate
              .vcd   Value Change Dump
              .cfg   COMTRADE, with its data in .dat beside it
              .csv   a column of times, then a column for each line or channel
              .jsonl tap's JSON Lines: loses nothing

            EXAMPLES
              tap convert flowmeter.sr flowmeter.vcd
              tap convert edges.jsonl edges.sr --rate 1MHz
              tap convert relay.cfg relay.csv --channel analog.IA

            EXIT STATUS
              0    done
              64   invalid command line, or a missing rate
              65   IN is damaged, unreadable, or not what its extension says
              66   IN has no such line or channel
              69   a file has something that tap does not read or write
              73   OUT cannot be written
              75   a line or channel was named twice
              77   permission denied
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
            "Only this channel, as adc.channel, or all channels of an ADC. May be repeated.", valueName: "name"))
    var channels: [String] = []
    @Option(
        help: ArgumentHelp(
            "Sample rate of a .sr file, as 1MHz or 48kHz; edges move to the nearest sample. Default: that of IN.",
            valueName: "rate"))
    var rate: RateArgument?
    @Option(
        help: ArgumentHelp(
            "Data of a COMTRADE record: ascii, binary or float32. Default: the smallest that loses nothing.",
            valueName: "type"))
    private var data: ComtradeData?
    @Option(help: ArgumentHelp("Revision of COMTRADE: 1999 or 2013.", valueName: "year"))
    private var year = ComtradeYear.y2013
    @Flag(help: "Replace OUT if it exists.")
    var overwrite = false
    @Flag(help: "Print nothing on success.")
    var quiet = false

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try convert() } catch { throw ExitStatus.tell(error) }
    }

    private func convert() throws(TapError) {
        guard let format = CaptureFormat(name: output) else {
            throw TapError(
                .usage, output, "its extension is none that tap writes",
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
        for remark in outcome.found { ExitStatus.say("\(printable(input)): \(remark)") }
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
