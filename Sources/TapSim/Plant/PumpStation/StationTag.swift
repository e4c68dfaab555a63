import TapConfig
import TapCore

/// What the PLC tells the HMI, in the order of its registers.
enum StationTag: Int, CaseIterable {
    case level, flow, pressure, current1, current2, volume
    case run1, run2, command1, command2, siren
    case alarmHigh, alarmDry, alarmPump1, alarmPump2, alarmLevel
    case mode1, mode2, mode
    case start, stop, lag, high
    case starts1, starts2

    enum Form {
        case flag
        /// A register counts so many to the unit.
        case number(unit: String, perUnit: Double)
        case words([String])
    }

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

    var form: Form {
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

    /// Registers of 16 bits it takes, high word first.
    var registers: Int {
        switch self {
        case .volume, .starts1, .starts2: 2
        default: 1
        }
    }

    static func named(_ name: String) -> StationTag? { allCases.first { $0.name == name } }
}

/// The PLC's registers as they are read once: one count for each tag.
struct StationReport: Sendable {
    private(set) var counts: InlineArray<25, Int32> = .init(repeating: 0)

    subscript(_ tag: StationTag) -> Int32 {
        get { counts[tag.rawValue] }
        set { counts[tag.rawValue] = newValue }
    }

    init() {}

    /// What the program has in its memory. A pump runs if its feedback says so.
    init(_ program: borrowing StationProgram, litresPerPulse: Double) {
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

    private mutating func set(_ tag: StationTag, to isOn: Bool) { self[tag] = isOn ? 1 : 0 }

    /// To the nearest count.
    mutating func set(_ tag: StationTag, to value: Double) {
        guard case .number(_, let perUnit) = tag.form else { return }
        self[tag] = Int32(min(2e9, max(-2e9, (value * perUnit).rounded())))
    }

    /// In the tag's unit.
    func number(_ tag: StationTag) -> Double {
        guard case .number(_, let perUnit) = tag.form else { return Double(self[tag]) }
        return Double(self[tag]) / perUnit
    }

    /// What the screen says of one tag.
    func value(of tag: StationTag) -> Claim.Value {
        switch tag.form {
        case .flag: return .bool(self[tag] != 0)
        case .number(let unit, _): return .number(number(tag), unit: unit)
        case .words(let words): return .text(words[min(words.count - 1, max(0, Int(self[tag])))])
        }
    }
}
