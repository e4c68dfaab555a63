import TapConfig
import TapCore

@testable import TapSim

/// A plant run to a time, with everything it reported.
struct PlantRun<Machine: Plant & Sendable>: Sendable {
    var plant: Machine
    private(set) var labels: [Label] = []
    private(set) var claims: [Claim] = []
    /// Of each claim, in the same order, what was true.
    private(set) var truths: [Claim.Value?] = []

    init(_ plant: Machine, seconds: UInt64 = 0) {
        self.plant = plant
        if seconds > 0 { advance(to: seconds) }
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

    var seconds: UInt64 { plant.signals.horizon.nanoseconds / 1_000_000_000 }

    // MARK: Signals

    func line(_ name: String) -> Signals.Digital { plant.signals.digital.first { $0.name == name }! }
    func edges(_ name: String) -> [Signals.Transition] { line(name).transitions }
    func rises(_ name: String) -> [UInt64] { edges(name).filter(\.isHigh).map(\.time) }
    func falls(_ name: String) -> [UInt64] { edges(name).filter { !$0.isHigh }.map(\.time) }
    func curve(_ name: String) -> [Signals.Knot] { plant.signals.analog.first { $0.name == name }!.knots }

    func isHigh(_ name: String, at seconds: Double) -> Bool {
        let line = line(name)
        return line.transitions.last { Double($0.time) <= seconds * 1e9 }?.isHigh ?? line.startsHigh
    }

    func value(_ name: String, at seconds: Double) -> Double {
        curve(name).last { Double($0.time) <= seconds * 1e9 }!.value
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
                add(knot.value.bitPattern)
                guard knot.amplitude != 0 else { continue }
                add(knot.amplitude.bitPattern)
                add(knot.phase.bitPattern)
            }
        }
        return hash
    }

    // MARK: Claims

    func claims(_ tag: String) -> [Claim] { claims.filter { name(of: $0) == tag } }
    /// Of the tag that it is made of.
    func name(of claim: Claim) -> String { plant.tags[Int(claim.tag.index)].name }

    /// What the screen says of a tag at a time.
    func shown(_ tag: String, at seconds: Double = .infinity) -> Claim.Value? { judged(tag, at: seconds)?.said }

    /// What was true with the last claim of a tag.
    func truth(_ tag: String) -> Claim.Value? { judged(tag)?.truth }

    /// What a tag said and what it was, at a time.
    func judged(_ tag: String, at seconds: Double = .infinity) -> (said: Claim.Value, truth: Claim.Value?)? {
        claims.indices.last { name(of: claims[$0]) == tag && Double(claims[$0].time.nanoseconds) <= seconds * 1e9 }
            .map { (claims[$0].value, truths[$0]) }
    }

    /// What was true with each claim of a tag.
    func truths(_ tag: String) -> [Claim.Value?] {
        claims.indices.filter { name(of: claims[$0]) == tag }.map { truths[$0] }
    }

    /// By how much each claim of a number differs from its truth.
    func errors(_ tag: String) -> [Double] {
        claims.indices.compactMap { index in
            guard name(of: claims[index]) == tag, case .number(let said) = claims[index].value,
                case .number(let truth)? = truths[index]
            else { return nil }
            return said - truth
        }
    }
}
