import TapConfig
import TapCore

/// A plant, and the wires that carry its signals.
///
/// The plant goes ahead of the wires by fixed strides, and only once everything before was made of it: how a run is cut
/// into steps changes nothing.
final class PlantFeed {
    private var plant: any Plant
    private var digital: [(signal: Int, generator: SignalGenerator)] = []
    private var analog: [(signal: Int, value: SignalValue)] = []
    private var labels: [Label] = []
    /// nil: nobody asks for claims.
    private var route: ClaimRoute?
    private var keepsTruth = false
    private var keepsNotes = false
    private var notes: [PlantNote] = []
    /// Of the first claim that was not dropped.
    private var firstClaim = 0
    private var target: UInt64 = 0
    /// Everything up to this time is known.
    private(set) var horizon: UInt64 = 0

    private static let stride: UInt64 = 1_000_000_000

    /// - Parameter keepsNotes: whether its claims and labels are kept until they are taken; otherwise they are let go of.
    init(_ plant: any Plant, keepsNotes: Bool = false) {
        self.plant = plant
        self.keepsNotes = keepsNotes
    }

    /// - Parameter keepsTruth: whether labels, and what is true of each claim, are kept until they are taken.
    init(_ plant: any Plant, of scenario: Scenario, seed: UInt64, keepsTruth: Bool) {
        self.plant = plant
        self.keepsTruth = keepsTruth
        route = ClaimRoute(scenario, seed: seed, tags: plant.tags, keepsTruth: keepsTruth)
    }

    /// A plant that does not have it is a mistake of whoever checked the scenario: this traps.
    func digital(_ name: String) -> DigitalGenerator {
        guard let index = plant.signals.digital.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("the plant has no digital signal '\(name)'")
        }
        let generator = SignalGenerator(startsHigh: plant.signals.digital[index].startsHigh)
        digital.append((index, generator))
        return generator
    }

    func analog(_ name: String) -> AnalogGenerator {
        guard let index = plant.signals.analog.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("the plant has no analog signal '\(name)'")
        }
        let value = SignalValue(plant.signals.analog[index])
        analog.append((index, value))
        return value
    }

    /// Goes on to a later horizon.
    func advance() {
        let before = horizon
        while horizon == before {
            target += PlantFeed.stride
            plant.advance(to: Timestamp(nanoseconds: target))
            horizon = plant.signals.horizon.nanoseconds
        }
        let signals = plant.signals
        for (signal, generator) in digital { generator.append(signals.digital[signal].transitions) }
        for (signal, value) in analog { value.append(signals.analog[signal].knots) }
        forget()
        route?.dropClaims(firstClaim)
        firstClaim = 0
        let taken = plant.takeNotes()
        if keepsNotes { notes += taken }
        for note in taken {
            switch note {
            case .claim(let claim, let truth): route?.put(claim, truth: truth)
            case .label(let label): if keepsTruth { labels.append(label) }
            }
        }
    }

    var tags: [TagInfo] { plant.tags }

    /// What its screen claimed, as it was made, and labels; each once.
    func takeNotes() -> [PlantNote] {
        defer { notes.removeAll(keepingCapacity: true) }
        return notes
    }

    /// The first claim that was not dropped, by arrival. It is the next one if it arrives up to the horizon.
    var nextClaim: Claim? { route.flatMap { firstClaim < $0.claims.count ? $0.claims[firstClaim] : nil } }

    func dropClaim() { firstClaim += 1 }

    /// Goes on until everything up to a time is known.
    func reach(_ time: UInt64) { while horizon < time { advance() } }

    /// The wires keep what they need.
    private func forget() { plant.signals.forget(before: horizon + 1) }

    /// What is true of the claims that were made up to a time, in order; each once.
    func takeTruths(upTo time: UInt64) -> [ClaimTruth] { route?.takeTruths(upTo: time) ?? [] }

    /// The labels that begin up to a time, in order; each once.
    func takeLabels(upTo time: UInt64) -> [Label] {
        let count = labels.firstIndex { $0.from.nanoseconds > time } ?? labels.count
        guard count > 0 else { return [] }
        let taken = Array(labels.prefix(count))
        labels.removeFirst(count)
        return taken
    }
}
