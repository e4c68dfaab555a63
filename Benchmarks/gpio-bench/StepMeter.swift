import CEdgeLoop
import Glibc
import TapCore

/// What the steps of a source spend, from its 1,000th edge on; whatever runs between them on the same thread is left
/// out.
final class StepMeter {
    private var first: UInt64 = 0
    private var last: UInt64 = 0
    private var time_ns: UInt64 = 0
    private var allocations: UInt64 = 0
    private var steps: UInt64 = 0

    struct Sample {
        fileprivate var time_ns: UInt64
        fileprivate var allocations: UInt64
    }

    func sample() -> Sample {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        var allocations: UInt64 = 0
        _ = unsafe edge_allocations(&allocations)
        return Sample(time_ns: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec), allocations: allocations)
    }

    /// A step is over.
    func add(since before: Sample, edges: UInt64) {
        guard edges >= 1_000 else { return }
        if first == 0 {
            first = edges
        } else {
            let after = sample()
            time_ns += after.time_ns - before.time_ns
            allocations += after.allocations - before.allocations
            steps += 1
        }
        last = edges
    }

    /// As the preload library does for a thread.
    func report() {
        guard let path = unsafe getenv("TAP_PRELOAD_REPORT"), let file = unsafe fopen(path, "a") else { return }
        let text =
            "{\"thread\": \"step\", \"first_edge\": \(first), \"last_edge\": \(last), \"reads\": \(steps), "
            + "\"user_us\": \(time_ns / 1_000), \"system_us\": 0, \"allocations\": \(allocations)}\n"
        unsafe fputs(text, file)
        unsafe fclose(file)
    }
}

/// A source whose steps are measured.
struct MeteredSource<Source: TapSource & ~Copyable>: ~Copyable, TapSource, @unchecked Sendable {
    private var source: Source
    /// Used on the thread that steps the source only.
    private let meter: StepMeter

    init(_ source: consuming Source, _ meter: StepMeter) {
        self.source = source
        self.meter = meter
    }

    var info: SourceInfo { source.info }
    var stopper: Stopper? { source.stopper }

    mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        try source.start(at: now, into: &writer)
    }

    mutating func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        let before = meter.sample()
        let wake = try source.step(at: now, into: &writer)
        meter.add(since: before, edges: writer.edges)
        return wake
    }

    mutating func stop(at now: Timestamp, into writer: inout RecordWriter) { source.stop(at: now, into: &writer) }
}
