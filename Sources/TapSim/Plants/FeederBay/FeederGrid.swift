import TapCore

/// What feeds the bay and what it feeds: voltage, frequency and the load over the day.
struct FeederGrid: Sendable {
    /// Peak of each phase of the load.
    private(set) var load: InlineArray<3, Double> = .init(repeating: 0)
    /// Peak.
    private(set) var voltage = 0.0
    /// In turns, how far the grid is ahead of 50 Hz at the beginning of this step.
    private(set) var phase = 0.0
    private var deviation_Hz = 0.0
    private var stepStart: UInt64 = 0
    private var wander = 0.0
    private var steps = 0
    private let parameters: FeederBay.Line
    private let clock: CivilClock
    private var random: Random

    static let period_ns: UInt64 = 20_000_000
    private static let root2 = 1.4142135623730951
    /// Of a working day's peak, at each full hour.
    private static let profile = [
        0.42, 0.38, 0.36, 0.35, 0.37, 0.45, 0.62, 0.80, 0.90, 0.94, 0.96, 0.98, 0.97, 0.95, 0.93, 0.91, 0.92, 0.96,
        1.00,
        0.98, 0.90, 0.78, 0.62, 0.50,
    ]
    private static let unbalance = [1.0, 0.97, 1.02]

    init(_ parameters: FeederBay.Line, clock: CivilClock, random: Random) {
        self.parameters = parameters
        self.clock = clock
        self.random = random
        update(at: 0)
    }

    /// One step of the plant begins: a second has ten.
    mutating func step(at start: UInt64) {
        phase = turnsAhead(at: start)
        stepStart = start
        steps += 1
        guard steps % 10 == 0 else { return }
        deviation_Hz = 0.98 * deviation_Hz + 0.008 * (random.unit() - 0.5)
        wander = 0.99 * wander + 0.244 * parameters.minuteVariation * (random.unit() * 2 - 1)
        update(at: start)
    }

    private mutating func update(at time: UInt64) {
        let local = clock.local(at: time)
        let hour = local.secondOfDay / 3_600
        let share = Double(local.secondOfDay % 3_600) / 3_600
        let (now, then) = (FeederGrid.profile[hour % 24], FeederGrid.profile[(hour + 1) % 24])
        let day = local.isWeekend ? parameters.weekend : 1
        let rms = parameters.load_A * day * (now + (then - now) * share) * max(0.1, 1 + wander)
        for index in 0..<3 { load[index] = FeederGrid.root2 * rms * FeederGrid.unbalance[index] }
        voltage = FeederGrid.root2 * parameters.voltage_V * (1.01 - 0.02 * rms / max(1, parameters.load_A))
    }

    /// How far the grid is ahead of 50 Hz; in a step a straight line.
    func turnsAhead(at time: UInt64) -> Double {
        phase + deviation_Hz * 1e-9 * (Double(time) - Double(stepStart))
    }

    /// Of the grid's sine.
    func turns(at time: UInt64) -> Double {
        Double(time % FeederGrid.period_ns) / Double(FeederGrid.period_ns) + turnsAhead(at: time)
    }

    /// When a current that is being broken passes zero: the first time from `time` on; within 30 ms at the latest.
    func zero(of current: PhaseCurrent, from time: UInt64) -> UInt64 {
        guard current.amplitude > 0 else { return time }
        func value(_ time: UInt64) -> Double { current.value(at: time, turns: turns(at: time)) }
        var low = time
        let sign = value(low) >= 0
        var high = low
        repeat {
            low = high
            high += 250_000
            if high > time + 30_000_000 { return high }
        } while (value(high) >= 0) == sign
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if (value(middle) >= 0) == sign { low = middle } else { high = middle }
        }
        return high
    }
}
