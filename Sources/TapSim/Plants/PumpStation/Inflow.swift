import TapConfig

/// What flows into the well: people's habits by the hour, weather, chance. Evaluated each minute, linear in between.
struct Inflow: Sendable {
    private let parameters: PumpStation.Inflow
    private let clock: CivilClock
    private var random: Random
    private var day: Double
    private var deviation = 0.0
    private var nextDay: UInt64
    /// What falls now, as the inflow it would end at.
    var rain_m3ps = 0.0
    private var runoff_m3ps = 0.0
    /// At the beginning of this minute.
    private(set) var now_m3ps: Double
    private var slope_m3ps2 = 0.0
    private var minute: UInt64 = 0

    private static let minute_ns: UInt64 = 60_000_000_000
    /// Runoff follows rain like a tank that empties with this time, in minutes.
    private static let runoffTime_min = 25.0
    /// Each hour's share of a day's mean.
    private static let working: [Double] = [
        0.45, 0.38, 0.34, 0.33, 0.38, 0.60, 1.10, 1.60, 1.55, 1.35, 1.20, 1.15,
        1.20, 1.15, 1.05, 1.00, 1.05, 1.20, 1.40, 1.50, 1.40, 1.20, 0.90, 0.52,
    ]
    private static let weekend: [Double] = [
        0.56, 0.46, 0.40, 0.36, 0.37, 0.42, 0.60, 0.90, 1.30, 1.60, 1.65, 1.55,
        1.45, 1.30, 1.15, 1.05, 1.05, 1.15, 1.30, 1.40, 1.30, 1.15, 0.90, 0.63,
    ]

    init(_ parameters: PumpStation.Inflow, clock: CivilClock, random: Random) {
        self.parameters = parameters
        self.clock = clock
        self.random = random
        day = 1
        nextDay = 0
        now_m3ps = 0
        now_m3ps = nextMinute(0)
        let next = nextMinute(Inflow.minute_ns)
        slope_m3ps2 = (next - now_m3ps) / 60
    }

    /// Of the middle of a step of 20 ms that begins at `time`.
    mutating func step(at time: UInt64) -> Double {
        if time >= minute + Inflow.minute_ns {
            now_m3ps += slope_m3ps2 * 60
            minute += Inflow.minute_ns
            slope_m3ps2 = (nextMinute(minute + Inflow.minute_ns) - now_m3ps) / 60
        }
        return max(0, now_m3ps + slope_m3ps2 * (Double(time - minute) * 1e-9 + 0.01))
    }

    private mutating func nextMinute(_ time: UInt64) -> Double {
        if time >= nextDay {
            day = min(1.5, max(0.5, 1 + parameters.dayVariation * random.gaussian()))
            nextDay = clock.midnight(after: time)
        }
        deviation = 0.92 * deviation + parameters.minuteVariation * 0.39 * random.gaussian()
        runoff_m3ps += (rain_m3ps - runoff_m3ps) / Inflow.runoffTime_min
        let local = clock.local(at: time)
        let hour = local.secondOfDay / 3_600
        let part = Double(local.secondOfDay % 3_600) / 3_600
        let profile = local.isWeekend ? Inflow.weekend : Inflow.working
        let habit = profile[hour] + (profile[(hour + 1) % 24] - profile[hour]) * part
        let share = day * habit * max(0, 1 + deviation) * (local.isWeekend ? parameters.weekend : 1)
        return parameters.mean_m3ps * share + runoff_m3ps
    }
}
