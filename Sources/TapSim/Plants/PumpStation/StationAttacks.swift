import TapConfig
import TapCore

/// The attacks on a pump station, each at its own place. What no attack is on for is not touched.
struct StationAttacks: Sendable {
    private var schedule: AttackSchedule<StationAttack>
    private var memories: [Memory]
    /// As the PLC's registers have them, but for attacks on parameters.
    var settings: PumpStation.Settings
    /// Entries whose setting has been written on the bus.
    private var written: [Bool] = []
    /// Of a pump at work.
    private let current_A: Double
    private var isAnyOn = false
    private var areSettingsMoved = false
    private(set) var cutsSiren = false
    /// The program that runs is not the approved one, or does not see what there is.
    private(set) var misleadsProgram = false
    /// The report before this one, as it was true.
    private var lastReport: StationReport?
    /// What came by the bus before, as the screen would have shown it.
    private var lastShown: StationReport?

    /// What an attack on reports knows of before.
    private enum Memory: Sendable {
        case none
        case frozen(Int32?)
        case held(DelayLine<(time: UInt64, count: Int32)>)
        case record(DelayLine<StationReport>, played: Int)
        case model(StationModel)
    }

    init(_ attacks: [Attack], _ parameters: PumpStation, seed: UInt64) {
        schedule = AttackSchedule(attacks)
        settings = parameters.plc.settings
        current_A = 0.97 * parameters.pumps[0].ratedCurrent_A
        memories = schedule.entries.enumerated().map { index, entry in
            let attack = entry.attack
            let reports = Int(attack.span.count / max(1, parameters.hmi.period.count)) + 1
            switch entry.variant {
            case .frozen, .screenFrozen: return .frozen(nil)
            case .sequenceReordered, .screenReordered: return .held(DelayLine(capacity: reports + 1))
            case .replay: return .record(DelayLine(capacity: reports), played: 0)
            case .modelMatched:
                let random = Random(seed: seed, stream: "pump station attack \(index)")
                return .model(StationModel(parameters, error: attack.strength, random: random))
            default: return .none
            }
        }
    }

    var next: UInt64 { schedule.next }

    /// Begins and ends what is due at `next`.
    ///
    /// - Returns: the truth about what begins.
    mutating func change() -> [Label] {
        let began = schedule.change()
        isAnyOn = schedule.entries.contains(where: \.isOn)
        misleadsProgram = schedule.entries.contains { $0.isOn && $0.variant.misleadsProgram }
        cutsSiren = schedule.entries.contains { $0.isOn && $0.variant == .sirenCut }
        return began
    }

    /// What is written on the bus by what has begun or ended.
    mutating func takeWrites() -> [StationWrite] {
        if written.isEmpty { written = schedule.entries.map { _ in false } }
        var writes: [StationWrite] = []
        var settings = settings
        for (index, entry) in schedule.entries.enumerated() where entry.variant == .settingWritten {
            guard entry.isOn != written[index], let tag = StationTag.named(entry.attack.target) else { continue }
            written[index] = entry.isOn
            move(&settings, entry.attack.target, by: entry.isOn ? entry.attack.strength : -entry.attack.strength)
            let value =
                switch tag {
                case .start: settings.start_m
                case .stop: settings.stop_m
                case .lag: settings.lag_m
                default: settings.highAlarm_m
                }
            writes.append(.setting(tag, value))
        }
        return writes
    }

    // MARK: In the PLC

    func act(on inputs: inout StationProgram.Inputs) {
        guard isAnyOn else { return }
        for entry in schedule.entries where entry.isOn && entry.variant == .inputBias {
            switch entry.attack.target {
            case "LT1": inputs.level_m = max(0, inputs.level_m + entry.attack.strength)
            case "FT1": inputs.flow_m3ps = max(0, inputs.flow_m3ps + entry.attack.strength)
            default: break
            }
        }
    }

    /// On the program and its settings, which are as they were set again as soon as no attack is on.
    mutating func act(on program: inout StationProgram, at time: UInt64) {
        guard isAnyOn || areSettingsMoved else { return }
        areSettingsMoved = isAnyOn
        program.settings = settings
        program.isDryRunBypassed = false
        program.pumps[0].override = nil
        program.pumps[1].override = nil
        for entry in schedule.entries where entry.isOn {
            let attack = entry.attack
            switch entry.variant {
            case .commandChanged: program.pumps[StationAttacks.pump(attack)].override = attack.value
            case .interlockBypassed: program.isDryRunBypassed = true
            case .parameterDrift: move(&program.settings, attack.target, by: attack.strength * entry.hours(at: time))
            case .thresholdMoved: move(&program.settings, attack.target, by: attack.strength)
            default: break
            }
        }
    }

    func act(on outputs: inout StationProgram.Outputs, at time: UInt64) {
        guard isAnyOn else { return }
        for entry in schedule.entries where entry.isOn {
            let attack = entry.attack
            switch entry.variant {
            case .outputForced, .replay, .modelMatched: force(&outputs, attack, attack.value)
            case .outputToggled:
                let toggles = (time - min(time, entry.from)) / UInt64(max(1, attack.span.count))
                force(&outputs, attack, toggles % 2 == 0)
            default: break
            }
        }
    }

    private func force(_ outputs: inout StationProgram.Outputs, _ attack: Attack, _ value: Bool) {
        if attack.target == "SIREN" {
            outputs.siren = value
        } else {
            outputs.commands[StationAttacks.pump(attack)] = value
        }
    }

    private func move(_ settings: inout PumpStation.Settings, _ target: String, by metres: Double) {
        switch target {
        case "SP_START": settings.start_m += metres
        case "SP_STOP": settings.stop_m += metres
        case "SP_LAG": settings.lag_m += metres
        case "SP_HIGH": settings.highAlarm_m += metres
        default: break
        }
    }

    private static func pump(_ attack: Attack) -> Int { attack.target.hasPrefix("P2") ? 1 : 0 }

    // MARK: On its way to the HMI

    var deniesView: Bool {
        isAnyOn && schedule.entries.contains { $0.isOn && $0.variant == .viewDenied }
    }

    mutating func act(on report: inout StationReport, at time: UInt64, inflow_m3ps: Double) {
        guard !memories.isEmpty else { return }
        let truth = report
        for index in memories.indices {
            let entry = schedule.entries[index]
            guard entry.isOn else {
                remember(index, entry, truth, at: time)
                continue
            }
            guard entry.attack.kind.place == .report else { continue }
            if let lie = entry.variant.lie {
                tell(lie, &report, index, entry, truth, before: lastReport, at: time)
            } else {
                falsify(&report, index, entry, truth, at: time, inflow_m3ps: inflow_m3ps)
            }
        }
        lastReport = truth
    }

    /// Between bus and eyes.
    mutating func act(onScreen report: inout StationReport, at time: UInt64) {
        guard !memories.isEmpty else { return }
        let truth = report
        for index in memories.indices {
            let entry = schedule.entries[index]
            guard entry.isOn, entry.attack.kind.place == .screen, let lie = entry.variant.lie else { continue }
            tell(lie, &report, index, entry, truth, before: lastShown, at: time)
        }
        lastShown = truth
    }

    /// Before it is on, a replay records.
    private mutating func remember(
        _ index: Int, _ entry: AttackSchedule<StationAttack>.Entry, _ report: StationReport, at time: UInt64
    ) {
        guard case .record(var line, let played) = memories[index], time < entry.from,
            entry.from - time <= UInt64(entry.attack.span.count)
        else { return }
        memories[index] = .none
        line.append(report)
        memories[index] = .record(line, played: played)
    }

    /// A lie about one tag.
    ///
    /// - Parameter truth: the report as it was before any lie at this place; `before` the one before it.
    private mutating func tell(
        _ lie: StationAttack.Lie, _ report: inout StationReport, _ index: Int,
        _ entry: AttackSchedule<StationAttack>.Entry, _ truth: StationReport, before: StationReport?, at time: UInt64
    ) {
        let attack = entry.attack
        guard let tag = StationTag.named(attack.target) else { return }
        switch (lie, memories[index]) {
        case (.bias, _): report.set(tag, to: report.number(tag) + attack.strength)
        case (.scaling, _): report.set(tag, to: report.number(tag) * attack.strength)
        case (.ramp, _): report.set(tag, to: report.number(tag) + attack.strength * entry.hours(at: time))
        case (.replaced, _): report[tag] = min(tag.highestState, Int32(attack.strength))
        case (.frozen, .frozen(let kept)):
            let count = kept ?? (before ?? truth)[tag]
            memories[index] = .frozen(count)
            report[tag] = count
        case (.reordered, .held(var line)):
            memories[index] = .none
            if line.count == 0 { line.append((entry.from, (before ?? truth)[tag])) }
            line.append((time, truth[tag]))
            // The youngest that is old enough.
            let due = (0..<line.count).last { line[$0].time + UInt64(attack.span.count) <= time } ?? 0
            report[tag] = line[due].count
            memories[index] = .held(line)
        default: break
        }
    }

    private mutating func falsify(
        _ report: inout StationReport, _ index: Int, _ entry: AttackSchedule<StationAttack>.Entry,
        _ truth: StationReport, at time: UInt64, inflow_m3ps: Double
    ) {
        let attack = entry.attack
        let tag = StationTag.named(attack.target)
        switch (entry.variant, memories[index], tag) {
        case (.alarmSwallowed, _, let tag?): report[tag] = 0
        case (.feedbackLies, _, let tag?): report[tag] = report[tag == .run1 ? .command1 : .command2]
        case (.failureHidden, _, let tag?): hideFailure(of: tag == .run1 ? 0 : 1, in: &report)
        case (.replay, .record(let line, let played), _):
            guard line.count > 0 else { return }
            report = line[played % line.count]
            memories[index] = .record(line, played: played + 1)
        case (.modelMatched, .model(var model), _):
            model.step(truth, lastReport ?? truth, at: time, inflow_m3ps: inflow_m3ps)
            model.write(into: &report)
            memories[index] = .model(model)
        default: break
        }
    }

    /// Running as commanded; once the program has given the pump up, without its alarm, and under the other one's name: at
    /// each of the other one's starts again.
    private func hideFailure(of pump: Int, in report: inout StationReport) {
        let names: [[StationTag]] = [[.run1, .command1, .current1], [.run2, .command2, .current2]]
        let (own, other) = (names[pump], names[1 - pump])
        let alarm = pump == 0 ? StationTag.alarmPump1 : .alarmPump2
        if report[alarm] != 0 {
            report[alarm] = 0
            for (own, other) in zip(own, other) { (report[own], report[other]) = (report[other], report[own]) }
        } else if report[own[1]] != 0, report[own[0]] == 0 {
            report[own[0]] = 1
            report.set(own[2], to: current_A)
        }
    }
}
