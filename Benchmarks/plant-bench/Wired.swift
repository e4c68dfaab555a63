import TapConfig
import TapCore
import TapSim

/// The station with its default wiring, through ring and merge, on one thread.
struct Wired {
    private(set) var edges = 0
    private(set) var scans = 0
    private(set) var gaps = 0
    private(set) var notes: Int

    /// - Parameter span: of virtual time.
    init(seed: UInt64, span: Nanoseconds) throws(TapError) {
        let station = PumpStation()
        let scenario = Scenario(
            name: "plant-bench", seed: seed, lines: station.defaultLines, converters: station.defaultConverters)
        let counter = Counter()
        let source = SimSource(
            scenario, plant: PumpStationPlant(station, seed: seed), tick: .milliseconds(100),
            truth: TruthTaker { if case .label = $0 { counter.notes += 1 } })
        let tags = UInt16(source.info.tags.count)
        let clock = VirtualClock()
        let capture = CaptureStage(
            source, ringCapacity: 1 << 15, lines: 0..<UInt16(scenario.lines.count),
            devices: 0..<UInt16(scenario.converters.count), tags: 0..<tags, whenFull: .wait)
        try capture.open(at: clock.now())
        let merge = MergeStage([capture.makeInput()], into: Count(), tick: .milliseconds(100))
        StepDriver(clock: clock, sources: [capture], consumers: [merge]).run(until: clock.now() + span)
        let count = merge.withSink { $0 }
        notes = counter.notes + count.claims
        (edges, scans, gaps) = (count.edges, count.scans, count.gaps)
    }

    /// Only ever touched by the one thread that runs the stages.
    private final class Counter: @unchecked Sendable {
        var notes = 0
    }

    private struct Count: RecordSink {
        var edges = 0
        var scans = 0
        var gaps = 0
        var claims = 0

        mutating func edge(_ edge: Edge) { edges += 1 }
        mutating func scans(_ block: ScanBlock, raw: RawSpan) { scans += block.count }
        mutating func event(_ event: Event) {
            switch event {
            case .gap: gaps += 1
            case .claim: claims += 1
            default: break
            }
        }
    }
}
