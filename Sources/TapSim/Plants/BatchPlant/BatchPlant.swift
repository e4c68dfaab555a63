import TapConfig
public import TapCore

/// The parameters of a simulated dosing and batch neutralisation plant: plain values, as a scenario file's `plant` gives
/// them. The machine they make is a `BatchMachine`; docs/batch-plant.md draws it and says what each key means.
public struct BatchPlant: Sendable, Hashable {
    public var clock = CivilClock.Setting()
    public var vessel = Container()
    public var chemistry = Chemistry()
    public var dosing = Dosing()
    public var heater = Heater()
    /// From one end to the other, of XV1, XV2 and XV3.
    public var travel: [Nanoseconds] = [.milliseconds(4_200), .milliseconds(3_600), .milliseconds(5_400)]
    public var plc = Controller()
    public var hmi = Screen()
    public var routine = Routine()
    /// What happens at a given time, beside the routine.
    public var events: [Event] = []
    /// A fault that would happen and does not; nothing takes its place.
    var absent: Label?

    public init() {}

    public struct Container: Sendable, Hashable {
        /// Above this it overflows.
        public var capacity_kg = 600.0
        /// LSHH closes from here on.
        public var highHigh_kg = 520.0
        public var first_kg = 0.0
        /// At usual pressure, through the open inlet.
        public var waste_kgps = 1.6
        public var water_kgps = 1.2
        /// Of a full vessel through the open drain.
        public var drain_kgps = 4.0
        public var water_degC = 12.0
        public var ambient_degC = 18.0
        /// Of heat to the room.
        public var loss_WpK = 40.0
        /// TSH closes from here on.
        public var tooHot_degC = 80.0
        /// Until what is dosed is mixed in: with the agitator at full speed, and without.
        public var mixing_s = 6.0
        public var standingMix_s = 240.0

        public init() {}
    }

    /// What comes in, on average; each batch differs.
    public struct Chemistry: Sendable, Hashable {
        public var acid_molpl = 0.07
        public var buffer_molpl = 0.03
        public var pKa = 6.4
        /// Standard deviation from batch to batch, as a share.
        public var variation = 0.15
        /// Of the pH probe, first order.
        public var probeLag = Nanoseconds.seconds(8)
        /// Standard deviation of what it drifts in a day.
        public var drift_pHpd = 0.02

        public init() {}
    }

    public struct Dosing: Sendable, Hashable {
        public var stroke_ml = 1.2
        /// Of sodium hydroxide, 50 %.
        public var caustic_molpl = 19.1
        public var density_kgpl = 1.53
        /// Of the line from pump to vessel.
        public var deadTime = Nanoseconds.seconds(4)
        public var pulse = Nanoseconds.milliseconds(100)
        /// Strokes a second.
        public var fastest_Hz = 3.0

        public init() {}
    }

    /// Three elements on one phase; HEAT_I is the sum of their currents.
    public struct Heater: Sendable, Hashable {
        public var element_A = 30.4
        public var voltage_V = 230.0
        /// From an element to the content.
        public var lag_s = 20.0

        public init() {}
    }

    /// The PLC: its cycle is 50 ms.
    public struct Controller: Sendable, Hashable {
        /// A scan begins up to this much after the beginning of its cycle.
        public var jitter = Nanoseconds.milliseconds(4)
        /// From reading the inputs to writing the outputs.
        public var execution = Nanoseconds.milliseconds(8)
        /// Standard deviation of gain and offset of its analog inputs, as a share of their span.
        public var accuracy = 0.0015
        public var settings = Settings()

        public init() {}
    }

    /// What an operator may set. An attack that moves one names it by its tag.
    public struct Settings: Sendable, Hashable {
        /// pH alarm.
        public var highAlarm_pH = 9.0
        /// Strokes beyond what the target took, as a share of them.
        public var excess = 0.0
        /// A valve's travel may take so long.
        public var travelTimeout = Nanoseconds.seconds(9)
        /// Dosing and heating of one batch may take so long.
        public var dosingTimeout = Nanoseconds.seconds(2_400)
        public var heatingTimeout = Nanoseconds.seconds(5_400)

        public init() {}
    }

    public struct Screen: Sendable, Hashable {
        /// No multiple of the PLC's cycle: questions walk through its phase.
        public var period = Nanoseconds.milliseconds(1_003)
        public var baud = 19_200
        /// How far its clock is ahead of the true local time.
        public var clockError = Nanoseconds.seconds(3)

        public init() {}
    }

    /// Orders of a working day, and how often a day each kind of event happens on its own, on average.
    public struct Routine: Sendable, Hashable {
        public var orders = 8.0
        public var manualDosing = 0.4
        public var probeCalibration = 0.2
        public var cleaning = 0.5
        public var drumChange = 0.3
        public var estopTest = 0.1
        public var operatorHold = 0.8
        public var programDownload = 0.05
        public var supplyDip = 0.2

        public init() {}

        public static var none: Routine {
            var routine = Routine()
            routine.orders = 0
            routine.manualDosing = 0
            routine.probeCalibration = 0
            routine.cleaning = 0
            routine.drumChange = 0
            routine.estopTest = 0
            routine.operatorHold = 0
            routine.programDownload = 0
            routine.supplyDip = 0
            return routine
        }
    }
}
