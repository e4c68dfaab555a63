import ArgumentParser
import Synchronization
import TapCommand
import TapConfig
import TapCore
import TapFormats
import TapSession
import TapSim

struct SimPlotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot",
        abstract: "Draw the signals of a scenario as SVG.",
        usage: "tap sim plot <scenario> --out <file> [<options>]",
        discussion: """
            Runs the scenario through the ordinary capture path and draws what was captured: a lane for each line and \
            channel on one time axis, claims over the signal they speak of and in its unit. Without --line, --channel \
            and --claim, signals that do not change in the picture are named below it instead. Lanes of 4 to 20 mA \
            have the limits of NAMUR NE 43 near which they come. Where there are more samples than columns, the minimum and maximum of \
            each column are drawn; where a line changes too often, its lane is filled. Losses are hatched; \
            operations, faults and attacks of the plant are shaded and named.

            EXAMPLES
              tap sim plot scenarios/waveforms.yaml --to 100ms --out waves.svg
              tap sim plot scenarios/pump-station.yaml --from 13h --to 15h \\
                --line P1_CMD --line P1_FB --channel station.LT1 --claim LEVEL \\
                --out pumps.svg

            EXIT STATUS
              0    done
              64   invalid command line
              65   invalid or unreadable scenario file
              66   no such line, channel or claim
              73   the output cannot be written
              75   a line, channel or claim was named twice
              130  stopped by Ctrl-C (143: SIGTERM, 129: SIGHUP)
              141  the output was closed by its reader
            """)

    @Argument(
        help: ArgumentHelp("A scenario file, or the file of a simulated board.", valueName: "scenario"),
        completion: .wires)
    var file: String
    @Option(help: SeedArgument.help)
    var seed: SeedArgument?
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
        help: ArgumentHelp("Only the claims of this tag. May be repeated.", valueName: "tag"), completion: .tagNames)
    var claims: [String] = []
    @Option(help: ArgumentHelp("Title of the picture; default: the scenario's.", valueName: "text"))
    var title: String?
    @Option(
        name: .out, help: ArgumentHelp("The file to write, .svg; -: standard output.", valueName: "file"),
        completion: .file())
    var out: String
    @Flag(help: "Replace the file of --out if it exists, once what replaces it is whole.")
    var overwrite = false
    @Flag(name: .quiet, help: "No status line.")
    var quiet = false

    func validate() throws { _ = try PictureFormat.ending.format(nil, of: out) }

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try plot() } catch { throw ExitStatus.report(error) }
    }

    private func plot() throws(TapError) {
        var scenario = try CommandScenario.load(file, seed: seed)
        let isAll = lines.isEmpty && channels.isEmpty && claims.isEmpty
        if !isAll {
            scenario = try scenario.selecting(lines: lines, channels: channels, claims: claims)
            try scenario.checkClaims()
        }
        let span = try span.span(duration)
        let from = span.from
        guard let to = span.to ?? scenario.duration else {
            throw TapError(.usage, "--to", "is missing", remedy: "give the end of the picture, as --to 10s")
        }
        guard from < to else {
            throw TapError(
                .usage, "--from", "is not before --to", remedy: "give an earlier --from or a later --to")
        }
        var options = SessionOptions(version: Tap.version)
        options.speed = .max
        options.duration = to
        let labels = LabelCollector(from: from, to: to)
        let plan = SessionPlan(scenario, options: options, truth: labels.taker)
        try FileIdentity.check(outputs: [("--out", out)], inputs: [file])
        let output = try OutputFile(out, mayReplace: overwrite, appears: .whenWhole)
        let (title, notes, meaning) = (title ?? scenario.title, scenario.notes, scenario.meaning)
        let faults = SimPlotCommand.bands(scenario.machine?.faults ?? [], from, to)
        try SessionRun(
            plan: plan, output: output, isQuiet: true, showsStatus: !quiet && Terminal.isError, mayEndEarly: false
        ).run(
            { header, bytes in
                PlotWriter(header, span: (from, to), to: bytes, meaning: meaning, isReadable: isAll) {
                    Plot(from: from, to: to, title: title, bands: labels.bands + faults, notes: notes)
                }
            }, lastWhole: { $0.output.lastWhole })
    }

    private static func bands(_ faults: [Fault], _ from: Nanoseconds, _ to: Nanoseconds) -> [Plot.Band] {
        faults.filter { $0.at < to && $0.end > from }.map { fault in
            Plot.Band(.fault, name: fault.name.rawValue, from: fault.at, to: fault.end)
        }
    }
}

/// The labels of a span of a run, kept for its picture.
private final class LabelCollector: Sendable {
    private let from: Timestamp
    private let to: Timestamp
    private let state = Mutex<[Plot.Band]>([])

    init(from: Nanoseconds, to: Nanoseconds) {
        self.from = .zero + from
        self.to = .zero + to
    }

    var taker: TruthTaker { TruthTaker { [self] in if case .label(let label) = $0 { take(label) } } }
    var bands: [Plot.Band] { state.withLock { $0 } }

    private func take(_ label: Label) {
        guard label.from < to, label.to > from else { return }
        let kind: Plot.Band.Kind =
            switch label.kind {
            case .operation: .operation
            case .attack: .attack
            case .fault: .fault
            }
        let band = Plot.Band(
            kind, name: label.name, from: label.from - Timestamp.zero,
            to: label.to == .distantFuture ? nil : label.to - Timestamp.zero)
        state.withLock { $0.append(band) }
    }
}
