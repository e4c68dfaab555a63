/// What the PLC reports to the HMI, in the order of its registers.
enum BatchTag: Int, RegisterTag {
    case step, mode, recipe, batches
    case command1, opened1, closed1, command2, opened2, closed2, command3, opened3, closed3
    case agitate, agitates, duty, current
    case weight, temperature, acidity, dosed, strokes, total
    case alarmHighHigh, alarmHot, alarmStop, alarmValve1, alarmValve2, alarmValve3, alarmAgitator, alarmAcidity
    case alarmDosing, alarmHeating
    case setWeight, setTemperature, setAcidity, setStroke, setExcess, setHigh

    static func command(_ valve: Int) -> BatchTag { [.command1, .command2, .command3][valve] }
    static func opened(_ valve: Int) -> BatchTag { [.opened1, .opened2, .opened3][valve] }
    static func closed(_ valve: Int) -> BatchTag { [.closed1, .closed2, .closed3][valve] }
    static func alarm(_ alarm: BatchAlarm) -> BatchTag {
        BatchTag(rawValue: BatchTag.alarmHighHigh.rawValue + alarm.rawValue) ?? .alarmHighHigh
    }

    private static let names = [
        "STEP", "MODE", "RECIPE", "BATCHES",
        "XV1_CMD", "XV1_OPEN", "XV1_CLOSED", "XV2_CMD", "XV2_OPEN", "XV2_CLOSED", "XV3_CMD", "XV3_OPEN", "XV3_CLOSED",
        "AGIT_CMD", "AGIT_RUN", "HEAT_DUTY", "HEAT_CURRENT",
        "WEIGHT", "TEMPERATURE", "PH", "DOSED", "STROKES", "TOTAL_DOSED",
        "ALM_LSHH", "ALM_TSH", "ALM_ESTOP", "ALM_XV1", "ALM_XV2", "ALM_XV3", "ALM_AGIT", "ALM_PH", "ALM_DOSE",
        "ALM_HEAT",
        "SP_WEIGHT", "SP_TEMPERATURE", "SP_PH", "SP_STROKE", "SP_EXCESS", "SP_PH_HIGH",
    ]

    var name: String { Self.names[rawValue] }

    var form: RegisterForm {
        switch self {
        case .step: .words(BatchStep.allCases.map(\.name))
        case .mode: .words(["auto", "hold", "alarm", "manual", "maintenance"])
        case .recipe: .words(Recipe.all.map(\.name))
        case .batches, .strokes: .number(unit: "", perUnit: 1)
        case .duty, .setExcess: .number(unit: "%", perUnit: 10)
        case .current, .temperature, .setTemperature: .number(unit: self == .current ? "A" : "degC", perUnit: 10)
        case .weight, .setWeight: .number(unit: "kg", perUnit: 10)
        case .acidity, .setAcidity, .setHigh: .number(unit: "pH", perUnit: 100)
        case .dosed: .number(unit: "kg", perUnit: 1_000)
        case .total: .number(unit: "kg", perUnit: 10)
        case .setStroke: .number(unit: "ml", perUnit: 1_000)
        default: .flag
        }
    }

    var registers: Int {
        switch self {
        case .batches, .strokes, .total: 2
        default: 1
        }
    }

    /// The field signal that it speaks of; nil: none alone.
    var signal: String? {
        switch self {
        case .command1: BatchLine.command1.name
        case .opened1: BatchLine.opened1.name
        case .closed1: BatchLine.closed1.name
        case .command2: BatchLine.command2.name
        case .opened2: BatchLine.opened2.name
        case .closed2: BatchLine.closed2.name
        case .command3: BatchLine.command3.name
        case .opened3: BatchLine.opened3.name
        case .closed3: BatchLine.closed3.name
        case .agitate: BatchLine.agitate.name
        case .agitates: BatchLine.agitates.name
        case .current: BatchCurve.current.name
        case .weight, .setWeight: BatchCurve.weight.name
        case .temperature, .setTemperature: BatchCurve.temperature.name
        case .acidity, .setAcidity, .setHigh: BatchCurve.acidity.name
        default: nil
        }
    }

    /// A set point.
    var isLimit: Bool { [.setWeight, .setTemperature, .setAcidity, .setHigh].contains(self) }

    /// How far an honest claim may be from the signal: three deviations of an input card's errors, its resolution, and what
    /// a filter leaves behind.
    var accuracy: Double {
        switch self {
        case .weight: 5
        case .temperature: 1
        case .acidity: 0.1
        case .current: 0.8
        default: 0
        }
    }
}
