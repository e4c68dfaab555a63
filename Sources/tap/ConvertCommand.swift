public import ArgumentParser
import TapCommand
import TapCore
public import TapFormats

struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Convert a capture file to another format.",
        usage: "tap convert <in> <out> [<options>]",
        discussion: """
            Reads the capture file IN and writes it as OUT, in the format of OUT's extension. The format of IN is \
            detected from its content; an extension that contradicts it is an error. Times are exact, in whole \
            nanoseconds. Memory use does not grow with the file. OUT appears under its name only when it is complete; \
            a file that it replaces keeps its content until then. IN may be - for standard input, a FIFO or <(...); it \
            is then read whole first. OUT may be -, with --format. What OUT's format cannot hold is reported on \
            standard error; docs/formats describes each.

            FORMATS
              .sr    sigrok session: samples at one rate, that of IN or
                     --rate; edges move to the nearest sample. Long captures
                     at a high rate are large: the size is shown first
              .vcd   Value Change Dump
              .cfg   COMTRADE, with its data in .dat beside it; IN may be
                     a .cff
              .csv   a column of times, then a column for each line or channel
              .jsonl tap's JSON Lines: loses nothing

            EXAMPLES
              tap convert flowmeter.sr flowmeter.vcd
              tap convert edges.jsonl edges.sr --rate 1MHz
              tap convert edges.jsonl - --format csv
              tap convert relay.cfg relay.csv --channel analog.IA
              tap convert relay.cfg excel.csv --separator semicolon --decimal-comma \\
                --time s --every 100ms

            EXIT STATUS
              0    done
              64   invalid command line, or a missing rate
              65   IN is damaged, unreadable, or not what its extension says
              66   IN has no such line or channel
              69   a file has something that tap does not read or write
              73   OUT cannot be written
              75   a line or channel was named twice
              77   permission denied
              130  stopped by Ctrl-C (143: SIGTERM, 129: SIGHUP)
              141  the output was closed by its reader
            """)

    @Argument(help: ArgumentHelp("The capture to read.", valueName: "in"), completion: .captures)
    var input: String
    @Argument(help: ArgumentHelp("The file to write.", valueName: "out"), completion: .file())
    var output: String
    @Option(
        help: ArgumentHelp(
            "The format of OUT: sr, vcd, cfg, csv or jsonl; default: what OUT ends with.", valueName: "format"))
    var format: CaptureFormat?
    @Option(
        name: .line,
        help: ArgumentHelp(
            "Only this line, by its name in the file. May be repeated; without --line and --channel: everything.",
            valueName: "name"), completion: .lineNames)
    var lines: [String] = []
    @Option(
        name: .customLong("channel"),
        help: ArgumentHelp(
            "Only this channel, as adc.channel, or all channels of an ADC. May be repeated.", valueName: "name"),
        completion: .channelNames)
    var channels: [String] = []
    @Option(help: "The site file whose claims are heard in packets (.pcap, .pcapng).", completion: .file())
    var site: String?
    @OptionGroup var span: SpanArguments
    @Option(name: .length, help: SpanArguments.lengthHelp)
    var duration: DurationArgument?
    @Option(
        help: ArgumentHelp(
            "Data of a COMTRADE record: ascii, binary or float32. Default: the smallest that loses nothing.",
            valueName: "type"))
    private var data: ComtradeData?
    @Option(help: ArgumentHelp("Revision of COMTRADE: 1999 or 2013.", valueName: "year"))
    private var year = ComtradeYear.y2013
    @OptionGroup(title: "Options for IN, and the rate of a .sr file that is written") var reading: ReadArguments
    @OptionGroup(title: "Options for a table, OUT.csv") var table: TableArguments
    @Flag(help: "Replace OUT if it exists, once what replaces it is whole.")
    var overwrite = false
    @Flag(name: .quiet, help: "Print nothing on success, and no progress.")
    var quiet = false

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try convert() } catch { throw ExitStatus.report(error) }
    }

    private func convert() throws(TapError) {
        let format = try outputFormat()
        var conversion = CaptureInput.conversion(site: site)
        conversion.mayReplace = overwrite
        conversion.sampleRate_hz = reading.rate?.hertz
        conversion.reading = reading.options
        conversion.reading.wanted = Set(lines + channels)
        conversion.comtrade.data = data?.option
        conversion.comtrade.revision = year.option
        conversion.csv = try table.options(of: output, as: format)
        conversion.span = try span.span(duration)
        conversion.lines = lines
        conversion.channels = channels
        if quiet {
            found(try conversion.run(input, to: output, as: format))
            return
        }
        let progress = ConversionProgress(output)
        conversion.onProgress = { progress.show($0) }
        defer { progress.end() }
        report(try conversion.run(input, to: output, as: format), progress)
    }

    /// What is not as it should be in IN is said in any case.
    private func found(_ outcome: Conversion.Outcome) {
        for remark in outcome.found { ExitStatus.say("\(printable(input)): \(remark)") }
    }

    private func report(_ outcome: Conversion.Outcome, _ progress: ConversionProgress) {
        progress.end()
        found(outcome)
        for remark in outcome.remarks { ExitStatus.say("\(output): \(remark)") }
        ExitStatus.say(
            "\(output): \(Words.span(outcome.length)), \(outcome.edges) edges, \(outcome.scans) scans")
    }

    private func outputFormat() throws(TapError) -> CaptureFormat {
        guard let named = CaptureFormat(name: output) else {
            if let format { return format }
            throw TapError(
                .usage, output == "-" ? "standard output" : printable(output),
                output == "-" ? "has no name that says its format" : "its extension is none that tap writes",
                remedy: output == "-" ? "add --format, as --format csv" : "end it with .sr, .vcd, .cfg, .csv or .jsonl")
        }
        guard format == nil || format == named else {
            throw TapError(
                .usage, "--format \(format?.rawValue ?? "")", "contradicts the ending of \(printable(output))",
                remedy: "drop one of them")
        }
        return named
    }
}

extension CaptureFormat: ExpressibleByArgument {}

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
