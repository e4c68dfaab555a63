import Glibc
import TapCore
import TapFormats
import TapRecord

/// What the runs have in common: folders, stores, clocks.
enum Bench {
    /// By the monotonic clock.
    static var now: Nanoseconds { read(CLOCK_MONOTONIC) }
    /// Of this process.
    static var processor: Nanoseconds { read(CLOCK_PROCESS_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> Nanoseconds {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return .seconds(Int64(time.tv_sec)) + Nanoseconds(Int64(time.tv_nsec))
    }

    /// A new store below a folder, and its recorder, which commits on the thread that calls it.
    static func recorder(_ path: String, _ header: SessionHeader) throws(TapError) -> Recorder {
        let store = RecordStore(path)
        _ = try store.make(origin: "bench/simulated", provenance: .simulated, utc_ns: 1)
        return try store.recorder(
            of: header, clock: StoreClock { .init(monotonic: .zero + now, utcNanoseconds: 1) }, inBackground: false)
    }

    /// Of all files in a folder and below it.
    static func size(_ path: String) -> UInt64 {
        let disk = SystemDisk(path)
        var (total, folders): (UInt64, [String]) = (0, [""])
        while let folder = folders.popLast() {
            for name in (try? disk.names(in: folder)) ?? [] {
                let file = folder.isEmpty ? name : "\(folder)/\(name)"
                if let below = try? disk.names(in: file), !below.isEmpty {
                    folders.append(file)
                } else {
                    total += (try? disk.openToRead(file).size()) ?? 0
                }
            }
        }
        return total
    }

    static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    static func millions(_ rate: Double) -> String { Words.digits(rate / 1e6, 4) }
}
