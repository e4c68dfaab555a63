import TapClaims
public import TapConfig
public import TapCore
import TapDriver
public import TapFormats
public import TapSim

/// What a session is made of: sources, consumers and limits. Making one opens nothing; it is run once.
///
/// ```swift
/// let output = MemoryOutput()
/// var options = SessionOptions(version: "1.0")
/// options.speed = .max
/// options.duration = .seconds(1)
/// var plan = SessionPlan(scenario, options: options)
/// plan.consumers = [MergedConsumer("text") { header in TextWriter(header, to: ByteWriter(output)) }]
/// let session = Session(plan)
/// try session.open()
/// let result = try session.run()
/// ```
public struct SessionPlan {
    /// What takes the records: at least one, when the session runs.
    public var consumers: [any SessionConsumer] = []
    /// Stages that are run beside the sources, each on a thread of its own: what drives the lines of a bench. They are
    /// not opened here, and have to end by themselves once they are asked to.
    public var companions: [any Stage] = []
    public let options: SessionOptions
    /// Ends the session; may be given to whoever is to end it before there is one.
    public let stopper = SessionStopper()

    let wires: Wires
    let time: SessionTime
    private(set) var sources: [any Capturing] = []
    /// What listens to lines of the sources before it.
    var heard: [HeardFeed] = []

    /// What is listened to.
    enum Wires {
        case board(Board)
        case scenario(Scenario)
        /// A file with this header is replayed.
        case file(SessionHeader)
    }

    private init(_ wires: Wires, _ options: SessionOptions) {
        self.wires = wires
        self.options = options
        time = SessionTime(options.speed)
    }

    /// Listens to named lines and channels of a board with real wires, and to how its clock runs.
    ///
    /// - Throws: what is not on the board, is named twice, or is of another machine.
    public init(
        _ board: Board, lines: [String], channels: [String], options: SessionOptions
    ) throws(TapError) {
        self.init(of: board, options: options)
        let lines = try board.selectLines(named: lines)
        let channels = try board.selectChannels(named: channels)
        try BoardMatch.check(board)
        add(ClockFixSource(provenance: board.provenance), lines: 0, devices: 0)
        try add(lines)
        try add(channels)
    }

    /// Of a board, without sources: they are to be added.
    public init(of board: Board, options: SessionOptions) {
        var options = options
        options.gpiod.provenance = board.provenance
        self.init(.board(board), options)
    }

    /// Plays a scenario.
    ///
    /// - Parameter truth: takes its labels, those of its plant, and what is true of each claim.
    public init(_ scenario: Scenario, options: SessionOptions, truth: TruthTaker? = nil) {
        self.init(.scenario(scenario), options)
        let (lines, devices) = (scenario.lines.count, scenario.converters.count)
        if let machine = scenario.machine {
            let source = SimMachineSource(
                scenario, machine, options: options.gpiod.listening, tick: time.tick, length: options.duration,
                truth: truth)
            add(source, lines: lines, devices: devices)
        } else {
            let source = SimSource(
                scenario, plant: scenario.makePlant(), tick: time.tick, length: options.duration, truth: truth)
            add(source, lines: lines, devices: devices)
        }
    }

    /// Replays a file.
    ///
    /// - Parameter recorded: the file's header.
    public init(replaying source: consuming ReplaySource, _ recorded: SessionHeader, options: SessionOptions) {
        self.init(.file(recorded), options)
        let (lines, devices) = (source.info.lines.count, source.info.devices.count)
        add(source, lines: lines, devices: devices)
    }

    /// Adds a source with a ring of its own.
    ///
    /// - Parameters:
    ///   - firstLine: the session's number of its first line.
    ///   - firstDevice: likewise of its first device.
    public mutating func add<Source: TapSource & ~Copyable>(
        _ source: consuming Source, firstLine: Int = 0, lines: Int, firstDevice: Int = 0, devices: Int
    ) {
        let tags = source.info.tags
        let firstTag = tags.first?.id.index ?? 0
        sources.append(
            CaptureStage(
                source, ringCapacity: options.ringCapacity, lines: UInt16(firstLine)..<UInt16(firstLine + lines),
                devices: UInt16(firstDevice)..<UInt16(firstDevice + devices),
                tags: firstTag..<firstTag + UInt16(tags.count), whenFull: time.whenFull))
    }
}
