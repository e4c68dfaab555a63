import TapCore
import TapDriver
import TapRecord

extension StoreClock {
    /// This machine's.
    static var system: StoreClock {
        let readings = ClockFixSource.Readings.system
        return StoreClock { .init(monotonic: readings.monotonic(), utcNanoseconds: readings.utc_ns()) }
    }
}
