import TapCommand
import TapConfig
import TapCore
import TapDriver
import TapFormats
import TapSim

struct SessionOptions {
    var gpiod = GpiodOptions()
    var ringCapacity = 1 << 16
    var realTime = RealTimeOptions()
    var duration: Nanoseconds?
    var count: UInt64?
    /// nil: the wires' own.
    var speed: Speed?
    var isQuiet = false
    /// What was measured of the board; nil: nothing.
    var profile: Profile?
}

/// What a session listens to.
private enum Wires {
    case board(Board)
    case scenario(Scenario)
    /// A file with this header is replayed.
    case file(SessionHeader)
}

/// Wires sources, rings, merge and writer together, and runs them.
final class Session {
    private let wires: Wires
    private let options: SessionOptions
    private let time: SessionTime
    private var clock: any TapClock { time.clock }
    private var stages: [any Capturing] = []
    private var origin = Timestamp.zero

    /// Builds the sources. Opens nothing.
    convenience init(
        _ board: Board, lines: [String], channels: [String], options: SessionOptions
    ) throws(TapError) {
        var options = options
        options.gpiod.provenance = board.provenance
        self.init(wires: .board(board), options)
        let lines = try board.selectLines(named: lines)
        let channels = try board.selectChannels(named: channels)
        if board.simulated == nil {
            try BoardMatch.check(board)
            add(ClockFixSource(provenance: board.provenance), lines: 0, devices: 0)
        }
        try add(lines)
        try add(channels, after: lines.names.count)
    }

    /// Replays a file.
    convenience init(_ source: consuming ReplaySource, _ recorded: SessionHeader, options: SessionOptions) {
        self.init(wires: .file(recorded), options)
        let (lines, devices) = (source.info.lines.count, source.info.devices.count)
        add(source, lines: lines, devices: devices)
    }

    /// Plays a scenario.
    ///
    /// - Parameter notes: takes the claims and labels of its plant.
    convenience init(_ scenario: Scenario, options: SessionOptions, notes: NoteTaker? = nil) {
        self.init(wires: .scenario(scenario), options)
        let (lines, devices) = (scenario.lines.count, scenario.converters.count)
        if let machine = scenario.machine {
            let source = SimMachineSource(
                scenario, machine, options: options.gpiod.listening, tick: time.tick, length: options.duration,
                notes: notes)
            add(source, lines: lines, devices: devices)
        } else {
            let source = SimSource(
                scenario, plant: scenario.makePlant(), tick: time.tick, length: options.duration, notes: notes)
            add(source, lines: lines, devices: devices)
        }
    }

    private init(wires: Wires, _ options: SessionOptions) {
        self.wires = wires
        self.options = options
        time = SessionTime(options.speed)
    }

    private func add<Source: TapSource & ~Copyable>(
        _ source: consuming Source, firstLine: Int = 0, lines: Int, firstDevice: Int = 0, devices: Int
    ) {
        stages.append(
            CaptureStage(
                source, ringCapacity: options.ringCapacity, lines: UInt16(firstLine)..<UInt16(firstLine + lines),
                devices: UInt16(firstDevice)..<UInt16(firstDevice + devices), whenFull: time.whenFull))
    }

    private func add(_ selection: LineSelection) throws(TapError) {
        switch selection {
        case .simulated(let lines):
            guard !lines.isEmpty else { return }
            let scenario = Scenario(board: "", lines: lines, channels: [])
            add(SimSource(scenario, name: "simulated lines"), lines: lines.count, devices: 0)
        case .wired(let lines):
            guard !lines.isEmpty else { return }
            let infos = lines.enumerated().map { index, line in
                LineInfo(
                    id: LineID(UInt16(index)), name: line.name, chip: line.chip, offset: line.offset, pin: line.pin,
                    options: line.options)
            }
            #if Gpiod
                let source =
                    options.gpiod.isRealtime
                    ? GpiodSource(
                        lines: infos, options: options.gpiod, clock: clock, stampClock: RealtimeClock(),
                        domain: RealtimeClock.domain())
                    : GpiodSource(lines: infos, options: options.gpiod, clock: clock)
                add(source, lines: infos.count, devices: 0)
            #else
                throw TapError(
                    .unsupported, "line '\(infos[0].name)'", "this tap was built without libgpiod",
                    remedy: "build it with the trait Gpiod")
            #endif
        }
    }

    private func add(_ selection: ChannelSelection, after lines: Int) throws(TapError) {
        switch selection {
        case .simulated(let channels):
            let all = Scenario(board: "", lines: [], channels: channels)
            for (index, converter) in all.converters.enumerated() {
                let source = SimSource(
                    Scenario(name: "", converters: [converter]), name: "simulated converter \(converter.name)",
                    firstDevice: DeviceID(UInt16(index)))
                add(source, lines: 0, firstDevice: index, devices: 1)
            }
        case .wired(let adcs):
            for (index, adc) in adcs.enumerated() {
                #if IIO
                    let wanted = IIOOptions(adc, channels: adc.channels, deviceID: DeviceID(UInt16(index)))
                    add(IIOSource(wanted, clock: clock), lines: 0, firstDevice: index, devices: 1)
                #else
                    throw TapError(
                        .unsupported, "channel of '\(adc.name)'", "this tap was built without libiio",
                        remedy: "build it with the trait IIO")
                #endif
            }
        }
    }

    /// Opens everything. First levels are in the rings when this returns.
    func open() throws(TapError) {
        // One instant for all: simulated wires count their time from it.
        origin = clock.now()
        var opened: [any Capturing] = []
        do throws(TapError) {
            for stage in stages {
                try stage.open(at: origin)
                opened.append(stage)
            }
            if case .board(let board) = wires { try BoardMatch.checkProvenance(board, stages.map(\.info)) }
        } catch {
            // What was set on a device is put back, and lines are let go.
            for stage in opened {
                stage.requestStop()
                _ = stage.step(at: clock.now())
            }
            throw error
        }
    }

    private var header: SessionHeader {
        let sources = stages.map(\.info)
        switch wires {
        case .board(let board):
            return SessionHeader(
                version: Tap.version, board: board.name, origin: origin,
                fix: board.simulated == nil ? ClockFixSource.Readings.system.fix() : nil,
                kernel: BoardMatch.kernel(), sources: sources, shortestPulse: shortestPulse)
        case .scenario(let scenario):
            // Nothing of this machine: a run is the same on every one.
            return SessionHeader(
                version: Tap.version, board: scenario.name, origin: origin, fix: nil, kernel: "", sources: sources,
                seed: scenario.seed)
        case .file(let recorded): return header(replaying: recorded, sources)
        }
    }

    private func header(replaying recorded: SessionHeader, _ sources: [SourceInfo]) -> SessionHeader {
        var header = recorded
        // The file's times stay as they are, its beginning is now.
        let offset = origin - header.origin
        header.version = Tap.version
        header.origin = origin
        if let fix = header.fix { header.fix?.monotonic = fix.monotonic + offset }
        header.sources = sources
        return header
    }

    func run(_ format: OutputFormat, to output: Output) throws(TapError) {
        let header = header
        output.begin()
        let bytes = ByteWriter(output.descriptor, name: output.name)
        switch format {
        case .text: try run(TextWriter(header, to: bytes), header, output) { $0.output.lastWhole }
        case .jsonl: try run(JSONLinesWriter(header, to: bytes), header, output) { $0.output.lastWhole }
        case .vcd: try run(VCDWriter(header, to: bytes), header, output) { $0.output.lastWhole }
        case .hash: try run(DigestWriter(header, to: bytes), header, output) { $0.output.lastWhole }
        }
    }

    /// Draws a span of it.
    ///
    /// - Parameter plot: see `PlotWriter`.
    func draw(
        _ span: (from: Nanoseconds, to: Nanoseconds), to output: Output, _ plot: @escaping () -> Plot
    ) throws(TapError) {
        let header = header
        output.begin()
        let writer = PlotWriter(header, span: span, to: ByteWriter(output.descriptor, name: output.name), plot: plot)
        try run(writer, header, output) { $0.output.lastWhole }
    }

    private func run<Writer: RecordSink & ~Copyable>(
        _ writer: consuming Writer, _ header: SessionHeader, _ output: Output,
        lastWhole: (borrowing Writer) -> Timestamp?
    ) throws(TapError) {
        let inputs = stages.map { $0.makeInput() }
        let isStatusWanted = !options.isQuiet && Terminal.isError
        let status = isStatusWanted ? StatusLine(header) { inputs.map { $0.fill() }.max() ?? 0 } : nil
        let stopper = SessionStopper()
        let sink = SessionSink(
            writer, CaptureStatistics(lines: header.lines.count, devices: header.devices.count),
            limits: limits(header), status: status, isSharingTerminal: output.isTerminal, stop: { stopper.stop() })
        let merge = MergeStage(inputs, into: sink, tick: time.tick)
        let realTime = options.realTime
        let words = RealTimeWords()
        let driver = time.driver(
            sources: stages, consumer: merge, until: end == .distantFuture ? nil : end
        ) { words.add(realTime.apply()) }
        stopper.driver = driver.stop
        Signals.onInterrupt(driver.stop)
        driver.run()
        let ended = stages.allSatisfy { $0.ended != nil } ? stages.compactMap(\.ended).max() : nil
        let lasted = min((ended ?? clock.now()) - origin, options.duration ?? Nanoseconds(.max))
        let (statistics, whole) = merge.withSink { sink in (sink.statistics, lastWhole(sink.writer)) }
        try conclude(header, statistics, lasted, merge.failure, whole, words.all)
    }

    /// Of the chips that are listened to.
    private var shortestPulse: Nanoseconds? {
        let chips = stages.flatMap(\.info.lines).map(\.chip)
        return chips.isEmpty ? nil : options.profile?.shortestPulse(ofChips: chips)
    }

    /// When the sources are stopped; a scenario's ends by itself, so that it is whole however late its thread is.
    private var end: Timestamp {
        if case .scenario = wires { return .distantFuture }
        return options.duration.map { origin + $0 } ?? .distantFuture
    }

    private func limits(_ header: SessionHeader) -> SessionLimits {
        let end = end
        func local(_ subject: Gap.Subject) -> Timestamp {
            end == .distantFuture ? end : end - header.clock(of: subject).offsetToMonotonic
        }
        return SessionLimits(
            end: end, lineEnds: header.lines.map { local(.line($0.id)) },
            deviceEnds: header.devices.map { local(.device($0.id)) }, count: options.count ?? .max)
    }

    /// The summary, and what went wrong.
    private func conclude(
        _ header: SessionHeader, _ statistics: CaptureStatistics, _ lasted: Nanoseconds, _ failure: TapError?,
        _ lastWhole: Timestamp?, _ realTimeWords: [String]
    ) throws(TapError) {
        if !options.isQuiet, failure?.kind != .closedPipe {
            for word in realTimeWords { ExitStatus.say("capture threads: \(word)") }
            for line in Summary.lines(header, statistics, lasted: lasted, stages) { ExitStatus.say(line) }
        }
        if var failure {
            if failure.kind == .output {
                let until = lastWhole.map {
                    "it is whole up to \(Words.span($0 - .zero - (origin - .zero))) after the start (t_ns \($0.nanoseconds))"
                }
                failure.what += "; " + (until ?? "nothing was written")
            }
            throw failure
        }
        for stage in stages { if let failure = stage.failure { throw failure } }
    }
}

/// Lets the sink stop the driver that is made after it.
private final class SessionStopper: @unchecked Sendable {
    // Set once before any thread runs.
    var driver: (@Sendable () -> Void)?
    func stop() { driver?() }
}
