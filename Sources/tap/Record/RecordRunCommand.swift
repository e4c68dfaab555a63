import ArgumentParser
import TapCommand
import TapConfig
import TapCore
import TapDriver
import TapFormats
import TapRecord
import TapSession

struct RecordRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Record into a store.",
        usage: "tap record run --store <directory> [<options>]",
        discussion: """
            Records lines and channels of a board, a scenario or a capture file: edges, levels, readings that agree, scans, \
            gaps, clock fixes, claims and notes, with sources kept apart. What is recorded is on the medium within a second, \
            and signed. After a power cut the next run finishes what was left and goes on in the same log. While the medium \
            fails, recording is tried again every second, and what is lost meanwhile is a gap.

            With --keep or --keep-for the oldest segments are dropped, and an entry of the log says which and why; also where less \
            than 64 MB are free on the medium. Each source has a share of --keep: one that floods loses its own segments only, \
            and what a source does not need is left to the others. 'tap record pin' keeps a span of time. Without a limit \
            nothing is dropped, and on a full medium recording stops until there is room.

            Of a board, name the lines and channels: requesting a line makes its pin an input. Of a scenario or a file, \
            everything is recorded unless something is named.

            EXAMPLES
              tap record --store plant --board boards/raspberry-pi-4b.yaml --line GPIO17
              tap record --store bench --sim scenarios/bounce.yaml --speed max
              tap record --store files --replay flowmeter.sr

            \(ExitStatus.table)
            """)

    @Option(help: ArgumentHelp("The store, made by 'tap record init'.", valueName: "directory"), completion: .directory)
    var store: String
    @Option(name: .board, help: ArgumentHelp("The board file.", valueName: "file"), completion: .file())
    var board: String?
    @Option(
        help: ArgumentHelp("A scenario file instead: simulated signals, marked as such.", valueName: "file"),
        completion: .file())
    var sim: String?
    @Option(help: ArgumentHelp("A capture file instead, marked as replayed.", valueName: "file"), completion: .file())
    var replay: String?
    @Option(help: SiteArgument.help, completion: .file())
    var site: String?
    @Option(help: SeedArgument.help)
    var seed: SeedArgument?
    @Option(name: .line, help: ArgumentHelp("A line to record. May be repeated.", valueName: "name"))
    var lines: [String] = []
    @Option(
        name: .customLong("channel"),
        help: ArgumentHelp("A channel to record, as adc.channel, or all of an ADC. May be repeated.", valueName: "name")
    )
    var channels: [String] = []
    @Option(
        name: .length,
        help: ArgumentHelp(
            "End after this time, as 10s, 250ms or 2h. Default: at --speed max that of the scenario, otherwise never.",
            valueName: "duration"))
    var duration: DurationArgument?
    @Option(
        help: ArgumentHelp(
            "Of a scenario (default 1) or a file (default max): times real time, or max.", valueName: "speed"))
    var speed: Speed?
    @Option(
        help: ArgumentHelp(
            "Keep at most so many megabytes of segments: the oldest go first, and the log keeps their digests. Default: all.",
            valueName: "MB"))
    var keep: UInt64?
    @Option(
        help: ArgumentHelp(
            "Keep records for so long a time of recording, as 90d, and no longer. Default: for ever.",
            valueName: "duration"))
    var keepFor: DurationArgument?
    @Option(
        help: ArgumentHelp(
            "A source's part of --keep, as lines=3: default 1 for each. May be repeated.", valueName: "source=parts"))
    var share: [ShareArgument] = []
    @Option(
        help: ArgumentHelp(
            "Cells of 16 bytes in each source's ring, a power of two from 1024 to 16777216.", valueName: "n"))
    var ring = Ring.usualCapacity
    @Flag(name: .quiet, help: "No summary.")
    var quiet = false

    func validate() throws {
        guard [board, sim, replay].compactMap({ $0 }).count == 1 else {
            throw ValidationError("name one of --board, --sim and --replay")
        }
        guard board == nil || !lines.isEmpty || !channels.isEmpty else {
            throw ValidationError(
                "nothing to record: name lines with --line and channels with --channel; 'tap lines --board' lists them")
        }
        if speed != nil, board != nil { throw ValidationError("--speed goes with --sim and --replay") }
        if seed != nil, sim == nil { throw ValidationError("--seed goes with --sim") }
        if keep == 0 { throw ValidationError("--keep takes 1 or more") }
        if !share.isEmpty, keep == nil { throw ValidationError("--share goes with --keep") }
        guard (1_024...1 << 24).contains(ring), ring & (ring - 1) == 0 else {
            throw ValidationError("--ring takes a power of two from 1024 to 16777216, not \(ring)")
        }
    }

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try record() } catch { throw ExitStatus.report(error) }
    }

    private func plan() throws(TapError) -> SessionPlan {
        var options = SessionOptions(version: Tap.version)
        options.ringCapacity = ring
        if let site { options.notes = StoreFile.text(site).map { SiteArgument.notes($0, into: store) } ?? [] }
        options.duration = duration?.value
        if let replay {
            options.speed = speed ?? .max
            let reader = try CaptureInput.open(replay, ReadOptions(), site: site)
            let recorded = reader.header
            let selected =
                lines.isEmpty && channels.isEmpty
                ? ReplaySelection(all: recorded)
                : try ReplaySelection(recorded, lines: lines, channels: channels)
            return SessionPlan(replaying: ReplaySource(reader, selected), recorded, options: options)
        }
        if let sim {
            options.speed = speed ?? .times(1)
            let scenario = try CommandScenario.load(sim, seed: seed)
            if options.speed == .max, options.duration == nil {
                // At full speed nothing else would end it but a full disk.
                options.duration = scenario.duration
                guard options.duration != nil else {
                    throw TapError(
                        .usage, "--for", "is missing", remedy: "the scenario gives no duration: add one, as --for 10s")
                }
            }
            let isAll = lines.isEmpty && channels.isEmpty
            return SessionPlan(
                isAll ? scenario : try scenario.selecting(lines: lines, channels: channels), options: options)
        }
        return try BoardPlan(path: board ?? "", lines: lines, channels: channels).plan(options, isQuiet: quiet)
    }

    private func record() throws(TapError) {
        var plan = try plan()
        if !CaptureInput.isPackets(replay ?? "") { try SiteArgument.hear(site, in: &plan) }
        var run = StoreRun(plan: plan, store: RecordStore(store), shares: share)
        run.options.keepBytes = keep.map {
            $0.multipliedReportingOverflow(by: 1_000_000).overflow ? .max : $0 * 1_000_000
        }
        run.options.keepFor = keepFor?.value
        let outcome = try run.run()
        try conclude(outcome.result, outcome.counts)
    }

    private func conclude(_ result: SessionResult, _ counts: Recorder.Counts) throws(TapError) {
        for source in result.sources {
            for remark in source.remarks { ExitStatus.say("\(source.info.name): \(remark)") }
        }
        for failure in result.consumers.compactMap(\.failure) { throw failure }
        if !quiet {
            ExitStatus.say(
                "recorded \(Words.span(result.lasted)) of \(result.header.provenance.rawValue) signals in \(store): "
                    + "\(counted(counts.edges, "edge")), \(counted(counts.scans, "scan")), \(counted(counts.events, "other record")) "
                    + "of \(counted(result.sources.count, "source"))")
            if counts.gaps > 0 {
                ExitStatus.say("losses: \(counted(counts.gaps, "gap")); 'tap replay \(store)' shows them")
            }
        }
        for source in result.sources { if let failure = source.failure { throw failure } }
    }
}
