public import TapCore

/// Wires that nobody soldered: what each line and channel does, as a function of time and a seed.
///
/// Plain values; `ScenarioFile` reads them from YAML. See docs/scenarios.md for the meaning of each key.
public struct Scenario: Sendable {
    public var name: String
    public var title: String
    public var notes: [String]
    /// Another seed gives other noise, jitter and chance, and nothing else.
    public var seed: UInt64
    /// How long a run lasts unless asked otherwise; nil: until it is stopped.
    public var duration: Nanoseconds?
    public var lines: [ScenarioLine]
    public var converters: [Converter]
    /// The machine that `signal` waves are of; nil: there is none.
    public var plant: (any PlantDescription)?
    /// On the plant.
    public var attacks: [Attack]
    /// nil: nothing stands between the wires and tap.
    public var machine: ScenarioMachine?

    public init(
        name: String, title: String = "", notes: [String] = [], seed: UInt64 = 1, duration: Nanoseconds? = nil,
        lines: [ScenarioLine] = [], converters: [Converter] = [], plant: (any PlantDescription)? = nil,
        attacks: [Attack] = [],
        machine: ScenarioMachine? = nil
    ) {
        self.name = name
        self.title = title
        self.notes = notes
        self.seed = seed
        self.duration = duration
        self.lines = lines
        self.converters = converters
        self.plant = plant
        self.attacks = attacks
        self.machine = machine
    }
}

/// A digital line: what a gateway's pin sees, front end and all.
public struct ScenarioLine: Sendable, Hashable {
    public var name: String
    /// The wave's kind or name, as the file has it.
    public var kind: String
    public var wave: DigitalWave

    public init(name: String, kind: String = "", wave: DigitalWave) {
        self.name = name
        self.kind = kind
        self.wave = wave
    }
}

/// A converter, whose channels are scanned together at one rate.
public struct Converter: Sendable, Hashable {
    public var name: String
    /// Scans a second.
    public var rate_hz: Double
    /// Aperture jitter: standard deviation of when a scan is really taken. What it says of itself is the exact time.
    public var jitter: Nanoseconds
    public var channels: [ConverterChannel]

    public init(name: String, rate_hz: Double, jitter: Nanoseconds = .zero, channels: [ConverterChannel] = []) {
        self.name = name
        self.rate_hz = rate_hz
        self.jitter = jitter
        self.channels = channels
    }
}

/// One channel of a converter: unsigned codes from 0 at the bottom of its range to 2^bits - 1 at the top; beyond, they
/// stay there.
public struct ConverterChannel: Sendable, Hashable {
    public var name: String
    /// The wave's kind or name, as the file has it.
    public var kind: String
    /// The SI unit of values, range and wave.
    public var unit: String
    public var bottom: Double
    /// Above `bottom`.
    public var top: Double
    /// 1 to 32.
    public var bits: Int
    public var wave: AnalogWave

    public init(
        name: String, kind: String = "", unit: String, bottom: Double, top: Double, bits: Int = 12, wave: AnalogWave
    ) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.bottom = bottom
        self.top = top
        self.bits = bits
        self.wave = wave
    }
}
