import ArgumentParser
import TapCommand
import TapCore
import TapFormats

struct PlotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot",
        abstract: "Draw a capture file as SVG.",
        usage: "tap plot <file> [<options>]",
        discussion: """
            Reads a capture file of tap or of another program and draws it: a lane for each line and channel on one \
            time axis, claims over the line or channel of their name. Without --line, --channel and --claim, signals \
            that do not change in the picture are named below it instead. Where there are more samples than columns, \
            the minimum and maximum of each column are drawn; where a line changes too often, its lane is filled. \
            Losses are hatched. Times on the axis are since the start of the file, also with --from. FILE may be - \
            for standard input.

            The picture is written beside FILE, under its name with .svg; --out gives another. It appears only when \
            it is complete. Memory use does not grow with the file, which is read twice.

            EXAMPLES
              tap plot flowmeter.sr
              tap plot edges.jsonl --line RXTX --from 100ms --for 20ms --out frame.svg
              tap plot relay.cfg --channel analog.IA --channel analog.IB \\
                --title "Fault on line 3" --out relay.svg

            EXIT STATUS
              0    done
              64   invalid command line, or --from is at the end of FILE
              65   FILE is damaged, unreadable, not what its extension says,
                   or lasts no time
              66   FILE has no such line, channel or claim
              69   FILE has something that tap does not read
              73   the picture cannot be written
              75   a line, channel or claim was named twice
              77   permission denied
              130  stopped by Ctrl-C (143: SIGTERM, 129: SIGHUP)
              141  the output was closed by its reader
            """)

    @Argument(help: "The capture file: .sr, .vcd, .cfg, .csv or .jsonl.", completion: .captures)
    var file: String
    @Option(
        name: .out, help: ArgumentHelp("The file to write, .svg; -: standard output.", valueName: "file"),
        completion: .file())
    var out: String?
    @OptionGroup var span: SpanArguments
    @Option(name: .length, help: SpanArguments.lengthHelp)
    var duration: DurationArgument?
    @Option(
        name: .line,
        help: ArgumentHelp("Only this line. May be repeated; default: all that change.", valueName: "name"),
        completion: .lineNames)
    var lines: [String] = []
    @Option(
        name: .customLong("channel"),
        help: ArgumentHelp("Only this channel, or all channels of an ADC. May be repeated.", valueName: "name"),
        completion: .channelNames)
    var channels: [String] = []
    @Option(
        name: .customLong("claim"),
        help: ArgumentHelp("Only the claims of this tag. May be repeated.", valueName: "tag"),
        completion: .tagNames)
    var claims: [String] = []
    @Option(help: ArgumentHelp("Title of the picture; default: the file's name.", valueName: "text"))
    var title: String?
    @Flag(help: "Replace the picture if it exists, once what replaces it is whole.")
    var overwrite = false
    @OptionGroup(title: "Options for the file") var reading: ReadArguments
    @Flag(name: .quiet, help: "Print nothing on success, and no progress.")
    var quiet = false

    func validate() throws { _ = try PictureFormat.ending.format(nil, of: out) }

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try plot() } catch { throw ExitStatus.report(error) }
    }

    private func plot() throws(TapError) {
        let out = try picture()
        var conversion = CaptureInput.conversion()
        conversion.mayReplace = overwrite
        conversion.reading = reading.options
        conversion.reading.wanted = Set(lines + channels + claims)
        conversion.span = try span.span(duration)
        conversion.lines = lines
        conversion.channels = channels
        conversion.claims = claims
        let progress = ConversionProgress(out)
        if !quiet { conversion.onProgress = { progress.show($0) } }
        defer { progress.end() }
        let outcome = try conversion.draw(file, to: out, title: title)
        progress.end()
        for remark in outcome.found { ExitStatus.say("\(printable(file)): \(remark)") }
        guard !quiet, out != "-" else { return }
        ExitStatus.say("\(out): \(Words.span(outcome.length)), \(outcome.edges) edges, \(outcome.scans) scans")
    }

    /// The picture's file: beside the capture, unless another was named.
    private func picture() throws(TapError) -> String {
        if let out { return out }
        guard let path = PictureFormat.path(beside: file) else {
            throw TapError(
                .usage, "--out", "is missing", remedy: "the input has no name: name the picture, as --out picture.svg")
        }
        return path
    }
}

extension PictureFormat {
    /// The name of a file with the ending of a picture; nil: it is standard input, a device or a pipe.
    static func path(beside file: String) -> String? {
        guard file != "-", !file.hasPrefix("/dev/"), !file.hasPrefix("/proc/") else { return nil }
        let name = file.split(separator: "/").last.map(String.init) ?? file
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        // A hidden file has no ending.
        let hasEnding = parts.count > 2 || parts.count == 2 && !parts[0].isEmpty
        return (hasEnding ? String(file.dropLast((parts.last?.count ?? 0) + 1)) : file) + ".svg"
    }
}
