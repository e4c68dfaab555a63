import TapConfig
import TapCore

/// A computed machine: a scenario's wires, the kernel over them, what goes wrong, and as much of tap as a fault can touch
/// (capture, rings, merge).
///
/// It goes through a virtual time of its own, in which each part is stepped at the very instants that it asked for: what
/// comes out is a function of the scenario and its seed, however the machine is driven.
///
/// Sound as Sendable: everything in it is made for it and reached by nobody else, and it is used on one thread at a time.
final class SimMachine: @unchecked Sendable {
    private let clock = VirtualClock()
    private let plant: PlantFeed?
    private var truths: TruthFeed
    private let captures: [any Capturing]
    private let merge: MergeStage<MachineSink>
    /// Captures and merge, stepped only where no fault holds them up.
    private let stages: [any Stage]
    private var wakes: [Wake] = []

    /// - Parameter keepsTruth: whether somebody takes the truth.
    init(_ scenario: Scenario, _ machine: ScenarioMachine, _ options: ListeningOptions, keepsTruth: Bool) {
        plant = scenario.makePlant().map {
            PlantFeed($0, of: scenario, seed: scenario.seed, keepsTruth: keepsTruth)
        }
        truths = TruthFeed(scenario, plant: plant)
        var parts = MachineParts(scenario, machine, plant: plant, clock: clock)
        parts.add(scenario.lines, options)
        for (index, converter) in scenario.converters.enumerated() { parts.add(converter, DeviceID(UInt16(index))) }
        parts.addScreen(scenario.claims)
        captures = parts.captures
        merge = MergeStage(parts.inputs, into: MachineSink())
        stages = parts.stages + [StalledStage(merge, stalls: FaultPlan(machine.faults).consumerStalls)]
    }

    var infos: [SourceInfo] { captures.map(\.info) }
    var failure: TapError? { captures.lazy.compactMap(\.failure).first }
    /// Up to where everything has been given on.
    var given: Timestamp { merge.withSink { $0.given } }

    func open() throws(TapError) {
        for capture in captures { try capture.open(at: .zero) }
        wakes = stages.map { $0.start(at: .zero) }
    }

    /// Does what is due up to a time.
    func run(until present: Timestamp) {
        var next = next()
        while next <= present {
            clock.advance(to: next)
            let now = clock.now()
            for index in stages.indices {
                guard case .at(let time) = wakes[index], time <= now else { continue }
                wakes[index] = stages[index].step(at: now)
            }
            next = self.next()
        }
        clock.advance(to: present)
    }

    private func next() -> Timestamp {
        wakes.reduce(.distantFuture) { next, wake in
            guard case .at(let time) = wake else { return next }
            return min(next, time)
        }
    }

    /// Stops everything at the present and gives on all there is.
    func end() {
        let now = clock.now()
        var running = captures
        for capture in running { capture.requestStop() }
        repeat { running.removeAll { $0.step(at: now) == .ended } } while merge.step(at: now) != .ended
    }

    /// What has become known of the truth up to the present.
    func takeTruth() -> [Truth] {
        let now = clock.now().nanoseconds
        plant?.reach(now)
        return truths.take(upTo: now)
    }

    /// Writes what was given on.
    ///
    /// - Returns: false if the writer wants its source to wait for room first.
    func write(into writer: inout RecordWriter) -> Bool {
        let now = clock.now()
        return merge.withSink { sink in
            while !sink.records.isEmpty {
                guard sink.records.writeFirst(into: &writer, arrived: now) else { return false }
            }
            return true
        }
    }
}

/// Keeps what merge gives on.
private struct MachineSink: RecordSink {
    var records = RecordBuffer()
    /// The time of the latest record.
    var given = Timestamp.zero

    mutating func edge(_ edge: Edge) {
        records.append(edge)
        given = max(given, edge.time)
    }
    mutating func event(_ event: Event) {
        records.append(event)
        given = max(given, event.time)
    }
    mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        records.append(block, raw: raw)
        given = max(given, block.firstTime + block.period * Int64(block.count - 1))
    }
}
