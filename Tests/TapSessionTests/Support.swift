import TapConfig
import TapCore
import TapSession

/// Hashes (FNV-1a) everything it is given and counts, for runs too long to be kept.
struct Digest: RawSink {
    private(set) var edges = 0
    private(set) var scans = 0
    private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    private(set) var sources: [Int] = []
    private(set) var isFinished = false
    private var batches = 0
    /// The batch at which it fails.
    private let failsAt: Int?

    static let error = TapError(.output, "out.bin", "the disk is full", remedy: "make room on it")

    init(failsAt: Int? = nil) { self.failsAt = failsAt }

    private mutating func add(_ word: UInt64) { hash = (hash ^ word) &* 0x100_0000_01B3 }

    mutating func edge(_ edge: Edge) {
        edges += 1
        add(edge.time.nanoseconds)
        add(UInt64(edge.line.index) << 8 | UInt64(edge.flags.rawValue))
    }
    mutating func event(_ event: Event) { add(event.time.nanoseconds) }
    mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        scans += block.count
        for scan in 0..<block.count { add((block.firstTime + block.period * Int64(scan)).nanoseconds) }
        for index in raw.byteOffsets { add(UInt64(raw.load(at: index))) }
    }
    mutating func begin(source: Int) { if !sources.contains(source) { sources.append(source) } }
    mutating func watermark(at time: Timestamp) {}
    mutating func sourceEnded(at time: Timestamp) {}
    mutating func batchEnded(at now: Timestamp) throws(TapError) {
        batches += 1
        if batches == failsAt { throw Digest.error }
    }
    mutating func finish(at now: Timestamp) throws(TapError) { isFinished = true }
}

extension SessionPlan {
    /// Two lines and a converter.
    static func waves(
        _ speed: Speed, from: Nanoseconds = .zero, for duration: Nanoseconds? = .seconds(2), count: UInt64? = nil
    ) throws -> SessionPlan {
        let text = """
            tap-scenario: 1
            name: waves
            title: Waves
            seed: 3
            lines:
              - {name: A, wave: chance, mean-interval: 2ms, width: 300us}
              - {name: B, wave: square, period: 1ms}
            converters:
              - name: adc
                rate: 1000
                channels:
                  - {name: x, unit: V, range: [-1, 1], wave: sine, amplitude: 0.9, period: 7ms}
            """
        var options = SessionOptions(version: "1")
        options.speed = speed
        options.from = from
        options.duration = duration
        options.count = count
        return SessionPlan(try ScenarioFile.parse(text, file: "waves.yaml"), options: options)
    }

    /// Opens and runs it with these consumers.
    func run(_ consumers: [any SessionConsumer]) throws -> SessionResult {
        var plan = self
        plan.consumers = consumers
        let session = Session(plan)
        try session.open()
        return try session.run()
    }
}

/// A consumer that digests what is merged.
func digest(
    _ name: String = "digest", isEssential: Bool = false, failsAt: Int? = nil
) -> MergedConsumer<Digest> {
    MergedConsumer(name, isEssential: isEssential) { _ in Digest(failsAt: failsAt) }
}
