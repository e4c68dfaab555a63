public import TapConfig
public import TapCore

/// Wires that nobody soldered: the lines and converters of a scenario.
///
/// Stamps are virtual time, exact, from zero at the start, so a run is a function of its scenario and seed. With a driver
/// that moves virtual time it waits for room in its ring and nothing is lost; paced by a real clock it behaves like
/// wires and waits for nobody. Not thread-safe, never blocks.
public struct SimSource: ~Copyable, TapSource {
    public private(set) var info: SourceInfo
    private var world: World
    private var start = Timestamp.zero
    private let tick: Nanoseconds
    private let length: Nanoseconds

    /// Nothing computed is ever late but on a machine that leaves its thread no time: merge waits, so that a run stays
    /// a function of its waves.
    static let longestSilence = Nanoseconds.seconds(5)

    /// - Parameters:
    ///   - scenario: its lines and converters are those of the source.
    ///   - name: of the source; nil: the scenario's.
    ///   - seed: nil: the scenario's.
    ///   - plant: what `signal` waves are of; it must have every signal they name, otherwise this traps.
    ///   - firstLine: the session's number of the first line; `firstDevice` likewise.
    ///   - tick: how often it wants to be stepped. Changes nothing in what it writes.
    ///   - length: it ends on its own once everything up to this time is written; nil: it has to be stopped.
    ///   - truth: takes the scenario's labels, its plant's, and what is true of each claim.
    public init(
        _ scenario: Scenario, name: String? = nil, seed: UInt64? = nil, plant: (any Plant)? = nil,
        firstLine: LineID = LineID(0), firstDevice: DeviceID = DeviceID(0), tick: Nanoseconds = .milliseconds(5),
        length: Nanoseconds? = nil, truth: TruthTaker? = nil
    ) {
        self.tick = tick
        self.length = length ?? Nanoseconds(.max)
        world = World(
            scenario, seed: seed ?? scenario.seed, plant: plant, firstLine: firstLine.index,
            firstDevice: firstDevice.index, truth: truth)
        var capabilities: SourceInfo.Capabilities = [.waitsForRoom]
        if !scenario.lines.isEmpty { capabilities.formUnion([.edges, .countsQueueLoss]) }
        if !scenario.converters.isEmpty { capabilities.formUnion([.scans]) }
        if !world.tags.isEmpty { capabilities.formUnion([.claims]) }
        let devices = world.samplers.map(\.info)
        info = SourceInfo(
            name: name ?? "scenario \(scenario.name)", provenance: .simulated, clock: ClockDomain(.virtual),
            capabilities: capabilities,
            lines: scenario.lines.enumerated().map { index, line in
                LineInfo(id: LineID(firstLine.index + UInt16(index)), name: line.name)
            },
            devices: devices, tags: world.tags,
            // A block is written once its last scan has come.
            longestSilence: (world.samplers.map(\.blockSpan).max() ?? .zero) + SimSource.longestSilence)
    }

    public mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        start = now
        info.clock.offsetToMonotonic = now - .zero
        world.begin(into: &writer)
        return .at(now + tick)
    }

    public mutating func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        let present = min(now - start, length)
        var isAll = world.advance(to: UInt64(present.count), into: &writer)
        if isAll, present == length { isAll = world.finish(at: UInt64(present.count), into: &writer) }
        writer.publish()
        guard isAll else { return .room }
        if present == length {
            writer.watermark(at: .zero + length)
            return .ended
        }
        // Until the first block is out, nothing can be promised: its first scan is of time zero.
        if world.watermark > 0 { writer.watermark(at: Timestamp(nanoseconds: world.watermark)) }
        return .at(min(now + tick, start + length))
    }

    public mutating func stop(at now: Timestamp, into writer: inout RecordWriter) {
        let present = UInt64(min(now - start, length).count)
        if world.advance(to: present, into: &writer), world.finish(at: present, into: &writer) {
            writer.watermark(at: Timestamp(nanoseconds: present))
        }
        writer.publish()
    }
}
