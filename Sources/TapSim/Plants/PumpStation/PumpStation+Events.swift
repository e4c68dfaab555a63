extension PumpStation.Event {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case handMode = "hand-mode"
        case localStop = "local-stop"
        case lockout
        case programDownload = "program-download"
        case sensorCalibration = "sensor-calibration"
        case parkedCalibration = "parked-calibration"
        case floatTest = "float-test"
        case secondClient = "second-client"
        case supplyDip = "supply-dip"
        case controlSupplyLost = "control-supply-lost"
        case powerCut = "power-cut"
        case hmiRestart = "hmi-restart"
        case clockSet = "clock-set"
        case settingChanged = "setting-changed"
        case remoteRun = "remote-run"
        case rain
        case lostPhase = "lost-phase"
        case checkValveLeaking = "check-valve-leaking"
        case checkValveStuck = "check-valve-stuck"
        case floatStuck = "float-stuck"
        case contactorWelded = "contactor-welded"
        case loopOpen = "loop-open"
        case loopShorted = "loop-shorted"
        case fouling
        case rag

        /// A machine that fails, where the others are people and weather.
        public var isFault: Bool {
            switch self {
            case .lostPhase, .checkValveLeaking, .checkValveStuck, .floatStuck, .contactorWelded, .loopOpen,
                .loopShorted,
                .fouling, .rag:
                true
            default: false
            }
        }

        public var concernsOnePump: Bool {
            switch self {
            case .handMode, .localStop, .lockout, .lostPhase, .checkValveLeaking, .checkValveStuck, .contactorWelded,
                .rag, .remoteRun:
                true
            default: false
            }
        }

        /// The jobs of a working day, and how many minutes each takes.
        static let jobs: [(kind: Kind, minutes: ClosedRange<Double>)] = [
            (.handMode, 2...7), (.localStop, 2...15), (.sensorCalibration, 6...12), (.parkedCalibration, 6...12),
            (.lockout, 30...120), (.programDownload, 0.3...0.8), (.floatTest, 0.3...1), (.secondClient, 2...20),
            (.settingChanged, 30...240), (.remoteRun, 1...4),
        ]

        /// What happens at any hour, and how many minutes it lasts.
        static let mishaps: [(kind: Kind, minutes: ClosedRange<Double>)] = [
            (.controlSupplyLost, 1...30), (.powerCut, 0.5...60), (.hmiRestart, 1...4), (.clockSet, 60...1_440),
            (.loopOpen, 5...120), (.loopShorted, 5...120), (.fouling, 2_880...14_400), (.rag, 60...600),
        ]

        /// Of those that can happen on their own.
        public var canBeRoutine: Bool {
            self == .supplyDip || (Kind.jobs + Kind.mishaps).contains { $0.kind == self }
        }
    }
}
