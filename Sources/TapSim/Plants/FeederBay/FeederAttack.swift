import TapConfig
import TapCore

/// The attacks that there are on the bay. docs/attacks.md describes each.
enum FeederAttack: String, PlantAttack {
    case unclaimedCommand = "unclaimed-command"
    case rapidSwitching = "rapid-switching"
    case settingRaised = "setting-raised"
    case recloseLoop = "reclose-loop"
    case positionHeld = "position-held"
    case scaling, frozen
    case inputScaled = "input-scaled"
    case replay
    case modelMatched = "model-matched"
    case coilDisabled = "coil-disabled"
    case protectionBlocked = "protection-blocked"
    case alarmSwallowed = "alarm-swallowed"
    case stampsMoved = "stamps-moved"
    case sequenceReordered = "sequence-reordered"
    case clockMoved = "clock-moved"
    case viewDenied = "view-denied"

    private static let commands = ["TRIP_CMD", "CLOSE_CMD"]
    private static let measurements = ["I_A", "I_B", "I_C", "U_A"]
    private static let events = ["TRIP_RELAY", "CB_POS", "TRIP_CIRCUIT", "SPRING_OK", "CLOSE_OUT"]

    /// Strengths are factors. Spans are from pulse to pulse, of a record before, and by how much a clock or a stamp is late.
    var kind: AttackKind {
        switch self {
        case .unclaimedCommand:
            AttackKind(
                rawValue, aim: .modifiedControl, at: .plcOutput, targets: Self.commands,
                techniques: ["T0855", "T0831"], truth: "the RTU's output {target} has a pulse that nobody ordered")
        case .rapidSwitching:
            AttackKind(
                rawValue, aim: .modifiedControl, at: .plcOutput, targets: Self.commands,
                span: .init("every", .seconds(2), in: .milliseconds(400) ... .seconds(600)),
                techniques: ["T0855", "T0806", "T0831"],
                truth: "the RTU's outputs trip and close in turn, a pulse every {span}, {target} first")
        case .settingRaised:
            AttackKind(
                rawValue, aim: .modifiedControl, at: .plcParameter, targets: ["SP_PICKUP", "SP_TMS"],
                strength: .init(4.7, in: 0.1...20), techniques: ["T0836", "T0837"],
                truth: "{target} in the relay is {strength} times what it should be")
        case .recloseLoop:
            AttackKind(
                rawValue, aim: .modifiedControl, at: .plcProgram, techniques: ["T0821", "T0831"],
                truth: "the relay recloses again and again and never locks out")
        case .positionHeld:
            AttackKind(
                rawValue, aim: .falsifiedMonitoring, at: .report, targets: ["CB_POS"], hasValue: true,
                techniques: ["T0856"], truth: "the RTU reports {target} closed if on, else open: {value}")
        case .scaling:
            AttackKind(
                rawValue, aim: .falsifiedMonitoring, at: .report, targets: Self.measurements,
                strength: .init(0.8, in: 0...100), techniques: ["T0856"],
                truth: "the RTU reports {target} times {strength}")
        case .frozen:
            AttackKind(
                rawValue, aim: .falsifiedMonitoring, at: .report, targets: Self.measurements + Self.events,
                techniques: ["T0856"], truth: "the RTU reports {target} as it was when this began, and no change of it")
        case .inputScaled:
            AttackKind(
                rawValue, aim: .falsifiedMonitoring, at: .plcInput, targets: ["I_A"],
                strength: .init(0.3, in: 0...10), techniques: ["T0835", "T0837"],
                truth: "the relay's program sees its currents times {strength}, and protects by them")
        case .replay:
            AttackKind(
                rawValue, aim: .hiddenDeviation, at: .report, targets: Self.commands,
                span: .init("recorded", .seconds(300), in: .seconds(10) ... .seconds(3_600), isBefore: true),
                techniques: ["T0832", "T0856", "T0851"],
                truth: "{target} has a pulse, and the RTU reports what it recorded in the {span} before")
        case .modelMatched:
            AttackKind(
                rawValue, aim: .hiddenDeviation, at: .report, targets: Self.commands, strength: .init(1, in: 0.1...10),
                techniques: ["T0832", "T0851"],
                truth: "{target} has a pulse, and the RTU reports a load of {strength} times the last and no change")
        case .coilDisabled:
            AttackKind(
                rawValue, aim: .disabledAlarms, at: .wire, targets: ["TCS"], techniques: ["T0837", "T0878"],
                truth: "the trip coil's circuit is open, {target} is low, and the RTU reports it healthy")
        case .protectionBlocked:
            AttackKind(
                rawValue, aim: .disabledAlarms, at: .plcProgram, targets: ["TRIP_REL"], techniques: ["T0837", "T0880"],
                truth: "the relay starts and never trips: {target} stays open")
        case .alarmSwallowed:
            AttackKind(
                rawValue, aim: .disabledAlarms, at: .report,
                targets: ["ALM_TCS", "ALM_SPRING", "ALM_CB", "ALM_GAS", "ALM_DC"], techniques: ["T0878"],
                truth: "the RTU never reports {target}")
        case .stampsMoved:
            AttackKind(
                rawValue, aim: .misledOperator, at: .report, targets: Self.events,
                span: .init("by", .milliseconds(200), in: .milliseconds(1) ... .seconds(60)),
                techniques: ["T0832", "T0856"],
                truth: "the RTU stamps each change of {target} {span} late, so that causes seem to follow effects")
        case .sequenceReordered:
            AttackKind(
                rawValue, aim: .misledOperator, at: .report, techniques: ["T0832", "T0856"],
                truth: "the RTU gives the changes of an answer their stamps in the opposite order")
        case .clockMoved:
            AttackKind(
                rawValue, aim: .misledOperator, at: .plcParameter,
                span: .init("by", .seconds(90), in: .milliseconds(1) ... .seconds(86_400)),
                techniques: ["T0832", "T0836"], truth: "the RTU's clock is {span} ahead")
        case .viewDenied:
            AttackKind(
                rawValue, aim: .misledOperator, at: .report, techniques: ["T0815"],
                truth: "the RTU does not answer the HMI")
        }
    }
}
