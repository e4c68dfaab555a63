public import TapConfig
public import TapCore

/// The lines and converters of a scenario with a `ScenarioMachine`: as its kernel and its faults leave them.
///
/// Stamps are virtual time from zero at the start. What it writes is a function of the scenario, its seed and the
/// options, whenever it is stepped; with a driver that moves virtual time it waits for room. First levels come with the
/// first steps. Not thread-safe, never blocks.
public struct SimMachineSource: ~Copyable, TapSource {
    public private(set) var info: SourceInfo
    private let machine: SimMachine
    private let tick: Nanoseconds
    private let length: Nanoseconds
    private let truth: TruthTaker?
    private var start = Timestamp.zero
    private var hasEnded = false

    /// - Parameters:
    ///   - machine: of the scenario.
    ///   - options: how lines are listened to; their stamps are virtual time all the same.
    ///   - tick: how often it wants to be stepped. Changes nothing in what it writes.
    ///   - length: it ends on its own then; nil: it has to be stopped.
    ///   - truth: takes the scenario's labels, its plant's, and what is true of each claim.
    public init(
        _ scenario: Scenario, _ machine: ScenarioMachine, options: ListeningOptions = ListeningOptions(),
        tick: Nanoseconds = .milliseconds(5), length: Nanoseconds? = nil, truth: TruthTaker? = nil
    ) {
        self.machine = SimMachine(scenario, machine, options, keepsTruth: truth != nil)
        self.tick = tick
        self.length = length ?? Nanoseconds(.max)
        self.truth = truth
        let infos = self.machine.infos
        info = SourceInfo(
            name: "scenario \(scenario.name)", provenance: .simulated, clock: ClockDomain(.virtual),
            capabilities: infos.reduce([.waitsForRoom, .ordered]) { $0.union($1.capabilities) },
            lines: infos.flatMap(\.lines),
            devices: infos.flatMap(\.devices), tags: infos.flatMap(\.tags),
            // As long as a fault holds it up; and there is no other source that would wait.
            longestSilence: .seconds(3_600))
    }

    public mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        start = now
        try machine.open()
        info.lines = machine.infos.flatMap(\.lines)
        info.clock.offsetToMonotonic = now - .zero
        return .at(now)
    }

    public mutating func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        // What was left over for want of room goes first.
        var isAll = machine.write(into: &writer)
        if isAll {
            run(until: now)
            if now - start >= length { end() }
            isAll = machine.write(into: &writer)
        }
        writer.publish()
        if let failure = machine.failure { throw failure }
        guard isAll else { return .room }
        if hasEnded { return .ended }
        if machine.given > .zero { writer.watermark(at: machine.given) }
        return .at(min(now + tick, start + length))
    }

    public mutating func stop(at now: Timestamp, into writer: inout RecordWriter) {
        run(until: now)
        end()
        _ = machine.write(into: &writer)
        writer.publish()
    }

    private func run(until now: Timestamp) {
        guard !hasEnded else { return }
        machine.run(until: .zero + max(.zero, min(now - start, length)))
        if let truth { for one in machine.takeTruth() { truth.take(one) } }
    }

    private mutating func end() {
        guard !hasEnded else { return }
        hasEnded = true
        machine.end()
    }
}
