import TapConfig
import TapCore
import TapSim

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
