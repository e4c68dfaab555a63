import TapConfig
import TapCore
import TapSim

/// What a run of one boot gave on, in the order in which it was given on.
struct FuzzRecords {
    var items: [Record] = []
    /// The gateway's time of the last batch.
    var until = Timestamp.zero
    var ends = 0
}

/// Keeps what comes until the machine is cut off.
struct FuzzSink: RecordSink {
    var records = FuzzRecords()
    private var batch = RecordCollector()
    let cutAt: Timestamp

    init(cutAt: Timestamp) { self.cutAt = cutAt }

    mutating func edge(_ edge: Edge) { batch.edge(edge) }
    mutating func scans(_ block: ScanBlock, raw: RawSpan) { batch.scans(block, raw: raw) }
    mutating func event(_ event: Event) { batch.event(event) }
    mutating func batchEnded(at now: Timestamp) throws(TapError) {
        if now < cutAt {
            records.items += batch.records
            records.until = now
        }
        batch.records.removeAll(keepingCapacity: true)
    }
    mutating func finish(at now: Timestamp) throws(TapError) { if cutAt == .distantFuture { records.ends += 1 } }
}

/// A wire whose changes are known.
final class ScriptedWire: WireFeed, @unchecked Sendable {
    let startsHigh: Bool
    private let changes: [UInt64]
    private var index = 0

    init(_ changes: [UInt64], startsHigh: Bool) {
        self.changes = changes
        self.startsHigh = startsHigh
    }

    func next(upTo limit: Timestamp) -> Timestamp? {
        guard index < changes.count, changes[index] <= limit.nanoseconds else { return nil }
        index += 1
        return Timestamp(nanoseconds: changes[index - 1])
    }
}

/// Scans that say their number, in eight bytes.
final class CountingFeed: ScanFeed {
    /// Of a block's scans.
    static func numbers(_ block: ScanBlock, _ bytes: [UInt8]) -> [UInt64] {
        (0..<block.count).map { scan in
            bytes[scan * block.bytesPerScan..<scan * block.bytesPerScan + 8].reversed().reduce(0) {
                $0 << 8 | UInt64($1)
            }
        }
    }

    func append(scan number: UInt64, to raw: inout [UInt8]) {
        for byte in 0..<8 { raw.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * byte))) }
    }
}

/// A stage that is stopped once it has been stepped far more often than any run asks for: one that stands still in virtual
/// time would be stepped for ever.
final class BoundedStage: Stage {
    private let stage: any Stage
    private var left = BoundedStage.most
    private static let most = 1_000_000

    init(_ stage: any Stage) { self.stage = stage }

    var isExhausted: Bool { left == 0 }
    var name: String { stage.name }
    var failure: TapError? { stage.failure }
    var stopper: Stopper? { stage.stopper }
    var progress: UInt64 { stage.progress }
    func start(at now: Timestamp) -> Wake { stage.start(at: now) }
    func requestStop() { stage.requestStop() }

    func step(at now: Timestamp) -> Wake {
        if left > 0 {
            left -= 1
            if left == 0 { stage.requestStop() }
        }
        return stage.step(at: now)
    }
}

/// Runs one boot of a scenario through capture, rings and merge, in virtual time.
struct FuzzRun {
    private let boot: FuzzBoot
    private let clock = VirtualClock()
    private var stages: [BoundedStage] = []
    private var captures: [any Capturing] = []
    private var nextLine: UInt16 = 0
    private var nextDevice: UInt16 = 0

    private init(_ boot: FuzzBoot) { self.boot = boot }

    /// - Returns: nil and why, if a source did not start.
    static func records(of boot: FuzzBoot) -> Result<FuzzRecords, TapError> {
        var run = FuzzRun(boot)
        do throws(TapError) { return .success(try run.run()) } catch { return .failure(error) }
    }

    private mutating func run() throws(TapError) -> FuzzRecords {
        for chip in 0..<boot.scenario.chips { addLines(chip) }
        for (index, converter) in boot.scenario.converters.enumerated() { add(converter, index) }
        addClock()
        for capture in captures { try capture.open(at: clock.now()) }
        let end = Timestamp.zero + boot.length
        let sink = FuzzSink(cutAt: boot.isCut ? end : .distantFuture)
        let merge = MergeStage(captures.map { $0.makeInput() }, into: sink)
        StepDriver(clock: clock, sources: stages, consumers: [StalledStage(merge, stalls: boot.plan.consumerStalls)])
            .run(until: end)
        for capture in captures { if let failure = capture.failure { throw failure } }
        if let stage = stages.first(where: \.isExhausted) {
            throw TapError(.device, stage.name, "makes no progress", remedy: "")
        }
        return merge.withSink { $0.records }
    }

    private mutating func add<Source: TapSource & ~Copyable>(
        _ source: consuming Source, lines: Int, devices: Int, stalls: [KernelConditions.Span] = []
    ) {
        let capture = CaptureStage(
            source, ringCapacity: boot.scenario.ring, lines: nextLine..<nextLine + UInt16(lines),
            devices: nextDevice..<nextDevice + UInt16(devices))
        nextLine += UInt16(lines)
        nextDevice += UInt16(devices)
        captures.append(capture)
        stages.append(BoundedStage(StalledStage(capture, stalls: stalls)))
    }

    private mutating func addLines(_ chip: Int) {
        var options = ListeningOptions()
        options.stormLimit_hz = FuzzScenario.stormLimit_hz
        options.muteFor = FuzzScenario.muteFor
        let label = boot.scenario.name(ofChip: chip)
        let wired = boot.lines.filter { $0.chip == chip }
        let kernel = SimKernel(
            boot.scenario.model, options: options, seed: boot.scenario.seed &+ boot.number, clock: clock)
        kernel.addChip(label, wires: wired.map { ScriptedWire($0.changes, startsHigh: $0.startsHigh) })
        boot.plan.apply(to: kernel, chip: label, lines: wired.map(\.name))
        let lines = wired.enumerated().map { offset, line in
            LineInfo(id: LineID(nextLine + UInt16(offset)), name: line.name, chip: label, offset: offset)
        }
        add(
            SimLineSource(name: label, lines: lines, kernel: kernel, clock: clock), lines: lines.count, devices: 0,
            stalls: boot.plan.captureStalls(lines: wired.map(\.name)))
    }

    private mutating func add(_ converter: FuzzScenario.Converter, _ index: Int) {
        var settings = SimScanSource.Settings(
            DeviceInfo(
                id: DeviceID(UInt16(index)), name: converter.name, method: converter.method,
                isTimestamped: converter.isTimestamped, rate_hz: converter.rate_hz,
                bytesPerScan: converter.isTimestamped ? 16 : 8, channels: []))
        settings.model = converter.model
        settings.scansPerRead = FuzzScenario.scansPerRead
        add(
            SimScanSource(
                settings, feed: CountingFeed(), conditions: boot.plan.conditions(ofConverter: converter.name),
                seed: boot.scenario.seed &+ boot.number, clock: clock), lines: 0, devices: 1,
            stalls: boot.plan.captureStalls(converter: converter.name))
    }

    private mutating func addClock() {
        let (clock, wall, bootID) = (clock, boot.wallClock, boot.bootID)
        let readings = ClockFixSource.Readings(
            monotonic: { clock.now() }, utc_ns: { wall.utc(at: clock.now()).nanoseconds },
            kernelClock: {
                KernelClock(isSynchronised: wall.isSynchronised(at: clock.now()), maximumError: .milliseconds(1))
            }, bootID: { bootID })
        add(
            ClockFixSource(readings, provenance: .simulated, clock: ClockDomain(.monotonic)), lines: 0, devices: 0)
    }
}
