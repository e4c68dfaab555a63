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
    /// What attacks there are on it, in the order in which messages list them.
    var attackKinds: [AttackKind] { get }
    /// A new machine, before its first step.
    ///
    /// - Parameter attacks: of the kinds that the description lists.
    func makePlant(seed: UInt64, attacks: [Attack]) -> any Plant
}

extension PlantDescription {
    public var claimedSignals: [ClaimedSignal] { [] }
    public var utcAtStart_s: Int { 0 }
    public var commandSignals: [String] { [] }
}
