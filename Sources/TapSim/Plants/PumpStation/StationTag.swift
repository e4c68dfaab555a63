/// What the PLC reports to the HMI, in the order of its registers.
enum StationTag: Int, RegisterTag {
    case level, flow, pressure, current1, current2, volume
    case run1, run2, command1, command2, siren
    case alarmHigh, alarmDry, alarmPump1, alarmPump2, alarmLevel
    case mode1, mode2, mode
    case start, stop, lag, high
    case starts1, starts2

    var name: String {
        switch self {
        case .level: "LEVEL"
        case .flow: "FLOW"
        case .pressure: "PRESSURE"
        case .current1: "P1_CURRENT"
        case .current2: "P2_CURRENT"
        case .volume: "VOLUME"
        case .run1: "P1_RUN"
        case .run2: "P2_RUN"
        case .command1: "P1_CMD"
        case .command2: "P2_CMD"
        case .siren: "SIREN"
        case .alarmHigh: "ALM_HIGH"
        case .alarmDry: "ALM_DRY"
        case .alarmPump1: "ALM_P1_FAIL"
        case .alarmPump2: "ALM_P2_FAIL"
        case .alarmLevel: "ALM_LEVEL"
        case .mode1: "P1_MODE"
        case .mode2: "P2_MODE"
        case .mode: "STATION_MODE"
        case .start: "SP_START"
        case .stop: "SP_STOP"
        case .lag: "SP_LAG"
        case .high: "SP_HIGH"
        case .starts1: "P1_STARTS"
        case .starts2: "P2_STARTS"
        }
    }

    var form: RegisterForm {
        switch self {
        case .level, .start, .stop, .lag, .high: .number(unit: "m", perUnit: 1_000)
        case .flow: .number(unit: "m3/h", perUnit: 10)
        case .pressure: .number(unit: "bar", perUnit: 1_000)
        case .current1, .current2: .number(unit: "A", perUnit: 100)
        case .volume: .number(unit: "m3", perUnit: 10)
        case .starts1, .starts2: .number(unit: "", perUnit: 1)
        case .run1, .run2, .command1, .command2, .siren, .alarmHigh, .alarmDry, .alarmPump1, .alarmPump2, .alarmLevel:
            .flag
        case .mode1, .mode2: .words(["off", "auto", "hand"])
        case .mode: .words(["auto", "maintenance", "dry", "no-pump"])
        }
    }

    /// The field signal that it speaks of; nil: none alone.
    var signal: String? {
        switch self {
        case .level, .start, .stop, .lag, .high: StationCurve.level.name
        case .flow: StationCurve.flow.name
        case .pressure: StationCurve.pressure.name
        case .current1: StationCurve.current1.name
        case .current2: StationCurve.current2.name
        case .run1: StationLine.p1Feedback.name
        case .run2: StationLine.p2Feedback.name
        case .command1: StationLine.p1Command.name
        case .command2: StationLine.p2Command.name
        case .siren: StationLine.siren.name
        default: nil
        }
    }

    var isNumber: Bool { if case .number = form { true } else { false } }

    /// The greatest count of a state.
    var highestState: Int32 { if case .words(let words) = form { Int32(words.count - 1) } else { 1 } }

    /// A set point.
    var isLimit: Bool { [.start, .stop, .lag, .high].contains(self) }
}
