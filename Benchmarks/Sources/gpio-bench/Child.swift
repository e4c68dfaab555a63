import CEdgeLoop
import CLinux
import Glibc
import Synchronization
import TapConfig
import TapCore
import TapDriver
import TapSim

/// What is measured: each runs in a process of its own, under the preload library.
enum Child: String, CaseIterable {
    /// The C loop.
    case c
    /// Reading, and nothing else.
    case read
    /// tap: the GPIO source on its own thread, its ring, and a stage that drains it.
    case tap
    /// The simulator's source, likewise, both on one thread in virtual time.
    case sim

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

    /// - Returns: the process' status: 0 only if all edges came through as they were sent.
    func run(chip: String, edges: UInt64, isRealtime: Bool) -> Int32 {
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
        case .tap: return Child.runTap(edges, capture, drain)
        case .sim: return Child.runSim(edges, capture)
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

    private static func runTap(_ edges: UInt64, _ capturePlace: edge_place, _ drainPlace: edge_place) -> Int32 {
        // The preload library interrupts the process once every edge was read. Only this thread takes signals.
        var interrupt = sigset_t()
        unsafe sigemptyset(&interrupt)
        unsafe sigaddset(&interrupt, SIGINT)
        unsafe pthread_sigmask(SIG_BLOCK, &interrupt, nil)
        let awaited = interrupt

        var options = GpiodOptions()
        options.stormLimit_hz = nil
        let clock = SystemClock()
        let source = GpiodSource(
            lines: [LineInfo(id: LineID(0), name: "wire", chip: "preload", offset: 0)], options: options, clock: clock)
        let ends = Ring.make(capacity: ringCells)
        let capture = CaptureStage(
            source, into: RecordWriter(consume ends.producer, lines: 0..<1, devices: 0..<0))
        let drain = DrainStage(consume ends.consumer)
        let driver = ThreadDriver(
            clock: clock, sources: [.init("capture", [capture], prepare: { edge_put(capturePlace) })],
            consumers: [.init("drain", [drain], prepare: { edge_put(drainPlace) })])
        let stop = driver.stop
        let waiter = Runner {
            var signals = awaited
            var signal: Int32 = 0
            unsafe sigwait(&signals, &signal)
            stop()
        }
        waiter.launch()
        driver.run()
        if let failure = capture.failure {
            complain("\(failure)")
            return 1
        }
        return judge(drain, edges)
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
