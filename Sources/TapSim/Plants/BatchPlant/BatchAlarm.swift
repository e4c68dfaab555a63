/// The PLC's alarms, in the order of their registers. Each holds the batch until somebody has seen to it.
enum BatchAlarm: Int, Sendable, CaseIterable {
    case highHigh, hot, stop, valve1, valve2, valve3, agitator, acidity, dosing, heating
}
