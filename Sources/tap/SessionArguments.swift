import ArgumentParser
import Glibc
import TapCommand
import TapCore
import TapFormats
import TapSession

/// When a session ends and where its records go: the same for every command that has one.
struct SessionArguments: ParsableArguments {
    @Option(
        name: .customLong("for"), help: ArgumentHelp("End after this time, as 10s, 250ms or 2h.", valueName: "duration")
    )
    var duration: DurationArgument?
    @Option(help: ArgumentHelp("End after this many edges and scans together.", valueName: "n"))
    var count: UInt64?
    @Option(help: "Output format: text, jsonl, vcd, sr or hash; default: what --out ends with, or text.")
    var format: OutputFormat?
    @Option(
        help: ArgumentHelp("Write to a new file instead of standard output (-).", valueName: "file"),
        completion: .file())
    var out: String?
    @Flag(help: "Replace the file of --out if it exists, once what replaces it is whole.")
    var overwrite = false
    @Option(
        help: ArgumentHelp(
            "Bring the output onto its medium this often, as 10s, so that a power cut takes no more; default: when Linux does.",
            valueName: "duration"))
    var sync: DurationArgument?
    @Option(
        help: ArgumentHelp(
            "Cells of 16 bytes in each source's ring, a power of two from 1024 to 16777216.", valueName: "n"))
    var ring = Ring.usualCapacity
    @Flag(help: "No summary and no status line.")
    var quiet = false

    func validate() throws {
        guard (1_024...1 << 24).contains(ring), ring & (ring - 1) == 0 else {
            throw ValidationError("--ring takes a power of two from 1024 to 16777216, not \(ring)")
        }
        if count == 0 { throw ValidationError("--count takes 1 or more") }
        _ = try OutputFormat.ending.format(format, of: out)
    }

    var options: SessionOptions {
        var options = SessionOptions(version: Tap.version)
        options.ringCapacity = ring
        options.duration = duration?.value
        options.count = count
        return options
    }

    /// For a command that only prints.
    static func prepareToPrint() { signal(SIGPIPE, SIG_IGN) }

    /// A write that fails is an error to report, not the end of the process: a torn record would stay. Nor is the request
    /// to end, until what is written is whole or gone.
    static func prepareToWrite() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        Signals.onInterrupt()
    }

    /// From opening the sources to the summary.
    ///
    /// - Parameters:
    ///   - inputs: paths of what is read, none of which may be written.
    ///   - others: what is written besides, by option.
    ///   - rate: of the samples of a .sr file; nil: none was given.
    func run(
        _ plan: SessionPlan, inputs: [String?], others: [(name: String, path: String?)] = [], rate: RateArgument? = nil
    ) throws(TapError) {
        // Checked when the command line was read.
        let format = (try? OutputFormat.ending.format(format, of: out)) ?? .text
        guard rate == nil || format == .sr else {
            throw TapError(.usage, "--rate", "goes with --format sr", remedy: "leave it out, or end --out with .sr")
        }
        try FileIdentity.check(
            outputs: [("--out", out)] + others.filter { $0.path != nil }, inputs: inputs.compactMap { $0 })
        let output = try OutputFile(out, mayReplace: overwrite, appears: format == .sr ? .whenWhole : .atOnce)
        let run = SessionRun(plan: plan, output: output, sync: sync?.value, isQuiet: quiet)
        switch format {
        case .text: try run.run({ TextWriter($0, to: $1) }, lastWhole: { $0.output.lastWhole })
        case .jsonl: try run.run({ JSONLinesWriter($0, to: $1) }, lastWhole: { $0.output.lastWhole })
        case .vcd: try run.run({ VCDWriter($0, to: $1) }, lastWhole: { $0.output.lastWhole })
        case .sr: try runSampled(run, rate)
        case .hash: try run.run({ DigestWriter($0, to: $1) }, lastWhole: { $0.output.lastWhole })
        }
    }
}
