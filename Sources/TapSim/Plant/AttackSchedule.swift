import TapConfig
import TapCore

/// When each attack of a run is on: exactly from its `from` to, not including, its `to`. Knows no machine.
///
/// `Variant` is what the machine calls its kinds of attacks; a kind that is none of them is a mistake of whoever checked
/// the scenario: it traps.
struct AttackSchedule<Variant: RawRepresentable<String> & Sendable>: Sendable {
    struct Entry: Sendable {
        let attack: Attack
        let variant: Variant
        let from: UInt64
        /// The end of time: to the end of the run.
        let to: UInt64
        fileprivate(set) var isOn = false

        /// How long it has been on at a time, in hours.
        func hours(at time: UInt64) -> Double { time > from ? Double(time - from) / 3.6e12 : 0 }
    }

    private(set) var entries: [Entry]
    /// When one begins or ends next; the end of time if none does.
    private(set) var next = UInt64.max

    init(_ attacks: [Attack]) {
        entries = attacks.map { attack in
            guard let variant = Variant(rawValue: attack.kind.name) else {
                preconditionFailure("the plant knows no attack '\(attack.kind.name)'")
            }
            return Entry(
                attack: attack, variant: variant, from: UInt64(max(0, attack.from.count)),
                to: attack.to.map { UInt64(max(0, $0.count)) } ?? .max)
        }
        next = entries.filter { $0.to > $0.from }.map(\.from).min() ?? .max
    }

    /// Begins and ends what begins and ends at `next`.
    ///
    /// - Returns: the truth about those that began.
    mutating func change() -> [Label] {
        let time = next
        var began: [Label] = []
        next = .max
        for index in entries.indices {
            let entry = entries[index]
            let isOn = entry.from <= time && time < entry.to
            if isOn, !entry.isOn { began.append(Label(entry.attack)) }
            entries[index].isOn = isOn
            if entry.from > time, entry.to > entry.from { next = min(next, entry.from) }
            if isOn { next = min(next, entry.to) }
        }
        return began
    }
}
