/// The values of one analog wave, asked in order of time. Used by one thread at a time; nothing is allocated once it
/// runs.
class AnalogGenerator {
    /// - Parameter time: nanoseconds of virtual time, not before the last one asked. Random waves draw once each call.
    func value(at time: UInt64) -> Double { 0 }
}

// MARK: Of other waves
