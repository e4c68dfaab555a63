import TapConfig
import TapCore

/// The attacks on a batch plant, each at its own place. What no attack is on for is not touched.
struct BatchAttacks: Sendable {
    private var schedule: AttackSchedule<BatchAttack>
    private var memories: [Memory]
    private let settings: BatchPlant.Settings
    private var isAnyOn = false
    private var areSettingsMoved = false
    /// The report before this one, as it was true.
    private var lastReport: RegisterReport<BatchTag>?

    /// What an attack on reports knows of before.
    private enum Memory: Sendable {
        case none
        case frozen(RegisterReport<BatchTag>?)
        case held(DelayLine<(time: UInt64, count: Int32)>)
        case record(DelayLine<RegisterReport<BatchTag>>, played: Int)
    }

    init(_ attacks: [Attack], _ parameters: BatchPlant) {
        schedule = AttackSchedule(attacks)
        settings = parameters.plc.settings
        memories = schedule.entries.map { entry in
            let reports = Int(entry.attack.span.count / max(1, parameters.hmi.period.count)) + 1
            return switch entry.variant {
            case .frozen, .heatRaised: .frozen(nil)
            case .sequenceReordered: .held(DelayLine(capacity: reports + 1))
            case .replay: .record(DelayLine(capacity: reports), played: 0)
            default: .none
            }
        }
    }

    var next: UInt64 { schedule.next }

    /// The program, its settings or what it sees are not as approved.
    private(set) var misleadsProgram = false
    private(set) var bridgesHighHigh = false
    private(set) var bridgesHot = false
    private(set) var deniesView = false

    /// Begins and ends what is due at `next`.
    ///
    /// - Returns: the truth about what begins.
    mutating func change() -> [Label] {
        let began = schedule.change()
        let on = schedule.entries.filter(\.isOn)
        isAnyOn = !on.isEmpty
        bridgesHighHigh = on.contains { $0.variant == .interlockBridged && $0.attack.target == "LSHH" }
        bridgesHot = on.contains { $0.variant == .interlockBridged && $0.attack.target == "TSH" }
        deniesView = on.contains { $0.variant == .viewDenied }
        let reports: [BatchAttack] = [
            .bias, .scaling, .frozen, .strokeVolume, .alarmSwallowed, .valveLies, .sequenceReordered, .viewDenied,
        ]
        misleadsProgram = on.contains { !reports.contains($0.variant) }
        return began
    }

    // MARK: In the PLC

    /// - Parameter outputs: what the program commanded last.
    func act(on inputs: inout BatchProgram.Inputs, commanded outputs: BatchProgram.Outputs) {
        guard isAnyOn else { return }
        for entry in schedule.entries where entry.isOn {
            let attack = entry.attack
            switch (entry.variant, attack.target) {
            case (.inputBias, "AIT1"): inputs.pH += attack.strength
            case (.inputBias, "WIT1"): inputs.weight_kg += attack.strength
            case (.inputBias, "TT1"): inputs.temperature_degC += attack.strength
            case (.agitatorStopped, _): inputs.agitates = outputs.agitate
            default: break
            }
        }
    }

    /// On the program and its settings, which are as they were set again as soon as no attack is on.
    mutating func act(on program: inout BatchProgram) {
        guard isAnyOn || areSettingsMoved else { return }
        areSettingsMoved = isAnyOn
        program.settings = settings
        program.isReordered = false
        for entry in schedule.entries where entry.isOn {
            switch entry.variant {
            case .recipeExcess: program.settings.excess += entry.attack.strength
            case .thresholdMoved: program.settings.highAlarm_pH += entry.attack.strength
            case .stepsReordered: program.isReordered = true
            default: break
            }
        }
    }

    func act(on outputs: inout BatchProgram.Outputs, in step: BatchStep) {
        guard isAnyOn else { return }
        for entry in schedule.entries where entry.isOn {
            let attack = entry.attack
            switch entry.variant {
            case .outputForced, .replay: force(&outputs, attack.target, attack.value)
            case .drainOpened: if step == .fill || step == .dilute { outputs.valves[2] = true }
            case .heatRaised: outputs.duty = max(outputs.duty, attack.strength)
            case .agitatorStopped: outputs.agitate = false
            default: break
            }
        }
    }

    private func force(_ outputs: inout BatchProgram.Outputs, _ target: String, _ value: Bool) {
        switch target {
        case "XV1_OPEN_CMD": outputs.valves[0] = value
        case "XV2_OPEN_CMD": outputs.valves[1] = value
        case "XV3_OPEN_CMD": outputs.valves[2] = value
        default: outputs.agitate = value
        }
    }

    // MARK: On its way to the HMI

    mutating func act(on report: inout RegisterReport<BatchTag>, at time: UInt64) {
        guard !memories.isEmpty else { return }
        let truth = report
        for index in memories.indices {
            let entry = schedule.entries[index]
            if entry.isOn {
                falsify(&report, index, entry, truth, at: time)
            } else {
                remember(index, entry, truth, at: time)
            }
        }
        lastReport = truth
    }

    /// Before it is on, a replay records.
    private mutating func remember(
        _ index: Int, _ entry: AttackSchedule<BatchAttack>.Entry, _ report: RegisterReport<BatchTag>, at time: UInt64
    ) {
        guard case .record(var line, let played) = memories[index], time < entry.from,
            entry.from - time <= UInt64(entry.attack.span.count)
        else { return }
        memories[index] = .none
        line.append(report)
        memories[index] = .record(line, played: played)
    }

    private mutating func falsify(
        _ report: inout RegisterReport<BatchTag>, _ index: Int, _ entry: AttackSchedule<BatchAttack>.Entry,
        _ truth: RegisterReport<BatchTag>, at time: UInt64
    ) {
        let attack = entry.attack
        let tag = BatchTag.named(attack.target)
        switch (entry.variant, memories[index], tag) {
        case (.bias, _, let tag?): report.set(tag, to: report.number(tag) + attack.strength)
        case (.scaling, _, let tag?): report.set(tag, to: report.number(tag) * attack.strength)
        case (.strokeVolume, _, _):
            report.set(.dosed, to: report.number(.dosed) * attack.strength)
        case (.alarmSwallowed, _, let tag?): report[tag] = 0
        case (.valveLies, _, let tag?):
            report[tag] = 1
            if let closed = BatchTag(rawValue: tag.rawValue + 1) { report[closed] = 0 }
        case (.frozen, .frozen(let kept), _), (.heatRaised, .frozen(let kept), _):
            let kept = kept ?? lastReport ?? truth
            memories[index] = .frozen(kept)
            let tags = entry.variant == .frozen ? [tag].compactMap { $0 } : [.duty, .current, .temperature]
            for tag in tags { report[tag] = kept[tag] }
        case (.sequenceReordered, .held(var line), let tag?):
            memories[index] = .none
            if line.count == 0 { line.append((entry.from, (lastReport ?? truth)[tag])) }
            line.append((time, truth[tag]))
            // The youngest that is old enough.
            let due = (0..<line.count).last { line[$0].time + UInt64(attack.span.count) <= time } ?? 0
            report[tag] = line[due].count
            memories[index] = .held(line)
        case (.replay, .record(let line, let played), _):
            guard line.count > 0 else { return }
            report = line[played % line.count]
            memories[index] = .record(line, played: played + 1)
        default: break
        }
    }
}
