public import TapCore
public import TapDriver
import TapSession
public import TapSim

/// The lines of a bench in a loop: driven by this program, captured through the ordinary path of tap.
///
/// Lines are taken at the first run and held until `close`.
public final class GpioRig: LoopRig {
    private let wires: [Bench.Wire]
    private let board: Board
    private let lines: [KeptLine]
    private let realTime: RealTimeOptions
    private let clock = SystemClock()
    private let stopper = SessionStopper()
    /// What became of the scheduling asked for.
    public let realTimeWords = RealTimeWords()

    public var lineCount: Int { wires.count }

    /// - Parameter lines: handles of the wires, in their order.
    public init(_ wires: [Bench.Wire], of bench: Bench, lines: [any DrivenLine], realTime: RealTimeOptions) {
        self.wires = wires
        board = bench.board
        self.lines = lines.map { KeptLine($0) }
        self.realTime = realTime
    }

    deinit { close() }

    /// Gives all lines back.
    public func close() { for line in lines { line.close() } }

    /// Ends the present run and every later one at once. From any thread and from a signal handler.
    public var stop: @Sendable () -> Void { { [stopper] in stopper.stop() } }

    public func run(_ plan: [WireTransitions.Change]) throws(TapError) -> LoopTrial? {
        #if Gpiod
            var options = DriveStage.Options()
            options.lead = .milliseconds(20)
            options.settle = .milliseconds(50)
            if board.provenance == .hardware { options.spin = .microseconds(50) }
            var left = plan[...]
            var sessionOptions = SessionOptions(version: "")
            sessionOptions.realTime = realTime
            var session = SessionPlan(of: board, options: sessionOptions)
            session.add(source(), lines: wires.count, devices: 0)
            let drive = DriveStage(
                lines, options: options, log: DriveLog(capacity: plan.count), ended: session.stopper.stop,
                next: { [stopper] in stopper.isStopped ? nil : left.popFirst() })
            try drive.begin(lines.map { _ in false })
            session.companions = [drive]
            let recorder = MergedConsumer("merge") { [wires] _ in
                LoopRecorder(lines: wires.count, edges: plan.count)
            }
            session.consumers = [recorder]
            let running = Session(session)
            try running.open()
            let result = try running.run()
            realTimeWords.add(result.realTimeWords)
            let (capture, merge) = (result.sources[0], result.consumers[0])
            for failure in [drive.failure, capture.failure, merge.failure] { if let failure { throw failure } }
            guard !stopper.isStopped else { return nil }
            return recorder.withSink { sink in
                LoopTrial(
                    drives: drive.log.records, edges: sink.edges, gaps: sink.gaps, ringDelays: capture.delays,
                    writes: drive.log.writes)
            }
        #else
            throw TapError(
                .unsupported, "tap-bench", "was built without libgpiod", remedy: "build it with the trait Gpiod")
        #endif
    }

    #if Gpiod
        private func source() -> GpiodSource {
            var options = GpiodOptions()
            options.provenance = board.provenance
            // What is measured here is the platform, at any rate.
            options.stormLimit_hz = nil
            let infos = wires.enumerated().map { index, wire in
                guard let input = wire.input else { preconditionFailure("a loop was checked to have both ends") }
                return LineInfo(
                    id: LineID(UInt16(index)), name: input.name, chip: input.chip, offset: input.offset, pin: input.pin,
                    options: LineOptions(
                        bias: input.options.bias, isActiveLow: input.options.isActiveLow, edges: .both,
                        debounce: input.options.debounce))
            }
            return GpiodSource(lines: infos, options: options, clock: clock)
        }
    #endif
}

/// A line that stays taken from one run to the next.
private final class KeptLine: DrivenLine {
    private let line: any DrivenLine
    private var isTaken = false

    init(_ line: any DrivenLine) { self.line = line }

    func begin(_ isHigh: Bool) throws(TapError) {
        if isTaken { try line.set(isHigh) } else { try line.begin(isHigh) }
        isTaken = true
    }

    func set(_ isHigh: Bool) throws(TapError) { try line.set(isHigh) }
    func release() {}

    func close() {
        if isTaken { line.release() }
        isTaken = false
    }
}
