public import TapCore

extension BatchPlant {
    /// What a scenario lets happen at a given time.
    public struct Event: PlantEvent, Sendable, Hashable {
        public var what: Kind
        /// After the run's start.
        public var at: Nanoseconds
        public var duration: Nanoseconds
        /// 1 to 3, for a kind that concerns one valve.
        public var valve: Int
        /// Of an order: number of the recipe, 1 to 3.
        public var recipe: Int

        public init(what: Kind, at: Nanoseconds, duration: Nanoseconds, valve: Int = 1, recipe: Int = 1) {
            self.what = what
            self.at = at
            self.duration = duration
            self.valve = valve
            self.recipe = recipe
        }

        public enum Kind: String, Sendable, Hashable, CaseIterable {
            /// A batch is asked for; it begins once the vessel is free.
            case order
            case manualDosing = "manual-dosing"
            case probeCalibration = "probe-calibration"
            case cleaning
            case drumChange = "drum-change"
            case estopTest = "estop-test"
            case operatorHold = "operator-hold"
            case programDownload = "program-download"
            case supplyDip = "supply-dip"
            case valveStuck = "valve-stuck"
            case dosingAir = "dosing-air"
            case probeFouled = "probe-fouled"
            case elementOpen = "element-open"

            /// A machine that fails, where the others are people.
            public var isFault: Bool {
                switch self {
                case .valveStuck, .dosingAir, .probeFouled, .elementOpen: true
                default: false
                }
            }

            /// Only asks for something, and occupies nobody.
            public var isOrder: Bool { self == .order || self == .cleaning }
        }
    }
}
