public import TapCore

/// A plant as a scenario describes it, of which a machine can be made. Which kinds there are is not known here: whoever
/// reads a scenario passes a `PlantKind` for each.
public protocol PlantDescription: Sendable {
    /// The names of its digital signals, for `wave: signal`.
    var digitalSignals: [String] { get }
    /// Its analog signals, with the SI unit of each.
    var analogSignals: [(name: String, unit: String)] { get }
    /// The lines of a scenario that names neither lines nor converters.
    var defaultLines: [ScenarioLine] { get }
    /// The converters of a scenario that names neither lines nor converters.
    var defaultConverters: [Converter] { get }
    /// What the claims of its screen speak of, where that is one of its signals.
    var claimedSignals: [ClaimedSignal] { get }
    /// UTC at the start of its runs by true clocks, in seconds since 1970; 0 where it knows no date.
    var utcAtStart_s: Int { get }
    /// Of its digital signals those that a controller's outputs set: what an approved program decides.
    var commandSignals: [String] { get }
    /// Of its digital signals those that carry the talk of controllers and screens.
    var busSignals: [String] { get }
    /// How much later than its signal an honest claim of a tag may be: cycles and polls, without filters and without the
    /// scenario's channel.
    func claimDelay(of tag: String) -> Nanoseconds
    /// The shortest and the longest time constant that the filter, of first order, before a tag's input may have; two of
    /// zero where there is none.
    func claimFilter(of tag: String) -> ClosedRange<Nanoseconds>
    /// What differs between the runs of a campaign: keys under `plant`, each with its value, as lines of YAML. None of them
    /// is `kind` or `clock`.
    func draw(_ draw: PlantDraw) -> [String]
    /// What attacks there are on it, in the order in which messages list them.
    var attackKinds: [AttackKind] { get }
    /// The faults of its equipment in a run up to a time, by chance and by the scenario's will, each as its label.
    func faults(seed: UInt64, before end: Nanoseconds) -> [Label]
    /// The same plant without one of its `faults`: nothing takes its place, and up to its begin the run is bit for bit the
    /// same.
    func without(_ fault: Label) -> any PlantDescription
    /// A new machine, before its first step.
    ///
    /// - Parameter attacks: of the kinds that the description lists.
    func makePlant(seed: UInt64, attacks: [Attack]) -> any Plant
}

extension PlantDescription {
    public var claimedSignals: [ClaimedSignal] { [] }
    public var utcAtStart_s: Int { 0 }
    public var busSignals: [String] { digitalSignals.filter { $0 == "RS485" } }
    public func claimDelay(of tag: String) -> Nanoseconds { .seconds(2) }
    public func claimFilter(of tag: String) -> ClosedRange<Nanoseconds> { .zero ... .zero }
    public func draw(_ draw: PlantDraw) -> [String] { [] }
    public var commandSignals: [String] { [] }
    public func faults(seed: UInt64, before end: Nanoseconds) -> [Label] { [] }
    public func without(_ fault: Label) -> any PlantDescription { self }
}
