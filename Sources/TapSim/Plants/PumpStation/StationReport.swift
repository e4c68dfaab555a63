/// The PLC's registers as they are read once.
typealias StationReport = RegisterReport<StationTag>

extension RegisterReport<StationTag> {
    /// What the program has in its memory. A pump runs if its feedback says so.
    init(_ program: borrowing StationProgram, litresPerPulse: Double) {
        self.init()
        let inputs = program.inputs
        set(.level, to: program.level_m)
        set(.flow, to: inputs.flow_m3ps * 3_600)
        set(.pressure, to: inputs.pressure_Pa * 1e-5)
        set(.current1, to: inputs.current1_A)
        set(.current2, to: inputs.current2_A)
        set(.volume, to: Double(inputs.pulses) * litresPerPulse / 1_000)
        set(.run1, to: inputs.pumps[0].feedback)
        set(.run2, to: inputs.pumps[1].feedback)
        set(.command1, to: program.pumps[0].command)
        set(.command2, to: program.pumps[1].command)
        set(.siren, to: program.siren)
        set(.alarmHigh, to: program.isHigh)
        set(.alarmDry, to: program.isDry)
        set(.alarmPump1, to: program.pumps[0].hasFailed)
        set(.alarmPump2, to: program.pumps[1].hasFailed)
        set(.alarmLevel, to: program.isLevelDoubtful)
        self[.mode1] = Int32(program.mode(0))
        self[.mode2] = Int32(program.mode(1))
        self[.mode] = Int32(program.mode)
        set(.start, to: program.settings.start_m)
        set(.stop, to: program.settings.stop_m)
        set(.lag, to: program.settings.lag_m)
        set(.high, to: program.settings.highAlarm_m)
        self[.starts1] = Int32(truncatingIfNeeded: program.pumps[0].starts)
        self[.starts2] = Int32(truncatingIfNeeded: program.pumps[1].starts)
    }
}
