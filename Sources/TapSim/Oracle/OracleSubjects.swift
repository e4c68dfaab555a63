import TapConfig
import TapCore

/// What is compared in the runs of a scenario: which tag speaks of which signal, and which signals are what.
struct OracleSubjects: Sendable {
    /// By the number of the tag.
    let tags: [Subject]
    /// By the number of the digital signal.
    let isCommand: [Bool]
    let isBus: [Bool]
    /// By the number of the analog signal: within this, in its unit, it may differ unseen.
    let accuracies: [Double]
    /// How much later than it is made a claim may arrive.
    let channelDelay: UInt64

    struct Subject: Sendable {
        var name: String
        var unit: String
        /// nil: it speaks of none.
        var wire: Wire?
        var accuracy = 0.0
        /// How much later than its signal a claim may be made.
        var delay: UInt64 = 0
        /// Time constants, from the shortest to the longest, that a filter before it may have.
        var filter_s = 0.0...0

        /// Whether the plant says how accurate its honest claims are. Otherwise the farthest of the run without the attack
        /// counts as honest.
        var hasAccuracy: Bool { accuracy > 0 || wire?.isDigital ?? true }
    }

    struct Wire: Sendable {
        var name: String
        var isDigital: Bool
        /// The number of it.
        var index: Int
        /// What its values are multiplied with, and then added, to be in the unit of the tag.
        var factor = 1.0
        var offset = 0.0

        func inUnitOfTag(_ value: Double) -> Double { value * factor + offset }
    }

    /// Of the scenario's plant.
    init(_ scenario: Scenario, _ plant: any Plant) {
        let signals = plant.signals
        self.init(
            scenario, plant, commands: scenario.plant?.commandSignals ?? [], buses: scenario.plant?.busSignals ?? [],
            steps: signals.analog.map { _ in 0 }
        ) { tag in
            guard let own = OracleSubjects.claimed(tag, scenario) else { return nil }
            if let index = signals.digital.firstIndex(where: { $0.name == own.signal }) {
                return Wire(name: own.signal, isDigital: true, index: index)
            }
            guard let index = signals.analog.firstIndex(where: { $0.name == own.signal }),
                let factor = UnitFactor.factor(from: signals.analog[index].unit, to: tag.unit)
            else { return nil }
            return Wire(name: own.signal, isDigital: false, index: index, factor: factor)
        }
    }

    /// Of the scenario's lines and channels: what follows a signal of the plant carries what is claimed of that; without a
    /// plant, what has the tag's name.
    init(wiresOf scenario: Scenario, _ plant: any Plant) {
        let channels = WirePlant.channels(scenario)
        let commands = scenario.plant?.commandSignals ?? []
        self.init(
            scenario, plant,
            commands: scenario.lines.filter { $0.wave.followed.map(commands.contains) ?? false }.map(\.name),
            // Their talk is the same in all runs but where it is attacked.
            buses: [],
            steps: channels.map { ($0.channel.top - $0.channel.bottom) / Double((UInt64(1) << $0.channel.bits) - 1) }
        ) { tag in
            guard let description = scenario.plant else {
                if let index = scenario.lines.firstIndex(where: { $0.name == tag.name }) {
                    return Wire(name: tag.name, isDigital: true, index: index)
                }
                guard let index = channels.firstIndex(where: { $0.address == tag.name }),
                    let factor = UnitFactor.factor(from: channels[index].channel.unit, to: tag.unit)
                else { return nil }
                return Wire(name: tag.name, isDigital: false, index: index, factor: factor)
            }
            guard let own = OracleSubjects.claimed(tag, scenario) else { return nil }
            if let index = scenario.lines.firstIndex(where: { $0.wave.followed == own.signal }) {
                return Wire(name: scenario.lines[index].name, isDigital: true, index: index)
            }
            guard let index = channels.firstIndex(where: { $0.channel.wave.followed?.signal == own.signal }),
                let followed = channels[index].channel.wave.followed,
                let unit = description.analogSignals.first(where: { $0.name == own.signal })?.unit,
                let factor = UnitFactor.factor(from: unit, to: tag.unit)
            else { return nil }
            return Wire(
                name: channels[index].address, isDigital: false, index: index, factor: factor / followed.factor,
                offset: -followed.offset * factor / followed.factor)
        }
    }

    /// - Parameter steps: of the converter, by analog signal.
    private init(
        _ scenario: Scenario, _ plant: any Plant, commands: [String], buses: [String], steps: [Double],
        wire: (TagInfo) -> Wire?
    ) {
        tags = plant.tags.map { tag in
            var subject = Subject(name: tag.name, unit: tag.unit, wire: wire(tag))
            guard let description = scenario.plant, let own = OracleSubjects.claimed(tag, scenario) else {
                return subject
            }
            subject.accuracy = own.accuracy
            subject.delay = UInt64(description.claimDelay(of: tag.name).count)
            if !(subject.wire?.isDigital ?? true) {
                let filter = description.claimFilter(of: tag.name)
                subject.filter_s = Double(filter.lowerBound.count) * 1e-9...Double(filter.upperBound.count) * 1e-9
            }
            return subject
        }
        var accuracies = steps
        for tag in tags {
            guard let wire = tag.wire, !wire.isDigital else { continue }
            accuracies[wire.index] = max(accuracies[wire.index], tag.accuracy / abs(wire.factor))
        }
        self.accuracies = accuracies
        isCommand = plant.signals.digital.map { commands.contains($0.name) }
        isBus = plant.signals.digital.map { buses.contains($0.name) }
        channelDelay = UInt64((scenario.channel?.delay.longest ?? .zero).count)
    }

    private static func claimed(_ tag: TagInfo, _ scenario: Scenario) -> ClaimedSignal? {
        scenario.plant?.claimedSignals.first { $0.tag == tag.name && !$0.isLimit }
    }
}
