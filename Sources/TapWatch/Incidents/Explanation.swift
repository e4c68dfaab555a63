/// What may be behind an incident, with what speaks for and against it.
public struct Explanation: Sendable, Hashable {
    /// An aim of an attacker, or what else there is.
    public enum Answer: String, Sendable, Hashable, CaseIterable {
        /// The screen shows a process that is not the one out there.
        case hiddenDeviation = "hidden-deviation"
        case misledOperator = "misled-operator"
        case disabledAlarms = "disabled-alarms"
        case falsifiedMonitoring = "falsified-monitoring"
        case modifiedControl = "modified-control"
        case equipmentFault = "equipment-fault"
        case communicationFault = "communication-fault"
        /// The process is out of its bounds, with everything in order.
        case processCondition = "process-condition"
        /// Somebody works there, or says so, without a permit.
        case unpermittedWork = "unpermitted-work"
        case blindSpot = "blind-spot"

        /// An attacker would want it.
        public var isAim: Bool {
            switch self {
            case .hiddenDeviation, .misledOperator, .disabledAlarms, .falsifiedMonitoring, .modifiedControl: true
            case .equipmentFault, .communicationFault, .processCondition, .unpermittedWork, .blindSpot: false
            }
        }

        public var words: String {
            switch self {
            case .hiddenDeviation: "hidden deviation: the screen shows another process than there is"
            case .misledOperator: "misled operator: what is shown makes people act wrongly"
            case .disabledAlarms: "disabled alarm or protection"
            case .falsifiedMonitoring: "falsified data"
            case .modifiedControl: "modified control: program, parameter or output"
            case .equipmentFault: "a fault of equipment"
            case .communicationFault: "a fault of cable, port or network"
            case .processCondition:
                "a condition of the process; nothing in this incident speaks against its wires or the screen"
            case .unpermittedWork: "work without a permit"
            case .blindSpot: "no signal reaches tap here: a wire, an input or a source is gone"
            }
        }
    }

    public var answer: Answer
    /// How sure, by judgement and not measured: those of a set need not add up to ten.
    public var ofTen: Int
    /// Technique ids of MITRE ATT&CK for ICS (`Explanation.attackVersion`).
    public var techniques: [String]
    public var speaksFor: [String]
    public var speaksAgainst: [String]
    /// What looks the same and is harmless, or another cause; empty: nothing that is known.
    public var unless: String
    /// What to look at first for it.
    public var check: String
    /// It is so beside what leads, not instead of it.
    public var isBeside = false

    /// The version that the ids are of.
    public static let attackVersion = "18.1"
}
