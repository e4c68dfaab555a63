public import TapCore

/// An attack on a plant, as given in a scenario file's `attacks`: what, where and exactly when. docs/attacks.md gives
/// each variant, with its number in ATT&CK for ICS.
public struct Attack: Sendable, Hashable {
    public var variant: Variant
    /// After the run's start.
    public var from: Nanoseconds
    /// nil: to the end of the run.
    public var to: Nanoseconds?
    /// A signal, a tag of a report or a setting, whichever the variant acts on.
    public var target: String
    /// What it is forced to, for a variant that forces.
    public var value: Bool
    /// How strong; what it counts is the variant's.
    public var strength: Double
    /// From toggle to toggle, or how long before `from` a replay was recorded, or how long reports are held back.
    public var span: Nanoseconds

    public init(
        _ variant: Variant, from: Nanoseconds, to: Nanoseconds?, target: String? = nil, value: Bool = false,
        strength: Double? = nil, span: Nanoseconds? = nil
    ) {
        self.variant = variant
        self.from = from
        self.to = to
        self.target = target ?? variant.targets.first ?? ""
        self.value = value
        self.strength = strength ?? variant.strength?.usual ?? 0
        self.span = span ?? variant.span?.usual ?? .zero
    }

    public enum Aim: String, Sendable, Hashable, CaseIterable {
        case modifiedControl = "modified-control"
        case falsifiedMonitoring = "falsified-monitoring"
        case hiddenDeviation = "hidden-deviation"
        case disabledAlarms = "disabled-alarms"
        case misledOperator = "misled-operator"

        public var variants: [Variant] { Variant.allCases.filter { $0.aim == self } }
    }

    public enum Variant: String, Sendable, Hashable, CaseIterable {
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
    }

    /// Where in the chain from wire to screen an attack acts: nowhere else.
    public enum Place: String, Sendable, Hashable, CaseIterable {
        case plcInput = "PLC input image"
        case plcProgram = "PLC program"
        case plcParameter = "PLC parameter"
        case plcOutput = "PLC output image"
        case report = "report from PLC to HMI"
        case wire = "wire"
    }

    /// As labels name it.
    public var name: String { "\(variant.aim.rawValue)/\(variant.rawValue)" }
}

extension Attack.Variant {
    public var aim: Attack.Aim {
        switch self {
        case .commandChanged, .parameterDrift, .outputForced, .outputToggled: .modifiedControl
        case .bias, .scaling, .frozen, .inputBias: .falsifiedMonitoring
        case .replay, .modelMatched: .hiddenDeviation
        case .thresholdMoved, .interlockBypassed, .sirenCut, .alarmSwallowed: .disabledAlarms
        case .feedbackLies, .sequenceReordered, .viewDenied: .misledOperator
        }
    }

    /// Of hidden deviations the places are two: what departs is a forced output, what hides it is the report.
    public var place: Attack.Place {
        switch self {
        case .commandChanged, .interlockBypassed: .plcProgram
        case .parameterDrift, .thresholdMoved: .plcParameter
        case .outputForced, .outputToggled: .plcOutput
        case .inputBias: .plcInput
        case .bias, .scaling, .frozen, .replay, .modelMatched, .alarmSwallowed, .feedbackLies, .sequenceReordered,
            .viewDenied:
            .report
        case .sirenCut: .wire
        }
    }

    /// What it may act on; the first is meant where none is named. Empty: there is nothing to choose.
    public var targets: [String] {
        switch self {
        case .commandChanged, .replay, .modelMatched: ["P1_CMD", "P2_CMD"]
        case .outputForced, .outputToggled: ["P1_CMD", "P2_CMD", "SIREN"]
        case .parameterDrift: ["SP_START", "SP_STOP", "SP_LAG"]
        case .thresholdMoved: ["SP_HIGH"]
        case .bias, .scaling: ["LEVEL", "FLOW", "P1_CURRENT", "P2_CURRENT", "PRESSURE"]
        case .frozen:
            ["LEVEL", "FLOW", "P1_CURRENT", "P2_CURRENT", "PRESSURE", "P1_RUN", "P2_RUN", "VOLUME"]
        case .inputBias: ["LT1", "FT1"]
        case .interlockBypassed: ["LSL"]
        case .sirenCut: ["SIREN"]
        case .alarmSwallowed: ["ALM_HIGH", "ALM_DRY", "ALM_P1_FAIL", "ALM_P2_FAIL", "ALM_LEVEL"]
        case .feedbackLies: ["P1_RUN", "P2_RUN"]
        case .sequenceReordered: ["LEVEL", "P1_RUN", "P2_RUN", "ALM_HIGH"]
        case .viewDenied: []
        }
    }

    /// Whether `value` says what the target is forced to.
    public var hasValue: Bool {
        switch self {
        case .commandChanged, .outputForced, .replay, .modelMatched: true
        default: false
        }
    }

    /// nil: the variant has none.
    ///
    /// Metres an hour for a drift, metres for a threshold; what is added for a bias, in the unit of tag or signal; a
    /// factor for scaling; the error of a model's inflow, as a share of it.
    public var strength: (usual: Double, range: ClosedRange<Double>)? {
        switch self {
        case .parameterDrift: (0.1, -10...10)
        case .bias: (-0.5, -1_000...1_000)
        case .scaling: (0.8, 0...100)
        case .inputBias: (-0.5, -5...5)
        case .modelMatched: (0, -0.5...0.5)
        case .thresholdMoved: (2, -5...5)
        default: nil
        }
    }

    /// What `span` is called in a file, and what it may be; nil: the variant has none.
    public var span: (key: String, usual: Nanoseconds, range: ClosedRange<Nanoseconds>)? {
        switch self {
        case .outputToggled: ("every", .seconds(4), .milliseconds(40) ... .seconds(3_600))
        case .replay: ("recorded", .seconds(1_800), .seconds(10) ... .seconds(3_600))
        case .sequenceReordered: ("delay", .seconds(5), .seconds(1) ... .seconds(600))
        default: nil
        }
    }

    /// Techniques of ATT&CK for ICS v18.1.
    public var techniques: [String] {
        switch self {
        case .commandChanged: ["T0831", "T0821"]
        case .parameterDrift: ["T0836", "T0831"]
        case .outputForced: ["T0835", "T0831"]
        case .outputToggled: ["T0806", "T0831"]
        case .bias, .scaling, .frozen: ["T0856"]
        case .inputBias: ["T0835"]
        case .replay: ["T0832", "T0856", "T0851"]
        case .modelMatched: ["T0832", "T0851"]
        case .thresholdMoved: ["T0838"]
        case .interlockBypassed: ["T0837", "T0880"]
        case .sirenCut: ["T0878", "T0837"]
        case .alarmSwallowed: ["T0878"]
        case .feedbackLies: ["T0832"]
        case .sequenceReordered: ["T0832"]
        case .viewDenied: ["T0815"]
        }
    }
}
