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

    /// Goes on until everything up to a time is known.
    func reach(_ time: UInt64) { while horizon < time { advance() } }

    /// The wires keep what they need.
    private func forget() { plant.signals.forget(before: horizon + 1) }

    /// The plant's claims and labels up to a time, in order; each once.
    func takeNotes(upTo time: UInt64) -> [PlantNote] {
        let count = notes.firstIndex { $0.time.nanoseconds > time } ?? notes.count
        guard count > 0 else { return [] }
        let taken = Array(notes.prefix(count))
        notes.removeFirst(count)
        return taken
    }
}
