import TapConfig
import TapCore

/// Puts a machine together: each source with its ring, as a session would.
struct MachineParts {
    private let machine: ScenarioMachine
    private let seed: UInt64
    private let plan: FaultPlan
    private let plant: PlantFeed?
    private let builder: WaveBuilder
    private let clock: any TapClock
    private(set) var captures: [any Capturing] = []
    /// The same, stepped only where no fault holds them up.
    private(set) var stages: [any Stage] = []
    private(set) var inputs: [MergeInput] = []

    /// Cells that wait in merge for a source that is held up.
    private static let waiting = 1 << 20

    init(_ scenario: Scenario, _ machine: ScenarioMachine, plant: PlantFeed?, clock: any TapClock) {
        self.machine = machine
        self.plant = plant
        self.clock = clock
        seed = scenario.seed
        plan = FaultPlan(machine.faults)
        builder = WaveBuilder(seed: seed, feed: plant)
    }

    /// - Parameter lines: some of the machine's.
    mutating func add(_ lines: [ScenarioLine], _ options: ListeningOptions) {
        guard !lines.isEmpty else { return }
        var options = options
        options.isRealtime = false
        options.provenance = nil
        options.queue = machine.queue ?? options.queue
        let wires = machine.lines.map { name in
            guard let line = lines.first(where: { $0.name == name }) else { return DrivenWire() as any WireFeed }
            let own = GeneratedWire(builder.digital(line.wave, "line \(name)"), plant: plant)
            return plan.wire(own, of: name)
        }
        let kernel = SimKernel(machine.kernel, options: options, seed: seed, clock: clock)
        kernel.addChip(ScenarioMachine.chip, wires: wires)
        plan.apply(to: kernel, chip: ScenarioMachine.chip, lines: machine.lines)
        let infos = lines.enumerated().map { index, line in
            LineInfo(
                id: LineID(UInt16(index)), name: line.name, chip: ScenarioMachine.chip,
                offset: machine.lines.firstIndex(of: line.name) ?? 0, options: LineOptions(debounce: machine.debounce))
        }
        add(
            SimLineSource(name: "chip \(ScenarioMachine.chip)", lines: infos, kernel: kernel, clock: clock),
            lines: 0..<UInt16(lines.count), stalls: plan.captureStalls(lines: machine.lines),
            delay: plan.longestDelay(ofChip: ScenarioMachine.chip))
    }

    mutating func add(_ converter: Converter, _ id: DeviceID) {
        let scanner = Scanner(converter, device: id, builder)
        var settings = SimScanSource.Settings(MachineParts.buffered(scanner.info))
        settings.model = machine.kernel.converter
        // As many as come in 50 ms, but never more than half of what the kernel keeps.
        settings.scansPerRead = max(1, min(256, Int(converter.rate_hz / 20), settings.model.bufferLength / 2))
        add(
            SimScanSource(
                settings, feed: GeneratedScans(scanner, plant: plant),
                conditions: plan.conditions(ofConverter: converter.name), seed: seed, clock: clock),
            devices: id.index..<id.index + 1, stalls: plan.captureStalls(converter: converter.name),
            delay: plan.longestDelay(ofConverter: converter.name))
    }

    /// The plant's screen, if there is one.
    ///
    /// - Parameter names: of the tags that are wanted; nil: all.
    mutating func addScreen(_ names: [String]?) {
        guard let plant else { return }
        let screen = ScreenSource(plant, names)
        let count = UInt16(screen.info.tags.count)
        guard count > 0 else { return }
        add(screen, tags: 0..<count, stalls: [], delay: .zero)
    }

    /// As the kernel's buffer has it: behind the samples each scan's time.
    private static func buffered(_ info: DeviceInfo) -> DeviceInfo {
        var info = info
        let offset = (info.bytesPerScan + 7) / 8 * 8
        info.method = .buffered
        info.bytesPerScan = offset + 8
        info.timestamp = ChannelInfo(
            name: "timestamp", channel: "timestamp", unit: "s", byteOffset: offset,
            format: ScanFormat(isBigEndian: false, isSigned: true, bits: 64, storageBits: 64), offset: 0, scale: 1e-9)
        return info
    }

    private mutating func add<Source: TapSource & ~Copyable>(
        _ source: consuming Source, lines: Range<UInt16> = 0..<0, devices: Range<UInt16> = 0..<0,
        tags: Range<UInt16> = 0..<0, stalls: [KernelConditions.Span], delay: Nanoseconds
    ) {
        var info = source.info
        // Merge waits for whoever is held up, so that nothing is out of order: it is merged once more in the session,
        // where it must not matter when.
        info.longestSilence = .seconds(1 << 32)
        info.allowedLateness = info.allowedLateness + delay
        let capture = CaptureStage(source, ringCapacity: machine.ring, lines: lines, devices: devices, tags: tags)
        inputs.append(capture.makeInput(of: info, capacity: MachineParts.waiting))
        captures.append(capture)
        stages.append(stalls.isEmpty ? capture : StalledStage(capture, stalls: stalls))
    }
}
