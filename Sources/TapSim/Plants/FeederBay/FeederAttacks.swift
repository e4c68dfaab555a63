import TapConfig
import TapCore

/// The attacks on a feeder bay, each at its own place. What no attack is on for is not touched.
struct FeederAttacks: Sendable {
    private var schedule: AttackSchedule<FeederAttack>
    private var memories: [Memory]
    private let settings: FeederBay.Settings
    private var isAnyOn = false
    private var isProgramChanged = false
    private(set) var cutsCoil = false
    private(set) var deniesView = false
    /// How far the RTU's clock is moved.
    private(set) var clockShift_ns: Int64 = 0
    /// The report before this one, as it was true.
    private var lastReport: FeederReport?

    /// What an attack knows of before.
    private enum Memory: Sendable {
        case none
        case kept(FeederReport?)
        case record(DelayLine<FeederReport>, played: Int)
        /// The next pulse, and whether it closes.
        case pulses(next: UInt64, isClose: Bool)
    }

    init(_ attacks: [Attack], _ parameters: FeederBay, seed: UInt64) {
        schedule = AttackSchedule(attacks)
        settings = parameters.relay
        memories = schedule.entries.map { entry in
            switch entry.variant {
            case .frozen, .modelMatched: .kept(nil)
            case .replay:
                .record(
                    DelayLine(capacity: Int(entry.attack.span.count / max(1, parameters.hmi.period.count)) + 1),
                    played: 0)
            case .rapidSwitching: .pulses(next: entry.from, isClose: entry.attack.target == "CLOSE_CMD")
            default: .none
            }
        }
    }

    var next: UInt64 { min(schedule.next, nextPulse) }

    private var nextPulse: UInt64 {
        guard isAnyOn else { return .max }
        var next = UInt64.max
        for index in memories.indices where schedule.entries[index].isOn {
            if case .pulses(let time, _) = memories[index] { next = min(next, time) }
        }
        return next
    }

    /// Begins, ends and pulses what is due at `next`.
    ///
    /// - Returns: the truth about what begins, and the pulses of the RTU's outputs: whether each closes.
    mutating func change() -> (began: [Label], pulses: [Bool]) {
        let time = next
        var began: [Label] = []
        var pulses: [Bool] = []
        if schedule.next == time {
            let wasOn = schedule.entries.map(\.isOn)
            began = schedule.change()
            for (entry, wasOn) in zip(schedule.entries, wasOn) where entry.isOn && !wasOn {
                switch entry.variant {
                case .unclaimedCommand, .replay, .modelMatched: pulses.append(entry.attack.target == "CLOSE_CMD")
                default: break
                }
            }
            isAnyOn = schedule.entries.contains(where: \.isOn)
            cutsCoil = isOn(.coilDisabled)
            deniesView = isOn(.viewDenied)
            clockShift_ns = schedule.entries.reduce(0) {
                $1.isOn && $1.variant == .clockMoved ? $0 + $1.attack.span.count : $0
            }
        }
        for index in memories.indices where schedule.entries[index].isOn {
            guard case .pulses(let due, let isClose) = memories[index], due == time else { continue }
            pulses.append(isClose)
            memories[index] = .pulses(
                next: due + UInt64(max(1, schedule.entries[index].attack.span.count)), isClose: !isClose)
        }
        return (began, pulses)
    }

    private func isOn(_ variant: FeederAttack) -> Bool {
        schedule.entries.contains { $0.isOn && $0.variant == variant }
    }

    // MARK: In the relay

    /// One acts on the relay, or has done so and is to be undone.
    var isInRelay: Bool { isAnyOn || isProgramChanged }

    func act(on inputs: inout ProtectionProgram.Inputs) {
        guard isAnyOn else { return }
        for entry in schedule.entries where entry.isOn && entry.variant == .inputScaled {
            inputs.current_A *= entry.attack.strength
        }
    }

    /// On the program and its settings, which are as they were set again as soon as no attack is on.
    mutating func act(on program: inout ProtectionProgram) {
        guard isAnyOn || isProgramChanged else { return }
        isProgramChanged = isAnyOn
        program.settings = settings
        program.isBlocked = isOn(.protectionBlocked)
        program.isEndless = isOn(.recloseLoop)
        for entry in schedule.entries where entry.isOn && entry.variant == .settingRaised {
            if entry.attack.target == "SP_PICKUP" {
                program.settings.pickup_A *= entry.attack.strength
            } else {
                program.settings.timeMultiplier *= entry.attack.strength
            }
        }
    }

    // MARK: On its way to the HMI

    mutating func act(on answer: inout FeederAnswer, at time: UInt64) {
        guard !memories.isEmpty else { return }
        let truth = answer.report
        for index in memories.indices {
            let entry = schedule.entries[index]
            if entry.isOn {
                falsify(&answer, index, entry, truth)
            } else {
                remember(index, entry, truth, at: time)
            }
        }
        lastReport = truth
    }

    /// Before it is on, a replay records.
    private mutating func remember(
        _ index: Int, _ entry: AttackSchedule<FeederAttack>.Entry, _ report: FeederReport, at time: UInt64
    ) {
        guard case .record(var line, let played) = memories[index], time < entry.from,
            entry.from - time <= UInt64(entry.attack.span.count)
        else { return }
        memories[index] = .none
        line.append(report)
        memories[index] = .record(line, played: played)
    }

    private mutating func falsify(
        _ answer: inout FeederAnswer, _ index: Int, _ entry: AttackSchedule<FeederAttack>.Entry, _ truth: FeederReport
    ) {
        let attack = entry.attack
        let tag = FeederTag.named(attack.target)
        switch (entry.variant, memories[index], tag) {
        case (.scaling, _, let tag?): answer.report.set(tag, to: truth.number(tag) * attack.strength)
        case (.alarmSwallowed, _, let tag?): answer.hold(tag, 0)
        case (.coilDisabled, _, _):
            answer.hold(.tripCircuit, 1)
            answer.hold(.alarmTripCircuit, 0)
        case (.positionHeld, _, let tag?): answer.hold(tag, attack.value ? 2 : 1)
        case (.frozen, .kept(let kept), let tag?):
            let report = kept ?? lastReport ?? truth
            memories[index] = .kept(report)
            answer.hold(tag, report[tag])
        case (.modelMatched, .kept(let kept), _):
            let report = kept ?? lastReport ?? truth
            memories[index] = .kept(report)
            let voltage = answer.report[.voltageA]
            answer.report = report
            answer.report[.voltageA] = voltage
            for tag in [FeederTag.currentA, .currentB, .currentC] {
                answer.report.set(tag, to: report.number(tag) * attack.strength)
            }
            answer.changes = []
        case (.replay, .record(let line, let played), _):
            answer.changes = []
            guard line.count > 0 else { return }
            answer.report = line[played % line.count]
            memories[index] = .record(line, played: played + 1)
        case (.stampsMoved, _, let tag?):
            for change in answer.changes.indices where answer.changes[change].tag == tag {
                answer.changes[change].stamp_ms += UInt64(attack.span.count) / 1_000_000
            }
        case (.sequenceReordered, _, _):
            let stamps = answer.changes.map(\.stamp_ms)
            for (change, stamp) in stamps.reversed().enumerated() { answer.changes[change].stamp_ms = stamp }
        default: break
        }
    }
}

extension FeederAnswer {
    /// Nothing is said of a tag but this.
    fileprivate mutating func hold(_ tag: FeederTag, _ count: Int32) {
        report[tag] = count
        changes.removeAll { $0.tag == tag }
    }
}
