import TapCore

/// A plant, and the wires that carry its signals.
///
/// The plant goes ahead of the wires by fixed strides, and only once everything before was made of it: how a run is cut
/// into steps changes nothing.
final class PlantFeed {
    private var plant: any Plant
    private var digital: [(signal: Int, generator: SignalGenerator)] = []
    private var analog: [(signal: Int, value: SignalValue)] = []
    private var notes: [PlantNote] = []
    private var target: UInt64 = 0
    /// Everything up to this time is known.
    private(set) var horizon: UInt64 = 0

    private static let stride: UInt64 = 1_000_000_000

    init(_ plant: any Plant) { self.plant = plant }

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
        let value = SignalValue(plant.signals.analog[index].knots)
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
        notes += plant.takeNotes()
    }

    /// The wires keep what they need.
    private func forget() { plant.signals.forget(before: horizon + 1) }

    /// What the plant has told up to a time, in order; each once.
    func takeNotes(upTo time: UInt64) -> [PlantNote] {
        let count = notes.firstIndex { $0.time.nanoseconds > time } ?? notes.count
        guard count > 0 else { return [] }
        let taken = Array(notes.prefix(count))
        notes.removeFirst(count)
        return taken
    }
}

extension PlantNote {
    /// A label's is when it begins.
    var time: Timestamp {
        switch self {
        case .claim(let claim): claim.time
        case .label(let label): label.from
        }
    }
}

/// A plant's digital signal as far as it is known.
final class SignalGenerator: DigitalGenerator {
    private var times: [UInt64] = []
    private var first = 0

    func append(_ transitions: [Signals.Transition]) {
        if first == times.count {
            times.removeAll(keepingCapacity: true)
            first = 0
        }
        for transition in transitions { times.append(transition.time) }
    }

    override func next(upTo limit: UInt64) -> UInt64 {
        guard first < times.count, times[first] <= limit else { return DigitalGenerator.none }
        first += 1
        return times[first - 1]
    }
}

/// A plant's analog signal as far as it is known: straight lines from knot to knot, and level after the last.
final class SignalValue: AnalogGenerator {
    private var knots: [Signals.Knot]
    private var first = 0

    init(_ knots: [Signals.Knot]) { self.knots = knots }

    func append(_ more: [Signals.Knot]) {
        knots.removeFirst(first)
        first = 0
        // The plant keeps its last knot, which is here already.
        knots += more.first == knots.last ? more.dropFirst() : more[...]
    }

    override func value(at time: UInt64) -> Double {
        while first + 1 < knots.count, knots[first + 1].time <= time { first += 1 }
        let knot = knots[first]
        guard first + 1 < knots.count, knot.time < time else { return knot.value }
        let next = knots[first + 1]
        return knot.value + (next.value - knot.value) * (Double(time - knot.time) / Double(next.time - knot.time))
    }
}
