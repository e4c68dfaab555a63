import TapConfig
import TapCore

/// The attacks that there are on the station. docs/attacks.md describes each.
enum StationAttack: String, PlantAttack {
    case commandChanged = "command-changed"
    case parameterDrift = "parameter-drift"
    case outputForced = "output-forced"
    case outputToggled = "output-toggled"
    case settingWritten = "setting-written"
    case bias, scaling, ramp, frozen
    case reportedAs = "reported-as"
    case screenBias = "screen-bias"
    case screenScaling = "screen-scaling"
    case screenRamp = "screen-ramp"
    case screenFrozen = "screen-frozen"
    case screenShows = "screen-shows"
    case screenReordered = "screen-reordered"
    case inputBias = "input-bias"
    case replay
    case modelMatched = "model-matched"
    case thresholdMoved = "threshold-moved"
    case interlockBypassed = "interlock-bypassed"
    case sirenCut = "siren-cut"
    case alarmSwallowed = "alarm-swallowed"
    case feedbackLies = "feedback-lies"
    case failureHidden = "failure-hidden"
    case sequenceReordered = "sequence-reordered"
    case viewDenied = "view-denied"

    /// It changes the program, its parameters or what it sees.
    var misleadsProgram: Bool { [.plcProgram, .plcParameter, .plcInput, .bus].contains(kind.place) }

    private static let commands = ["P1_CMD", "P2_CMD"]
    private static let settings = StationTag.allCases.filter(\.isLimit).map(\.name)
    private static let numbers = StationTag.allCases.filter(\.isNumber).map(\.name)
    private static let states = StationTag.allCases.filter { !$0.isNumber }.map(\.name)
    private static let tags = StationTag.allCases.map(\.name)

    /// What is done to a tag on its way, at whichever place.
    enum Lie: Sendable { case bias, scaling, ramp, frozen, replaced, reordered }

    /// nil: it is none about a single tag.
    var lie: Lie? {
        switch self {
        case .bias, .screenBias: .bias
        case .scaling, .screenScaling: .scaling
        case .ramp, .screenRamp: .ramp
        case .frozen, .screenFrozen: .frozen
        case .reportedAs, .screenShows: .replaced
        case .sequenceReordered, .screenReordered: .reordered
        default: nil
        }
    }

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
        case .settingWritten:
            AttackKind(
                rawValue, aim: .modifiedControl, at: .bus, targets: Self.settings, strength: .init(0.5, in: -5...5),
                techniques: ["T0836", "T0855"],
                truth: "{target} is moved by {strength} m by a write on the bus, and written back in the end")
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
        case .bias, .scaling, .ramp, .frozen, .reportedAs, .sequenceReordered: lieKind(at: .report, "the PLC reports")
        case .screenBias, .screenScaling, .screenRamp, .screenFrozen, .screenShows, .screenReordered:
            lieKind(at: .screen, "the screen shows")
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
        case .failureHidden:
            AttackKind(
                rawValue, aim: .misledOperator, at: .report, targets: ["P1_RUN", "P2_RUN"],
                techniques: ["T0832", "T0878"],
                truth:
                    "the PLC reports {target} as commanded, hides the failure alarm, and shows the other pump as this one"
            )
        case .viewDenied:
            AttackKind(
                rawValue, aim: .misledOperator, at: .report, techniques: ["T0815"],
                truth: "the PLC does not answer the HMI")
        }
    }

    private func lieKind(at place: Attack.Place, _ who: String) -> AttackKind {
        let aim = lie == .reordered ? Attack.Aim.misledOperator : .falsifiedMonitoring
        let techniques = lie == .reordered || place == .screen ? ["T0832"] : ["T0856"]
        func kind(
            _ targets: [String], _ truth: String, _ strength: AttackKind.Strength? = nil, span: AttackKind.Span? = nil
        ) -> AttackKind {
            AttackKind(
                rawValue, aim: aim, at: place, targets: targets, strength: strength, span: span, techniques: techniques,
                truth: "\(who) {target} \(truth)")
        }
        return switch lie {
        case .bias: kind(Self.numbers, "with {strength} added", .init(-0.5, in: -1_000...1_000))
        case .scaling: kind(Self.numbers, "times {strength}", .init(0.8, in: 0...100, neutral: 1))
        case .ramp: kind(Self.numbers, "with {strength} more added each hour", .init(-0.5, in: -10_000...10_000))
        case .replaced: kind(Self.states, "as {strength}", .init(0, in: 0...3))
        case .reordered:
            kind(
                Self.tags, "{span} late, so that events are shown in another order",
                span: .init("delay", .seconds(5), in: .seconds(1) ... .seconds(600)))
        case .frozen, nil: kind(Self.tags, "as it was when this began")
        }
    }
}
