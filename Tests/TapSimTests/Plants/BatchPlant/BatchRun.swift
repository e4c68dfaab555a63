import TapConfig
import TapCore
import Testing

@testable import TapSim

/// A batch plant run to a time, with everything it reported.
struct BatchRun: Sendable {
    var plant: BatchMachine
    private(set) var labels: [Label] = []
    private(set) var claims: [(claim: Claim, truth: Claim.Value?)] = []

    init(_ parameters: BatchPlant = .quick, seed: UInt64 = 1, attacks: [Attack] = [], seconds: UInt64 = 0) {
        plant = BatchMachine(parameters, seed: seed, attacks: attacks)
        advance(to: seconds)
    }

    mutating func advance(to seconds: UInt64) {
        plant.advance(to: Timestamp(nanoseconds: seconds * 1_000_000_000))
        takeNotes()
    }

    mutating func takeNotes() {
        for note in plant.takeNotes() {
            switch note {
            case .label(let label): labels.append(label)
            case .claim(let claim, let truth): claims.append((claim, truth))
            }
        }
    }

    /// Goes on until the program is in a step.
    mutating func advance(until step: BatchStep) {
        var now = seconds
        while plant.plc.program.step != step, now < 3_000 {
            now += 1
            advance(to: now)
        }
        if plant.plc.program.step != step { Issue.record("no \(step.name) within 3,000 s") }
    }

    var seconds: UInt64 { plant.signals.horizon.nanoseconds / 1_000_000_000 }

    func line(_ name: String) -> Signals.Digital { plant.signals.digital.first { $0.name == name }! }
    func edges(_ name: String) -> [Signals.Transition] { line(name).transitions }
    func rises(_ name: String) -> [UInt64] { edges(name).filter(\.isHigh).map(\.time) }
    func falls(_ name: String) -> [UInt64] { edges(name).filter { !$0.isHigh }.map(\.time) }
    func curve(_ name: String) -> [Signals.Knot] { plant.signals.analog.first { $0.name == name }!.knots }

    /// Of the tag that it is made of.
    func name(of claim: Claim) -> String { plant.tags[Int(claim.tag.index)].name }
    func claims(_ tag: String) -> [(claim: Claim, truth: Claim.Value?)] {
        claims.filter { name(of: $0.claim) == tag }
    }

    /// What the screen says of a tag last.
    func shown(_ tag: String) -> Claim.Value? { claims.last { name(of: $0.claim) == tag }?.claim.value }

    /// Every transition and knot, as one number.
    func digest(without names: Set<String> = []) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ word: UInt64) { hash = (hash ^ word) &* 0x100_0000_01B3 }
        for line in plant.signals.digital where !names.contains(line.name) {
            for edge in line.transitions { add(edge.time << 1 | (edge.isHigh ? 1 : 0)) }
        }
        for curve in plant.signals.analog where !names.contains(curve.name) {
            for knot in curve.knots {
                add(knot.time)
                add(knot.value.bitPattern)
            }
        }
        return hash
    }
}

extension BatchPlant {
    /// One batch C from the start, by wide pipes, with much heat and little acid: done in half an hour.
    static var quick: BatchPlant {
        var parameters = BatchPlant()
        parameters.vessel.waste_kgps = 8
        parameters.vessel.water_kgps = 8
        parameters.vessel.drain_kgps = 20
        parameters.heater.voltage_V = 1_200
        parameters.chemistry.acid_molpl = 0.02
        parameters.chemistry.buffer_molpl = 0.02
        parameters.routine = .none
        // When people are there.
        parameters.clock.start.secondOfDay = 28_800
        parameters.events = [Event(what: .order, at: .zero, duration: .seconds(1), recipe: 3)]
        return parameters
    }

    func with(_ what: Event.Kind, at: Int64, for duration: Int64, valve: Int = 1) -> BatchPlant {
        var parameters = self
        parameters.events.append(Event(what: what, at: .seconds(at), duration: .seconds(duration), valve: valve))
        return parameters
    }
}
