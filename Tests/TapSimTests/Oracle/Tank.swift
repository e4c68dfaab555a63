import TapConfig
import TapCore

@testable import TapSim

/// A tank that a pump empties: the smallest plant with a signal that is measured, one that is commanded, claims and attacks.
struct Tank: PlantDescription {
    let digitalSignals = ["CMD", "RS485"]
    let analogSignals = [(name: "LT", unit: "m")]
    let defaultLines: [ScenarioLine] = []
    let defaultConverters: [Converter] = []
    let claimedSignals = [
        ClaimedSignal(tag: "LEVEL", signal: "LT", accuracy: 0.05), ClaimedSignal(tag: "RUN", signal: "CMD"),
    ]
    let commandSignals = ["CMD"]
    func claimDelay(of tag: String) -> Nanoseconds { .milliseconds(500) }
    /// Whether an attack leaves a trace before it begins, which none may.
    var isEarly = false
    /// In m/s, a fault from 300 s on.
    var leak = 0.0

    func faults(seed: UInt64, before end: Nanoseconds) -> [Label] {
        let label = Label(
            kind: .fault, name: "leak", from: .zero + .seconds(300), to: .distantFuture, truth: "the tank leaks")
        return leak == 0 ? [] : [label]
    }

    func without(_ fault: Label) -> any PlantDescription {
        var tank = self
        tank.leak = 0
        return tank
    }

    enum Kind: String, CaseIterable { case bias, forced, mute, recount, swallowed, nothing }

    var attackKinds: [AttackKind] {
        Kind.allCases.map {
            AttackKind(
                $0.rawValue, aim: .modifiedControl, at: .report, strength: .init(1, in: -10...10), techniques: [],
                truth: "")
        }
    }

    func makePlant(seed: UInt64, attacks: [Attack]) -> any Plant { TankPlant(attacks, isEarly: isEarly, leak: leak) }

    /// Attacks from 300 s on for 200 s.
    func scenario(_ kinds: [Kind], strength: Double = 1, channel: ClaimChannel? = nil) -> Scenario {
        let attacks = kinds.compactMap { kind in attackKinds.first { $0.name == kind.rawValue } }
        return Scenario(
            name: "tank", plant: self, channel: channel,
            attacks: attacks.map { Attack($0, from: .seconds(300), to: .seconds(500), strength: strength) })
    }
}

/// Its level rises by 0.01 m a second and falls by as much while the pump runs, from 2 m down to 1 m.
private struct TankPlant: Plant {
    var signals = Signals()
    let tags = [
        TagInfo(id: TagID(0), name: "LEVEL", source: "hmi", unit: "m"),
        TagInfo(id: TagID(1), name: "RUN", source: "hmi"),
        TagInfo(id: TagID(2), name: "STARTS", source: "hmi"), TagInfo(id: TagID(3), name: "ALARM", source: "hmi"),
    ]
    private var notes: [PlantNote] = []
    private var schedule: AttackSchedule<Tank.Kind>
    private let isEarly: Bool
    private let leak: Double
    private var second: UInt64 = 0
    private var level = 1.5
    private var isRunning = false
    private var starts = 0

    init(_ attacks: [Attack], isEarly: Bool, leak: Double) {
        self.leak = leak
        schedule = AttackSchedule(attacks)
        self.isEarly = isEarly && attacks.contains { $0.to != $0.from }
        _ = signals.declareDigital("CMD", startsHigh: false)
        _ = signals.declareDigital("RS485", startsHigh: true)
        _ = signals.declareAnalog("LT", unit: "m", first: level)
    }

    mutating func advance(to time: Timestamp) {
        while (second + 1) * 1_000_000_000 <= time.nanoseconds { step() }
        signals.advance(to: Timestamp(nanoseconds: second * 1_000_000_000))
    }

    private func strength(_ kind: Tank.Kind) -> Double? {
        schedule.entries.first { $0.isOn && $0.variant == kind }?.attack.strength
    }

    private mutating func step() {
        second += 1
        let time = second * 1_000_000_000
        while schedule.next <= time { _ = schedule.change() }
        level += isRunning ? -0.01 : 0.01
        if second > 300 { level -= leak }
        signals.set(0, to: level, at: time)
        let wanted = level >= 2 ? true : level <= 1 ? false : isRunning
        let commanded = strength(.forced) != nil ? false : wanted
        starts += commanded && !isRunning ? 1 : 0
        isRunning = commanded
        signals.set(0, high: isRunning, at: time)
        guard strength(.mute) == nil else { return }
        let told = level + (strength(.bias) ?? 0) + (isEarly && second == 100 ? 1 : 0)
        claim(0, .number(told), .number(level))
        claim(1, .bool(isRunning), .bool(isRunning))
        claim(2, .number(Double(starts) - (strength(.recount) ?? 0)), .number(Double(starts)))
        claim(3, .bool(level > 1.9 && strength(.swallowed) == nil), .bool(level > 1.9))
    }

    private mutating func claim(_ tag: UInt16, _ value: Claim.Value, _ truth: Claim.Value) {
        let time = Timestamp(nanoseconds: second * 1_000_000_000)
        notes.append(.claim(Claim(tag: TagID(tag), value: value, time: time), truth: truth))
    }

    mutating func takeNotes() -> [PlantNote] {
        defer { notes = [] }
        return notes
    }
}
