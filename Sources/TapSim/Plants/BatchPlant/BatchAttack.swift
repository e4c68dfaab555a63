import TapConfig
import TapCore

/// The attacks that there are on the plant. docs/attacks.md describes each.
enum BatchAttack: String, PlantAttack {
    case recipeExcess = "recipe-excess"
    case stepsReordered = "steps-reordered"
    case drainOpened = "drain-opened"
    case outputForced = "output-forced"
    case bias, scaling, frozen
    case strokeVolume = "stroke-volume"
    case inputBias = "input-bias"
    case replay
    case heatRaised = "heat-raised"
    case agitatorStopped = "agitator-stopped"
    case interlockBridged = "interlock-bridged"
    case thresholdMoved = "threshold-moved"
    case alarmSwallowed = "alarm-swallowed"
    case valveLies = "valve-lies"
    case sequenceReordered = "sequence-reordered"
    case viewDenied = "view-denied"

    private static let outputs = ["XV1_OPEN_CMD", "XV2_OPEN_CMD", "XV3_OPEN_CMD", "AGIT_CMD"]
    private static let measurements = ["WEIGHT", "TEMPERATURE", "PH", "HEAT_CURRENT"]

    /// Strengths are shares of a dose, of a stroke or of full heat; what is added for a bias, in the unit of tag or signal; a
    /// factor for scaling; pH for a threshold.
    var kind: AttackKind {
        switch self {
        case .recipeExcess, .stepsReordered, .drainOpened, .outputForced: control
        case .bias, .scaling, .frozen, .strokeVolume, .inputBias: monitoring
        case .replay, .heatRaised, .agitatorStopped: hidden
        case .interlockBridged, .thresholdMoved, .alarmSwallowed: alarms
        case .valveLies, .sequenceReordered, .viewDenied: operators
        }
    }

    private var control: AttackKind {
        switch self {
        case .recipeExcess:
            AttackKind(
                rawValue, aim: .modifiedControl, at: .plcParameter, targets: ["SP_EXCESS"],
                strength: .init(0.05, in: 0...1), techniques: ["T0836", "T0831"],
                truth: "each batch is dosed beyond its target by {strength} of what it took")
        case .stepsReordered:
            AttackKind(
                rawValue, aim: .modifiedControl, at: .plcProgram, techniques: ["T0831", "T0821"],
                truth: "the PLC's program doses before it agitates and heats")
        case .drainOpened:
            AttackKind(
                rawValue, aim: .modifiedControl, at: .plcOutput, targets: ["XV3_OPEN_CMD"],
                techniques: ["T0835", "T0831"], truth: "the PLC's output for {target} is on while the vessel is filled")
        default:
            AttackKind(
                rawValue, aim: .modifiedControl, at: .plcOutput, targets: Self.outputs, hasValue: true,
                techniques: ["T0835", "T0831"],
                truth: "the PLC's output for {target} is forced {value}; its program knows nothing of it")
        }
    }

    private var monitoring: AttackKind {
        switch self {
        case .bias:
            AttackKind(
                rawValue, aim: .falsifiedMonitoring, at: .report, targets: Self.measurements,
                strength: .init(-1, in: -1_000...1_000), techniques: ["T0856"],
                truth: "the PLC reports {target} with {strength} added")
        case .scaling:
            AttackKind(
                rawValue, aim: .falsifiedMonitoring, at: .report, targets: Self.measurements,
                strength: .init(0.8, in: 0...100), techniques: ["T0856"],
                truth: "the PLC reports {target} times {strength}")
        case .frozen:
            AttackKind(
                rawValue, aim: .falsifiedMonitoring, at: .report,
                targets: Self.measurements + ["AGIT_RUN", "DOSED", "STROKES", "STEP"], techniques: ["T0856"],
                truth: "the PLC reports {target} as it was when this began")
        case .strokeVolume:
            AttackKind(
                rawValue, aim: .falsifiedMonitoring, at: .report, targets: ["DOSED"], strength: .init(0.8, in: 0...10),
                techniques: ["T0856"], truth: "the PLC reports {target} by a stroke of {strength} of its true volume")
        default:
            AttackKind(
                rawValue, aim: .falsifiedMonitoring, at: .plcInput, targets: ["AIT1", "WIT1", "TT1"],
                strength: .init(-0.8, in: -500...500), techniques: ["T0835"],
                truth: "the PLC's program sees {target} with {strength} added, and controls by it")
        }
    }

    private var hidden: AttackKind {
        switch self {
        case .replay:
            AttackKind(
                rawValue, aim: .hiddenDeviation, at: .report, targets: Self.outputs, hasValue: true,
                span: .init("recorded", .seconds(1_800), in: .seconds(10) ... .seconds(3_600), isBefore: true),
                techniques: ["T0832", "T0856", "T0851"],
                truth: "{target} is forced {value} while the PLC reports what it recorded in the {span} before")
        case .heatRaised:
            AttackKind(
                rawValue, aim: .hiddenDeviation, at: .report, targets: ["HEAT_PWM"], strength: .init(0.5, in: 0...1),
                techniques: ["T0835", "T0832", "T0856"],
                truth:
                    "the duty of {target} is at least {strength} while the PLC reports a heater and a temperature that stay"
            )
        default:
            AttackKind(
                rawValue, aim: .hiddenDeviation, at: .plcOutput, targets: ["AGIT_CMD"],
                techniques: ["T0835", "T0832", "T0831"],
                truth: "{target} is held off while the PLC's program sees the agitator run, and reports so")
        }
    }

    private var alarms: AttackKind {
        switch self {
        case .interlockBridged:
            AttackKind(
                rawValue, aim: .disabledAlarms, at: .wire, targets: ["LSHH", "TSH"], techniques: ["T0837", "T0880"],
                truth: "the contact of {target} is bridged: it stops nothing and nobody sees it")
        case .thresholdMoved:
            AttackKind(
                rawValue, aim: .disabledAlarms, at: .plcParameter, targets: ["SP_PH_HIGH"],
                strength: .init(3, in: -5...5), techniques: ["T0838"],
                truth: "{target} in the PLC is moved by {strength}")
        default:
            AttackKind(
                rawValue, aim: .disabledAlarms, at: .report,
                targets: [
                    "ALM_LSHH", "ALM_TSH", "ALM_ESTOP", "ALM_XV1", "ALM_XV2", "ALM_XV3", "ALM_AGIT", "ALM_PH",
                    "ALM_DOSE",
                    "ALM_HEAT",
                ], techniques: ["T0878"], truth: "the PLC never reports {target}")
        }
    }

    private var operators: AttackKind {
        switch self {
        case .valveLies:
            AttackKind(
                rawValue, aim: .misledOperator, at: .report, targets: ["XV1_OPEN", "XV2_OPEN", "XV3_OPEN"],
                techniques: ["T0832"], truth: "the PLC reports {target} while the valve is closed")
        case .sequenceReordered:
            AttackKind(
                rawValue, aim: .misledOperator, at: .report, targets: ["STEP", "WEIGHT", "AGIT_RUN", "ALM_PH"],
                span: .init("delay", .seconds(10), in: .seconds(1) ... .seconds(600)), techniques: ["T0832"],
                truth: "the PLC reports {target} {span} late, so that events are shown in another order")
        default:
            AttackKind(
                rawValue, aim: .misledOperator, at: .report, techniques: ["T0815"],
                truth: "the PLC does not answer the HMI")
        }
    }
}
