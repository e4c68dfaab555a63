import CEdgeLoop
import CLinux
import Glibc
import Synchronization
import TapConfig
import TapCore
import TapDriver
import TapRecord
import TapSim

/// What is measured: each runs in a process of its own, under the preload library.
enum Child: String {
    /// The C loop.
    case c
    /// Reading, and nothing else.
    case read
    /// tap: the GPIO source on its own thread, its ring, and a stage that drains it.
    case tap
    /// The simulator's source, likewise, both on one thread in virtual time.
    case sim
    /// As `tap`, read by the recorder of a store.
    case recorded
    /// As `recorded`, read by a consumer that only counts.
    case null

    var title: String {
        switch self {
        case .c: "the C loop"
        case .read: "read(2) alone: the rig"
        case .tap: "tap's GPIO source"
        case .sim: "tap's simulated lines"
        case .recorded: "read by the recorder"
        case .null: "read by a null consumer"
        }
    }

    /// Where edges are taken, and where the wire's thread makes them: in turn, so that they never contend for the pipe's
    /// lock, which would cost more than all that is measured.
    static let captureCPU: Int32 = 0
    private static func capturePlace(_ isRealtime: Bool) -> edge_place {
        edge_place(cpu: captureCPU, priority: isRealtime ? 1 : 0)
    }
    private static func drainPlace(_ isRealtime: Bool) -> edge_place {
        edge_place(cpu: 1, priority: isRealtime ? 1 : 0)
    }
    private static let ringCells = 1 << 21

    /// The status of a process whose drain came too late for a ring that was full, and reported its loss.
    static let starved: Int32 = 3

    /// - Parameter store: made by the recorder.
    /// - Returns: the process' status: 0 only if all edges came through as they were sent.
    func run(chip: String, edges: UInt64, isRealtime: Bool, store: String) -> Int32 {
        let capture = Child.capturePlace(isRealtime)
        let drain = Child.drainPlace(isRealtime)
        switch self {
        case .c:
            let result = unsafe edge_loop(chip, 0, edges, 256, capture, drain)
            return Child.judge(
                edges: result.edges, of: edges, wrong: result.wrong, refused: result.refused, errno: result.error)
        case .read:
            let result = unsafe edge_read(chip, 0, edges, 256, capture)
            return Child.judge(
                edges: result.edges, of: edges, wrong: result.wrong, refused: result.refused, errno: result.error)
        case .sim: return Child.runSim(edges, capture)
        case .tap, .recorded, .null:
            do throws(TapError) { return try runTap(edges, store, capture, drain) } catch {
                Child.complain("\(error)")
                return 1
            }
        }
    }

    private static func judge(
        edges: UInt64, of expected: UInt64, wrong: UInt64, refused: UInt64, errno: Int32
    ) -> Int32 {
        if edges == expected, wrong == 0, refused == 0, errno == 0 { return 0 }
        complain("\(edges) of \(expected) edges, \(wrong) wrong, ring full \(refused) times, errno \(errno)")
        return refused > 0 && errno == 0 ? starved : 1
    }

    // MARK: tap

    private static let clock = SystemClock()

    private func runTap(
        _ edges: UInt64, _ store: String, _ capturePlace: edge_place, _ drainPlace: edge_place
    ) throws(TapError) -> Int32 {
        // The preload library interrupts the process once every edge was read. One thread alone waits for it.
        var interrupt = sigset_t()
        unsafe sigemptyset(&interrupt)
        unsafe sigaddset(&interrupt, SIGINT)
        unsafe pthread_sigmask(SIG_BLOCK, &interrupt, nil)

        var options = GpiodOptions()
        options.stormLimit_hz = nil
        let source = GpiodSource(
            lines: [LineInfo(id: LineID(0), name: "wire", chip: "preload", offset: 0)], options: options,
            clock: Child.clock)
        let capture = CaptureStage(source, ringCapacity: Child.ringCells, lines: 0..<1, devices: 0..<0)
        try capture.open(at: Child.clock.now())
        let feeds = capture.makeFeeds(1)
        func drive(_ reader: any Stage) throws(TapError) {
            try Child.drive(capture, reader, capturePlace, drainPlace, until: interrupt)
        }
        switch self {
        case .recorded:
            let reader = RawStage(feeds, into: try Child.recorder(store, of: capture.info))
            try drive(reader)
            let taken = reader.withSink { $0.counts }
            return Child.judge(edges: taken.edges, of: edges, wrong: 0, refused: taken.gaps, errno: 0)
        case .null:
            let reader = RawStage(feeds, into: NullSink())
            try drive(reader)
            let taken = reader.withSink { $0 }
            return Child.judge(edges: taken.edges, of: edges, wrong: 0, refused: taken.gaps, errno: 0)
        default:
            let reader = DrainStage(feeds[0].takeRing())
            try drive(reader)
            return Child.judge(reader, edges)
        }
    }

    private static func drive(
        _ capture: any Capturing, _ reader: any Stage, _ capturePlace: edge_place, _ drainPlace: edge_place,
        until interrupt: sigset_t
    ) throws(TapError) {
        let driver = ThreadDriver(
            clock: clock, sources: [.init("capture", [capture], prepare: { edge_put(capturePlace) })],
            consumers: [.init("drain", [reader], prepare: { edge_put(drainPlace) })])
        let stop = driver.stop
        let waiter = Runner {
            var signals = interrupt
            var signal: Int32 = 0
            unsafe sigwait(&signals, &signal)
            stop()
        }
        waiter.launch()
        driver.run()
        if let failure = capture.failure ?? reader.failure { throw failure }
    }

    /// Of a new store. Commits on a thread of its own, as in a session.
    private static func recorder(_ path: String, of source: SourceInfo) throws(TapError) -> Recorder {
        let store = RecordStore(path)
        _ = try store.make(origin: "bench/\(source.provenance.rawValue)", provenance: source.provenance, utc_ns: 1)
        let header = SessionHeader(
            version: "bench", board: "bench", origin: clock.now(), fix: nil, kernel: "", sources: [source])
        return try store.recorder(
            of: header, clock: StoreClock { .init(monotonic: clock.now(), utcNanoseconds: 1) }, inBackground: true)
    }

    // MARK: Simulated lines

    /// Edges a second of virtual time: a square wave of 1 µs.
    private static let simulatedRate_hz: UInt64 = 2_000_000

    private static func runSim(_ edges: UInt64, _ place: edge_place) -> Int32 {
        edge_put(place)
        let wave = DigitalWave.pulses(PulseTrain(period: Nanoseconds(1_000), width: Nanoseconds(500)))
        let source = SimSource(Scenario(name: "wire", lines: [ScenarioLine(name: "wire", wave: wave)]))
        let ends = Ring.make(capacity: ringCells)
        let meter = StepMeter()
        let clock = VirtualClock()
        let capture = CaptureStage(
            MeteredSource(source, meter),
            into: RecordWriter(consume ends.producer, lines: 0..<1, devices: 0..<0, whenFull: .wait))
        let drain = DrainStage(consume ends.consumer)
        // The edge that would fall on zero is the first level's.
        let end = Timestamp(nanoseconds: (edges + 1) * (1_000_000_000 / simulatedRate_hz) - 1)
        StepDriver(clock: clock, sources: [capture], consumers: [drain]).run(until: end)
        meter.report()
        return judge(drain, edges)
    }

    private static func judge(_ drain: DrainStage, _ edges: UInt64) -> Int32 {
        let others = drain.gaps.filter { $0 != .ringFull }
        if !others.isEmpty { complain("gaps where nothing was lost: \(others)") }
        return judge(
            edges: drain.edges, of: edges, wrong: drain.wrong + UInt64(others.count),
            refused: UInt64(drain.gaps.count - others.count), errno: 0)
    }

    private static func complain(_ words: String) {
        let text = "gpio-bench: \(words)\n"
        _ = unsafe write(STDERR_FILENO, text, text.utf8.count)
    }
}
