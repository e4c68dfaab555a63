import TapConfig
import TapCore

/// The attacks that there are on the station. docs/attacks.md describes each.
enum StationAttack: String, Sendable, CaseIterable {
    case commandChanged = "command-changed"
    case parameterDrift = "parameter-drift"
    case outputForced = "output-forced"
    case outputToggled = "output-toggled"
    case bias, scaling, frozen
    case inputBias = "input-bias"
    case replay
    case modelMatched = "model-matched"
    case thresholdMoved = "threshold-moved"
    case interlockBypassed = "interlock-bypassed"
    case sirenCut = "siren-cut"
    case alarmSwallowed = "alarm-swallowed"
    case feedbackLies = "feedback-lies"
    case sequenceReordered = "sequence-reordered"
    case viewDenied = "view-denied"

    /// It changes the program, its parameters or what it sees.
    var misleadsProgram: Bool { [.plcProgram, .plcParameter, .plcInput].contains(kind.place) }

    private static let commands = ["P1_CMD", "P2_CMD"]
    private static let measurements = ["LEVEL", "FLOW", "P1_CURRENT", "P2_CURRENT", "PRESSURE"]

    /// Strengths are metres an hour for a drift, metres for a threshold; what is added for a bias, in the unit of tag or
    /// signal; a factor for scaling; the error of a model's inflow, as a share of it.
    var kind: AttackKind {
        switch self {
        case .commandChanged:
            AttackKind(
                rawValue, aim: .modifiedControl, at: .plcProgram, targets: Self.commands, hasValue: true,
                techniques: ["T0831", "T0821"], truth: "a changed PLC program holds {target} {value}, and reports it so"
            )
        case .parameterDrift:
            AttackKind(
                rawValue, aim: .modifiedControl, at: .plcParameter, targets: ["SP_START", "SP_STOP", "SP_LAG"],
                strength: .init(0.1, in: -10...10), techniques: ["T0836", "T0831"],
                truth: "{target} in the PLC moves by {strength} m an hour")
        case .outputForced:
            AttackKind(
                rawValue, aim: .modifiedControl, at: .plcOutput, targets: Self.commands + ["SIREN"], hasValue: true,
                techniques: ["T0835", "T0831"],
                truth: "the PLC's output for {target} is forced {value}; its program knows nothing of it")
        case .outputToggled:
            AttackKind(
                rawValue, aim: .modifiedControl, at: .plcOutput, targets: Self.commands + ["SIREN"],
                span: .init("every", .seconds(4), in: .milliseconds(40) ... .seconds(3_600)),
                techniques: ["T0806", "T0831"],
                truth: "the PLC's output for {target} is toggled every {span}; its program knows nothing of it")
        case .bias:
            AttackKind(
                rawValue, aim: .falsifiedMonitoring, at: .report, targets: Self.measurements,
                strength: .init(-0.5, in: -1_000...1_000), techniques: ["T0856"],
                truth: "the PLC reports {target} with {strength} added")
        case .scaling:
            AttackKind(
                rawValue, aim: .falsifiedMonitoring, at: .report, targets: Self.measurements,
                strength: .init(0.8, in: 0...100), techniques: ["T0856"],
                truth: "the PLC reports {target} times {strength}")
        case .frozen:
            AttackKind(
                rawValue, aim: .falsifiedMonitoring, at: .report,
                targets: Self.measurements + ["P1_RUN", "P2_RUN", "VOLUME"], techniques: ["T0856"],
                truth: "the PLC reports {target} as it was when this began")
        case .inputBias:
            AttackKind(
                rawValue, aim: .falsifiedMonitoring, at: .plcInput, targets: ["LT1", "FT1"],
                strength: .init(-0.5, in: -5...5), techniques: ["T0835"],
                truth: "the PLC's program sees {target} with {strength} added, and controls by it")
        case .replay:
            AttackKind(
                rawValue, aim: .hiddenDeviation, at: .report, targets: Self.commands, hasValue: true,
                span: .init("recorded", .seconds(1_800), in: .seconds(10) ... .seconds(3_600), isBefore: true),
                techniques: ["T0832", "T0856", "T0851"],
                truth: "{target} is forced {value} while the PLC reports what it recorded in the {span} before")
        case .modelMatched:
            AttackKind(
                rawValue, aim: .hiddenDeviation, at: .report, targets: Self.commands, hasValue: true,
                strength: .init(0, in: -0.5...0.5), techniques: ["T0832", "T0851"],
                truth: "{target} is forced {value} while the PLC reports a model of a healthy station")
        case .thresholdMoved:
            AttackKind(
                rawValue, aim: .disabledAlarms, at: .plcParameter, targets: ["SP_HIGH"],
                strength: .init(2, in: -5...5), techniques: ["T0838"],
                truth: "{target} in the PLC is moved by {strength} m")
        case .interlockBypassed:
            AttackKind(
                rawValue, aim: .disabledAlarms, at: .plcProgram, targets: ["LSL"], techniques: ["T0837", "T0880"],
                truth: "the PLC's program ignores {target}: no dry-run protection in auto")
        case .sirenCut:
            AttackKind(
                rawValue, aim: .disabledAlarms, at: .wire, targets: ["SIREN"], techniques: ["T0878", "T0837"],
                truth: "the wire to the siren is cut behind the PLC's output")
        case .alarmSwallowed:
            AttackKind(
                rawValue, aim: .disabledAlarms, at: .report,
                targets: ["ALM_HIGH", "ALM_DRY", "ALM_P1_FAIL", "ALM_P2_FAIL", "ALM_LEVEL"], techniques: ["T0878"],
                truth: "the PLC never reports {target}")
        case .feedbackLies:
            AttackKind(
                rawValue, aim: .misledOperator, at: .report, targets: ["P1_RUN", "P2_RUN"], techniques: ["T0832"],
                truth: "the PLC reports {target} as commanded, whatever the contactor does")
        case .sequenceReordered:
            AttackKind(
                rawValue, aim: .misledOperator, at: .report, targets: ["LEVEL", "P1_RUN", "P2_RUN", "ALM_HIGH"],
                span: .init("delay", .seconds(5), in: .seconds(1) ... .seconds(600)), techniques: ["T0832"],
                truth: "the PLC reports {target} {span} late, so that events are shown in another order")
        case .viewDenied:
            AttackKind(
                rawValue, aim: .misledOperator, at: .report, techniques: ["T0815"],
                truth: "the PLC does not answer the HMI")
        }
    }
}

extension Attack {
    init(
        _ variant: StationAttack, from: Nanoseconds, to: Nanoseconds?, target: String? = nil, value: Bool = false,
        strength: Double? = nil, span: Nanoseconds? = nil
    ) {
        self.init(
            variant.kind, from: from, to: to, target: target, value: value, strength: strength, span: span)
    }
}
