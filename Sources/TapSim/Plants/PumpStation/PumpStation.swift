import TapConfig
public import TapCore

/// The parameters of a simulated pump station: plain values, as a scenario file's `plant` gives them. The machine they
/// make is a `PumpStationPlant`; docs/pump-station.md draws it and says what each key means.
public struct PumpStation: Sendable, Hashable {
    public var clock = CivilClock.Setting()
    public var well = Well()
    public var inflow = Inflow()
    public var main = RisingMain()
    /// P1 and P2, in this order; always two.
    public var pumps = [Pump(), Pump()]
    public var meter = FlowMeter()
    public var wear = Wear()
    public var inputs = Inputs()
    public var plc = Controller()
    public var hmi = Screen()
    public var bus = Bus()
    public var routine = Routine()
    /// What happens at a given time, beside the routine.
    public var events: [Event] = []
    /// A fault that would happen and does not; nothing takes its place.
    var absent: Label?

    public init() {}

    /// The wet well. Levels are metres above its floor.
    public struct Well: Sendable, Hashable {
        public var area_m2 = 12.6
        /// Above this it overflows.
        public var depth_m = 5.0
        public var firstLevel_m = 1.6
        /// The high-level float is up from here on.
        public var highFloat_m = 3.8
        /// The low-level float is down below this.
        public var lowFloat_m = 0.5
        /// Ripple of the surface while a pump runs.
        public var ripple_m = 0.004

        public init() {}
    }

    public struct Inflow: Sendable, Hashable {
        /// Of a dry working day.
        public var mean_m3ps = 0.015
        /// Standard deviation of a day's mean, as a share of it.
        public var dayVariation = 0.08
        /// Of the deviation from the daily profile, which wanders within minutes.
        public var minuteVariation = 0.06
        /// A weekend day's mean, as a share of a working day's.
        public var weekend = 0.92
        /// Rains a day, on average.
        public var rainsPerDay = 0.5
        /// Of a rain's greatest inflow, on average.
        public var rain_m3ps = 0.016

        public init() {}
    }

    /// The pipe both pumps feed.
    public struct RisingMain: Sendable, Hashable {
        /// Of its outlet, above the well's floor.
        public var outlet_m = 12.0
        /// Head lost to friction, at 1 m3/s.
        public var friction_s2pm5 = 1_975.0
        public var length_m = 600.0
        public var diameter_m = 0.25

        public init() {}
    }

    public struct Pump: Sendable, Hashable {
        /// Head at no flow and full speed.
        public var shutOffHead_m = 22.0
        /// Head lost within the pump, at 1 m3/s.
        public var slope_s2pm5 = 3_950.0
        public var ratedCurrent_A = 22.0
        public var idleCurrent_A = 9.0
        /// Starting current as a multiple of the rated.
        public var inrush = 6.0
        public var checkValve = CheckValve.sound
        /// From coil to main contacts; the auxiliary contact follows 2 ms later.
        public var pullIn = Nanoseconds.milliseconds(18)
        public var dropOut = Nanoseconds.milliseconds(12)
        /// Operations that the contactor has behind it: each thousand adds 0.1 ms to what pulling in takes.
        public var operations = 12_000
        /// Setting of the overload relay.
        public var overload_A = 23.0

        public init() {}
    }

    /// What flows back through a stopped pump.
    public enum CheckValve: String, Sendable, Hashable, CaseIterable { case sound, leaking, stuck }

    public struct FlowMeter: Sendable, Hashable {
        public var litresPerPulse = 10.0
        public var pulse = Nanoseconds.milliseconds(50)
        /// Greatest difference between its current output and its pulses, as a share.
        public var currentError = 0.005
        /// A smaller flow, either way, is none to it.
        public var cutOff_m3ps = 0.0005

        public init() {}
    }

    /// What makes two pumps of one type two.
    public struct Wear: Sendable, Hashable {
        /// The weaker one has lost up to so much of its head, and at least three tenths of that.
        public var difference = 0.1
        /// Head lost in a thousand hours of running, as a share.
        public var perThousandHours = 0.02

        public init() {}
    }

    /// The PLC's analog inputs. Shares are of an input's span.
    public struct Inputs: Sendable, Hashable {
        /// Greatest error of gain, and of offset.
        public var error = 0.004
        /// Greatest noise of one reading.
        public var noise = 0.0005
        /// The longest filter; currents a tenth of it at the most.
        public var filter = Nanoseconds.seconds(10)
        /// The coarsest step: 12 bits. The finest is a sixteenth of it.
        public var resolution = 0.000_244

        public init() {}
    }

    /// The PLC: its cycle is 20 ms.
    public struct Controller: Sendable, Hashable {
        /// A scan begins up to this much after the beginning of its cycle.
        public var jitter = Nanoseconds.milliseconds(1)
        /// Scans that take three times as long, as a share.
        public var slips = 0.000_2
        /// From reading the inputs to writing the outputs.
        public var execution = Nanoseconds.milliseconds(3)
        public var settings = Settings()

        public init() {}
    }

    /// What an operator may set. An attack that moves one names it by its tag.
    public struct Settings: Sendable, Hashable {
        public var start_m = 2.0
        public var stop_m = 1.0
        public var lag_m = 2.6
        public var highAlarm_m = 3.6
        public var minimumRun = Nanoseconds.seconds(60)
        /// Command and feedback may differ for so long.
        public var feedbackTimeout = Nanoseconds.seconds(2)

        public init() {}
    }

    public struct Screen: Sendable, Hashable {
        public var period = Nanoseconds.seconds(1)
        public var baud = 19_200
        /// How far its clock is ahead of the true local time.
        public var clockError = Nanoseconds.seconds(2)
        /// How often it is put right; then it drifts again.
        public var clockCorrected = Nanoseconds.seconds(86_400)

        public init() {}
    }

    /// The serial bus between HMI, PLC and other stations.
    public struct Bus: Sendable, Hashable {
        /// A poll is late by up to this.
        public var jitter = Nanoseconds.milliseconds(30)
        /// The HMI's clock is slow by this share: polls walk through the PLC's cycle, and what it shows lags.
        public var drift = 0.000_03
        /// An answer takes up to this, and a millisecond, beside the scan that it waits for.
        public var response = Nanoseconds.milliseconds(12)
        /// Of all answers, those that are garbled (half of them), refused or lost.
        public var errors = 0.000_5
        /// A question is asked so often again.
        public var retries = 2
        /// Others than the PLC that the HMI asks.
        public var stations = 1
        /// Whether an operator may write into the PLC's registers from outside of the run.
        public var takesWrites = false

        public init() {}
    }

    /// How often a day each kind of event happens on its own, on average. People come on working days only. A kind that is
    /// not named does not happen so.
    public struct Routine: Sendable, Hashable {
        public var perDay: [Event.Kind: Double]

        /// The usual ones.
        public init() {
            perDay = [
                .handMode: 0.7, .localStop: 0.4, .lockout: 0.15, .programDownload: 0.1, .sensorCalibration: 0.1,
                .parkedCalibration: 0.05, .floatTest: 0.05, .secondClient: 0.04, .supplyDip: 0.3,
                .controlSupplyLost: 0.02, .powerCut: 0.01, .hmiRestart: 0.05, .clockSet: 0.02, .loopOpen: 0.01,
                .loopShorted: 0.005, .fouling: 0.02, .rag: 0.1, .settingChanged: 0.05, .remoteRun: 0.05,
            ]
        }

        public static var none: Routine {
            var routine = Routine()
            routine.perDay = [:]
            return routine
        }
    }

    public struct Event: PlantEvent, Sendable, Hashable {
        public var what: Kind
        /// After the run's start.
        public var at: Nanoseconds
        public var duration: Nanoseconds
        /// 1 or 2, for a kind that concerns one pump.
        public var pump = 1
        /// Of rain: its greatest inflow.
        public var rain_m3ps = 0.02

        public init(what: Kind, at: Nanoseconds, duration: Nanoseconds, pump: Int = 1, rain_m3ps: Double = 0.02) {
            self.what = what
            self.at = at
            self.duration = duration
            self.pump = pump
            self.rain_m3ps = rain_m3ps
        }
    }
}
