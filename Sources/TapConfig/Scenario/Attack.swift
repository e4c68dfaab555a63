public import TapCore

/// An attack on a plant, as a scenario file's `attacks` describes it: what, where and exactly when.
public struct Attack: Sendable, Hashable {
    public var kind: AttackKind
    /// After the run's start.
    public var from: Nanoseconds
    /// nil: to the end of the run.
    public var to: Nanoseconds?
    /// One of the kind's targets: a signal, a tag of a report or a setting.
    public var target: String
    /// What it is forced to, for a kind that forces.
    public var value: Bool
    /// How strong; what it counts is the kind's.
    public var strength: Double
    /// What the kind's span is: from toggle to toggle, how long before `from` a replay was recorded, how long reports are
    /// held back.
    public var span: Nanoseconds

    /// - Parameters:
    ///   - target: nil: the kind's first.
    ///   - strength: nil: the kind's usual one; `span` likewise.
    public init(
        _ kind: AttackKind, from: Nanoseconds, to: Nanoseconds?, target: String? = nil, value: Bool = false,
        strength: Double? = nil, span: Nanoseconds? = nil
    ) {
        self.kind = kind
        self.from = from
        self.to = to
        self.target = target ?? kind.targets.first ?? ""
        self.value = value
        self.strength = strength ?? kind.strength?.usual ?? 0
        self.span = span ?? kind.span?.usual ?? .zero
    }

    public enum Aim: String, Sendable, Hashable, CaseIterable {
        case modifiedControl = "modified-control"
        case falsifiedMonitoring = "falsified-monitoring"
        case hiddenDeviation = "hidden-deviation"
        case disabledAlarms = "disabled-alarms"
        case misledOperator = "misled-operator"
    }

    /// Where in the chain from wire to screen an attack acts: nowhere else.
    public enum Place: String, Sendable, Hashable, CaseIterable {
        case plcInput = "PLC input image"
        case plcProgram = "PLC program"
        case plcParameter = "PLC parameter"
        case plcOutput = "PLC output image"
        case report = "report from PLC to HMI"
        case wire = "wire"
        /// Behind the bus, which carries what is true.
        case screen = "screen"
        /// A write of a client on the bus, which everyone there can hear.
        case bus = "write on the bus"
    }

    /// As labels name it.
    public var name: String { "\(kind.aim.rawValue)/\(kind.name)" }

    /// What really happens, for whoever judges a detector.
    public var truth: String {
        let words = [
            "target": target, "value": value ? "on" : "off", "strength": plain(strength),
            "span": plain(span),
        ]
        var truth = ""
        var rest = Substring(kind.truth)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            truth += rest[..<open]
            truth += words[String(rest[rest.index(after: open)..<close])] ?? String(rest[open...close])
            rest = rest[rest.index(after: close)...]
        }
        return truth + rest
    }
}
