public import TapCore

/// What a screen without a plant says of a tag: a wave, polled. It need not be what any line or channel does.
public struct ClaimedWave: Sendable, Hashable {
    public enum Wave: Sendable, Hashable {
        /// Claimed as true where it is high, otherwise false.
        case digital(DigitalWave)
        case analog(AnalogWave)

        /// Without the attacks on it.
        package var unaltered: Wave {
            switch self {
            case .digital(.altered(let wave, _)): .digital(wave)
            case .analog(.altered(let wave, _)): .analog(wave)
            default: self
            }
        }
    }

    public var tag: String
    /// Who says it, as "hmi" or "plc".
    public var source: String
    /// The SI unit of an analog wave; empty for a digital one.
    public var unit: String
    /// From the start to the first claim, and from one to the next.
    public var every: Nanoseconds
    public var wave: Wave

    public init(tag: String, source: String = "hmi", unit: String = "", every: Nanoseconds, wave: Wave) {
        self.tag = tag
        self.source = source
        self.unit = unit
        self.every = every
        self.wave = wave
    }
}
