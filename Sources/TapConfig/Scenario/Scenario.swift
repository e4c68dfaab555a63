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
    /// What is claimed where there is no plant.
    public var claimed: [ClaimedWave]
    /// Between the screen and tap; nil: claims arrive when they are made.
    public var channel: ClaimChannel?
    /// On the plant.
    public var attacks: [Attack]
    /// On single lines, channels and claims: they are in the waves.
    public var wireAttacks: [WireAttack] = []
    /// Tags whose claims are wanted; nil: all.
    public var claims: [String]?
    /// What is true of spans of a run, beside what the plant says: labels of the file, and attacks on single lines,
    /// channels and claims, which are in the waves.
    public var labels: [Label]
    /// nil: nothing stands between the wires and tap.
    public var machine: ScenarioMachine?

    public init(
        name: String, title: String = "", notes: [String] = [], seed: UInt64 = 1, duration: Nanoseconds? = nil,
        lines: [ScenarioLine] = [], converters: [Converter] = [], plant: (any PlantDescription)? = nil,
        claimed: [ClaimedWave] = [], channel: ClaimChannel? = nil, attacks: [Attack] = [], labels: [Label] = [],
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
        self.claimed = claimed
        self.channel = channel
        self.attacks = attacks
        self.labels = labels
        self.machine = machine
    }
}
