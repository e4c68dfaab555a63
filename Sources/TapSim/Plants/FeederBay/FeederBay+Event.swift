public import TapCore

extension FeederBay {
    /// Something that happens at a given time.
    public struct Event: PlantEvent, Sendable, Hashable {
        public var what: Kind
        /// After the run's start.
        public var at: Nanoseconds
        public var duration: Nanoseconds

        public init(what: Kind, at: Nanoseconds, duration: Nanoseconds) {
            self.what = what
            self.at = at
            self.duration = duration
        }

        public enum Kind: String, Sendable, Hashable, CaseIterable {
            case switching
            case lineWork = "line-work"
            case localTest = "local-test"
            case protectionTest = "protection-test"
            case batteryTest = "battery-test"
            case maintenance
            case rtuRestart = "rtu-restart"
            case transientFault = "transient-fault"
            case permanentFault = "permanent-fault"
            case slowMechanism = "slow-mechanism"
            case auxiliaryStuck = "auxiliary-stuck"
            case springMotor = "spring-motor"
            case poleStuck = "pole-stuck"
            case coilOpen = "coil-open"
            case gasLow = "gas-low"
            case dcLost = "dc-lost"

            /// What fails, where the others are people.
            public var isFault: Bool {
                switch self {
                case .switching, .lineWork, .localTest, .protectionTest, .batteryTest, .maintenance, .rtuRestart: false
                case .transientFault, .permanentFault, .slowMechanism, .auxiliaryStuck, .springMotor, .poleStuck,
                    .coilOpen, .gasLow, .dcLost:
                    true
                }
            }

            /// What it takes at least, so that all of its steps have their time.
            public var shortest: Nanoseconds {
                switch self {
                case .lineWork, .localTest, .maintenance: .seconds(300)
                case .switching, .protectionTest: .seconds(30)
                case .batteryTest, .rtuRestart: .seconds(2)
                default: .milliseconds(1)
                }
            }

            /// What really happens, in a sentence.
            var truth: String {
                switch self {
                case .switching: "the breaker is opened by an order from the control room, and closed again"
                case .lineWork: "the breaker is opened by an order and the line earthed while people work on it"
                case .localTest: "the breaker is isolated and operated by hand at its panel"
                case .protectionTest: "a test set injects current into the relay; its trip link is open"
                case .batteryTest: "the battery is tested: control voltage is away for a moment"
                case .maintenance: "the breaker is isolated, without control voltage for a while, and operated by hand"
                case .rtuRestart: "the RTU is restarted: no answers, and what happens meanwhile gets no stamp"
                case .transientFault: "a fault on the line, which is gone once the line was dead for 0.2 s"
                case .permanentFault: "a fault on the line, until it is repaired"
                case .slowMechanism: "the breaker's mechanism takes three times as long"
                case .auxiliaryStuck: "52A stays as it is, whatever the breaker does"
                case .springMotor: "the spring's motor does not run"
                case .poleStuck: "the pole of IC does not open"
                case .coilOpen: "the trip coil is open: the breaker cannot be tripped"
                case .gasLow: "gas is low: the breaker is blocked"
                case .dcLost: "control voltage is away: no relay, no coils"
                }
            }
        }
    }
}
