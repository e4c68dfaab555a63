import TapConfig
public import TapCore

/// The parameters of a simulated feeder bay: plain values, as a scenario file's `plant` gives them. The machine they make
/// is a `FeederBayPlant`; docs/feeder-bay.md draws it and says what each key means.
public struct FeederBay: Sendable, Hashable {
    public var clock = CivilClock.Setting()
    public var breaker = Breaker()
    public var line = Line()
    public var relay = Settings()
    public var rtu = Telecontrol()
    public var hmi = Screen()
    public var routine = Routine()
    /// What happens at a given time, beside the routine.
    public var events: [Event] = []
    /// A fault that would happen and does not; nothing takes its place.
    var absent: Label?

    public init() {}

    /// The circuit breaker. Each operation takes its times give or take 6 %.
    public struct Breaker: Sendable, Hashable {
        /// From the trip coil's voltage until contacts part, and from the close coil's until they touch.
        public var opening = Nanoseconds.milliseconds(37)
        public var closing = Nanoseconds.milliseconds(62)
        /// From one auxiliary contact to the other: both are open meanwhile.
        public var gap = Nanoseconds.milliseconds(4)
        /// What the motor takes for the closing spring.
        public var springMotor = Nanoseconds.seconds(10)

        public init() {}
    }

    public struct Line: Sendable, Hashable {
        /// Of a working day's peak, RMS.
        public var load_A = 360.0
        /// A weekend's load, as a share of a working day's.
        public var weekend = 0.8
        /// Of the deviation from the daily profile, which wanders within minutes.
        public var minuteVariation = 0.03
        /// RMS, without its offset.
        public var fault_A = 4_800.0
        /// In which a fault's offset decays.
        public var offset = Nanoseconds.milliseconds(40)
        /// Phase to earth, RMS.
        public var voltage_V = 11_547.0

        public init() {}
    }

    /// Of the protection relay. An attack that moves one names it by its tag.
    public struct Settings: Sendable, Hashable {
        /// Above this, RMS, the relay starts.
        public var pickup_A = 480.0
        /// Of the very inverse curve of IEC 60255-151.
        public var timeMultiplier = 0.1
        public var deadTime1 = Nanoseconds.milliseconds(500)
        public var deadTime2 = Nanoseconds.seconds(20)
        /// After it without a fault reclosing begins with the first shot again.
        public var reclaim = Nanoseconds.seconds(60)

        public init() {}
    }

    /// The RTU: its inputs have stamps of 1 ms, its cycle is 20 ms.
    public struct Telecontrol: Sendable, Hashable {
        /// How far its clock is ahead of UTC.
        public var clockError = Nanoseconds.milliseconds(1)
        /// Of a command's output.
        public var pulse = Nanoseconds.milliseconds(150)

        public init() {}
    }

    public struct Screen: Sendable, Hashable {
        public var period = Nanoseconds.seconds(1)
        public var baud = 19_200
        /// How far its clock is ahead of the true time.
        public var clockError = Nanoseconds.milliseconds(300)
        /// A measured value is claimed once it has moved so far.
        public var deadBand_A = 5.0
        public var deadBand_V = 60.0
        /// Everything is claimed so often, changed or not.
        public var integrity = Nanoseconds.seconds(60)

        public init() {}
    }

    /// How often a day each kind of event happens on its own, on average. People come on working days only.
    public struct Routine: Sendable, Hashable {
        public var switching = 0.15
        public var lineWork = 0.07
        public var localTest = 0.05
        public var protectionTest = 0.05
        public var batteryTest = 0.05
        public var maintenance = 0.03
        public var rtuRestart = 0.03
        public var transientFault = 0.15
        public var permanentFault = 0.03

        public init() {}

        public static var none: Routine {
            var routine = Routine()
            routine.switching = 0
            routine.lineWork = 0
            routine.localTest = 0
            routine.protectionTest = 0
            routine.batteryTest = 0
            routine.maintenance = 0
            routine.rtuRestart = 0
            routine.transientFault = 0
            routine.permanentFault = 0
            return routine
        }
    }
}
