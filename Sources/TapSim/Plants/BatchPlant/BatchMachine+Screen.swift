import TapConfig
import TapCore

extension RegisterReport<BatchTag> {
    /// What the program has in its memory.
    init(_ program: borrowing BatchProgram) {
        self.init()
        let inputs = program.inputs
        let recipe = Recipe.all[program.recipe]
        self[.step] = Int32(program.step.rawValue)
        self[.mode] = Int32(program.mode)
        self[.recipe] = Int32(program.recipe)
        self[.batches] = Int32(truncatingIfNeeded: program.batches)
        for valve in 0..<3 {
            set(BatchTag.command(valve), to: program.outputs.valves[valve])
            set(BatchTag.opened(valve), to: inputs.opened[valve])
            set(BatchTag.closed(valve), to: inputs.closed[valve])
        }
        set(.agitate, to: program.outputs.agitate)
        set(.agitates, to: inputs.agitates)
        set(.duty, to: program.outputs.duty * 100)
        set(.current, to: inputs.current_A)
        set(.weight, to: inputs.weight_kg)
        set(.temperature, to: inputs.temperature_degC)
        set(.acidity, to: program.pH)
        set(.dosed, to: program.dosed_kg)
        self[.strokes] = Int32(truncatingIfNeeded: inputs.strokes)
        set(.total, to: program.total_kg)
        for alarm in BatchAlarm.allCases { set(BatchTag.alarm(alarm), to: program.alarms[alarm.rawValue]) }
        set(.setWeight, to: recipe.waste_kg + recipe.water_kg)
        set(.setTemperature, to: recipe.temperature_degC)
        set(.setAcidity, to: recipe.target_pH)
        set(.setStroke, to: program.dosing.stroke_ml)
        set(.setExcess, to: program.settings.excess * 100)
        set(.setHigh, to: program.settings.highAlarm_pH)
    }
}

extension BatchMachine {
    /// The HMI's questions up to a time: a bus carries each when it is asked, whatever the PLC does meanwhile.
    mutating func ask(before time: UInt64) {
        let asked = screen.nextQuestion
        if screen.ask(before: time) { serial.send(question, at: asked) }
    }

    /// The PLC's side of an exchange, at the end of a scan.
    mutating func converse(at time: UInt64) {
        ask(before: time)
        guard plc.isRunning, !attacks.deniesView, let open = screen.openSince, open <= time else { return }
        var report = RegisterReport<BatchTag>(plc.program)
        attacks.act(on: &report, at: time)
        answered = report
        screen.answer(at: time)
        serial.send(RegisterScreen<BatchTag>.answer(report), at: time)
    }

    /// The HMI's side: it shows an answer, or that there was none.
    mutating func look(at time: UInt64) {
        let isAnswered = screen.shows == time
        if isAnswered { screen.show() } else { screen.giveUp() }
        let now = Timestamp(nanoseconds: time)
        let clockTime = (now + parameters.hmi.clockError).nanoseconds
        claim(
            now, RegisterScreen<BatchTag>.time, .text(ShortText(clock.text(at: clockTime))),
            truth: .text(ShortText(clock.text(at: time))))
        claim(now, RegisterScreen<BatchTag>.isAnswered, .bool(isAnswered), truth: .bool(plc.isRunning))
        guard isAnswered, let answered else { return }
        let honest = honestReport()
        for tag in BatchTag.allCases {
            claim(now, RegisterScreen<BatchTag>.id(of: tag), answered.value(of: tag), truth: honest.value(of: tag))
        }
    }

    private mutating func claim(_ time: Timestamp, _ tag: TagID, _ value: Claim.Value, truth: Claim.Value) {
        notes.append(.claim(Claim(tag: tag, value: value, time: time), truth: truth))
    }

    /// What an honest screen would show without any delay: the quantity itself where something is measured, the contact where
    /// one is reported, and of the program what the approved one would say.
    private func honestReport() -> RegisterReport<BatchTag> {
        var report: RegisterReport<BatchTag>
        if let approved {
            report = RegisterReport(approved)
        } else {
            report = RegisterReport(plc.program)
        }
        for valve in 0..<3 {
            report.set(BatchTag.opened(valve), to: valves[valve].isOpenSwitched && isSupplied)
            report.set(BatchTag.closed(valve), to: valves[valve].isClosedSwitched && isSupplied)
        }
        report.set(.agitates, to: agitates && isSupplied)
        report.set(.current, to: current_A)
        report.set(.weight, to: vessel.mass_kg)
        report.set(.temperature, to: vessel.temperature_degC)
        report.set(.acidity, to: vessel.pH)
        report.set(.dosed, to: pumped_kg - pumpedBefore_kg)
        report.set(.total, to: pumped_kg)
        report[.strokes] = Int32(truncatingIfNeeded: strokes)
        return report
    }
}
