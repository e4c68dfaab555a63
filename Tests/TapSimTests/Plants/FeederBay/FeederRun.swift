import TapConfig
import TapCore

@testable import TapSim

/// A feeder bay run to a time, with everything it reported.
struct FeederRun: Sendable {
    var plant: FeederBayPlant
    private(set) var labels: [Label] = []
    private(set) var claims: [Claim] = []
    /// Of each claim, what was true.
    private(set) var truths: [Claim.Value?] = []

    init(_ parameters: FeederBay = .quiet, seed: UInt64 = 1, attacks: [Attack] = []) {
        plant = FeederBayPlant(parameters, seed: seed, attacks: attacks)
    }

    init(_ parameters: FeederBay = .quiet, seed: UInt64 = 1, attacks: [Attack] = [], seconds: UInt64) {
        self.init(parameters, seed: seed, attacks: attacks)
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
            case .claim(let claim, let truth):
                claims.append(claim)
                truths.append(truth)
            }
        }
    }

    func edges(_ name: String) -> [Signals.Transition] {
        plant.signals.digital.first { $0.name == name }!.transitions
    }
    func rises(_ name: String) -> [UInt64] { edges(name).filter(\.isHigh).map(\.time) }
    func falls(_ name: String) -> [UInt64] { edges(name).filter { !$0.isHigh }.map(\.time) }
    func curve(_ name: String) -> [Signals.Knot] { plant.signals.analog.first { $0.name == name }!.knots }

    func isHigh(_ name: String, at seconds: Double) -> Bool {
        let line = plant.signals.digital.first { $0.name == name }!
        return line.transitions.last { Double($0.time) <= seconds * 1e9 }?.isHigh ?? line.startsHigh
    }

    /// Of a current's sine, RMS.
    func rms(_ name: String, at seconds: Double) -> Double {
        (curve(name).last { Double($0.time) <= seconds * 1e9 }?.amplitude ?? 0) * 0.7071067811865476
    }

    func claims(_ tag: String) -> [Claim] { claims.filter { name(of: $0) == tag } }
    func name(of claim: Claim) -> String { plant.tags[Int(claim.tag.index)].name }
    func shown(_ tag: String, at seconds: Double) -> Claim.Value? {
        claims.last { name(of: $0) == tag && Double($0.time.nanoseconds) <= seconds * 1e9 }?.value
    }

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
                for value in [knot.value, knot.amplitude, knot.phase] { add(value.bitPattern) }
            }
        }
        return hash
    }
}

extension FeederBay {
    /// A working day at ten, on which nothing happens.
    static var quiet: FeederBay {
        var parameters = FeederBay()
        parameters.clock.start.secondOfDay = 36_000
        parameters.routine = .none
        return parameters
    }

    func with(_ what: Event.Kind, at: Int64, for duration: Nanoseconds) -> FeederBay {
        var parameters = self
        parameters.events.append(Event(what: what, at: .seconds(at), duration: duration))
        return parameters
    }
}

extension Attack {
    /// One on the bay.
    static func feeder(
        _ variant: FeederAttack, from: Nanoseconds, to: Nanoseconds?, target: String? = nil, value: Bool = false,
        strength: Double? = nil, span: Nanoseconds? = nil
    ) -> Attack {
        Attack(variant.kind, from: from, to: to, target: target, value: value, strength: strength, span: span)
    }
}
