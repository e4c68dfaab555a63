import TapConfig
import TapCore

/// When each attack of a run is on: exactly from its `from` to, not including, its `to`. Knows no machine.
struct AttackSchedule: Sendable {
    struct Entry: Sendable {
        let attack: Attack
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
            Entry(
                attack: attack, from: UInt64(max(0, attack.from.count)),
                to: attack.to.map { UInt64(max(0, $0.count)) } ?? .max)
        }
        next = entries.filter { $0.to > $0.from }.map(\.from).min() ?? .max
    }

    /// Begins and ends what begins and ends at `next`.
    ///
    /// - Returns: the entries that began.
    mutating func change() -> [Int] {
        let time = next
        var began: [Int] = []
        next = .max
        for index in entries.indices {
            let entry = entries[index]
            let isOn = entry.from <= time && time < entry.to
            if isOn, !entry.isOn { began.append(index) }
            entries[index].isOn = isOn
            if entry.from > time, entry.to > entry.from { next = min(next, entry.from) }
            if isOn { next = min(next, entry.to) }
        }
        return began
    }
}

extension Attack {
    /// What really happens, for whoever judges a detector.
    var truth: String {
        let forced = value ? "on" : "off"
        let told = PlainNumber.text(strength)
        switch variant {
        case .commandChanged: return "a changed PLC program holds \(target) \(forced), and reports it so"
        case .parameterDrift: return "\(target) in the PLC moves by \(told) m an hour"
        case .outputForced: return "the PLC's output for \(target) is forced \(forced); its program knows nothing of it"
        case .outputToggled:
            return "the PLC's output for \(target) is toggled every \(PlainNumber.seconds(span)); "
                + "its program knows nothing of it"
        case .bias: return "the PLC reports \(target) with \(told) added"
        case .scaling: return "the PLC reports \(target) times \(told)"
        case .frozen: return "the PLC reports \(target) as it was when this began"
        case .inputBias: return "the PLC's program sees \(target) with \(told) added, and controls by it"
        case .replay:
            return "\(target) is forced \(forced) while the PLC reports what it recorded in the "
                + "\(PlainNumber.seconds(span)) before"
        case .modelMatched:
            return "\(target) is forced \(forced) while the PLC reports a model of a healthy station"
        case .thresholdMoved: return "\(target) in the PLC is moved by \(told) m"
        case .interlockBypassed: return "the PLC's program ignores \(target): no dry-run protection in auto"
        case .sirenCut: return "the wire to the siren is cut behind the PLC's output"
        case .alarmSwallowed: return "the PLC never reports \(target)"
        case .feedbackLies: return "the PLC reports \(target) as commanded, whatever the contactor does"
        case .sequenceReordered:
            return
                "the PLC reports \(target) \(PlainNumber.seconds(span)) late, so that events are shown in another order"
        case .viewDenied: return "the PLC does not answer the HMI"
        }
    }
}
