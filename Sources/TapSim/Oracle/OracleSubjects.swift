import TapConfig
import TapCore

/// What is compared in the runs of a scenario: which tag speaks of which signal, and which signals are what.
struct OracleSubjects: Sendable {
    /// By the plant's number of the tag.
    let tags: [Subject]
    /// By the plant's number of the digital signal.
    let isCommand: [Bool]
    let isBus: [Bool]
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
        /// The plant's number of it.
        var index: Int
        /// What its values are multiplied with to be in the unit of the tag.
        var factor: Double
    }

    init(_ scenario: Scenario, _ plant: any Plant) {
        let claimed = scenario.plant?.claimedSignals ?? []
        let signals = plant.signals
        tags = plant.tags.map { tag in
            var subject = Subject(name: tag.name, unit: tag.unit)
            guard let own = claimed.first(where: { $0.tag == tag.name && !$0.isLimit }) else { return subject }
            if let index = signals.digital.firstIndex(where: { $0.name == own.signal }) {
                subject.wire = Wire(name: own.signal, isDigital: true, index: index, factor: 1)
            } else if let index = signals.analog.firstIndex(where: { $0.name == own.signal }),
                let factor = UnitFactor.factor(from: signals.analog[index].unit, to: tag.unit)
            {
                subject.wire = Wire(name: own.signal, isDigital: false, index: index, factor: factor)
            }
            subject.accuracy = own.accuracy
            guard let description = scenario.plant else { return subject }
            subject.delay = UInt64(description.claimDelay(of: tag.name).count)
            if !(subject.wire?.isDigital ?? true) {
                let filter = description.claimFilter(of: tag.name)
                subject.filter_s = Double(filter.lowerBound.count) * 1e-9...Double(filter.upperBound.count) * 1e-9
            }
            return subject
        }
        let commands = scenario.plant?.commandSignals ?? []
        let buses = scenario.plant?.busSignals ?? []
        isCommand = signals.digital.map { commands.contains($0.name) }
        isBus = signals.digital.map { buses.contains($0.name) }
        channelDelay = UInt64((scenario.channel?.delay.longest ?? .zero).count)
    }
}
