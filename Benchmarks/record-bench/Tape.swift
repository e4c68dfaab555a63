import TapConfig
import TapCore
import TapSim

/// The records of a scenario, taken once: what a recorder is fed with, without what simulating them costs.
final class Tape {
    enum Step {
        /// So many edges.
        case edges(Range<Int>)
        case event(Event)
        case watermark(Timestamp)
        case end(Timestamp)
        case batch(Timestamp)
    }

    let header: SessionHeader
    fileprivate(set) var cells: [Cell] = []
    fileprivate(set) var steps: [Step] = []

    /// - Parameter span: of virtual time.
    init(_ scenario: Scenario, _ span: Nanoseconds) throws(TapError) {
        let stage = CaptureStage(
            SimSource(scenario, length: span), ringCapacity: 1 << 16, lines: 0..<UInt16(scenario.lines.count),
            devices: 0..<UInt16(scenario.converters.count), whenFull: .wait)
        try stage.open(at: .zero)
        header = SessionHeader(
            version: "bench", board: "bench", origin: .zero, fix: nil, kernel: "", sources: [stage.info])
        let taker = RawStage(stage.makeFeeds(1), into: Taker(tape: self))
        StepDriver(clock: VirtualClock(), sources: [stage], consumers: [taker]).run(until: .zero + span)
    }

    /// Gives everything to a recorder, as its stage would. Only edges are counted: scans are not on a tape.
    func play(into sink: inout some RawSink) throws(TapError) {
        sink.begin(source: 0)
        let cells = cells
        var now = Timestamp.zero
        for step in steps {
            switch step {
            case .edges(let range): sink.edges(cells.span.extracting(range))
            case .event(let event): sink.event(event)
            case .watermark(let time): sink.watermark(at: time)
            case .end(let time): sink.sourceEnded(at: time)
            case .batch(let time):
                now = time
                try sink.batchEnded(at: time)
            }
        }
        try sink.finish(at: now)
    }
}

private struct Taker: RawSink {
    let tape: Tape

    func begin(source: Int) {}
    func edge(_ edge: Edge) {
        tape.cells.append(edge.cell)
        let count = tape.cells.count
        if case .edges(let range)? = tape.steps.last {
            tape.steps[tape.steps.count - 1] = .edges(range.lowerBound..<count)
        } else {
            tape.steps.append(.edges(count - 1..<count))
        }
    }
    func scans(_ block: ScanBlock, raw: RawSpan) {}
    func event(_ event: Event) { tape.steps.append(.event(event)) }
    func watermark(at time: Timestamp) { tape.steps.append(.watermark(time)) }
    func sourceEnded(at time: Timestamp) { tape.steps.append(.end(time)) }
    func batchEnded(at now: Timestamp) { tape.steps.append(.batch(now)) }
    func finish(at now: Timestamp) {}
}
