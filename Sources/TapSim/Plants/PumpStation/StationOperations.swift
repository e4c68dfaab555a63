import TapConfig
import TapCore

/// The days of the station: events from the scenario and from routine, day by day, each span labelled.
///
/// A day is planned when it begins, from streams of its own; what a scenario names comes first, and routine that would
/// meddle with it stays away.
struct StationOperations: PlantOperations, Sendable {
    var agenda = Agenda<StationAction>()
    let parameters: PumpStation
    private let clock: CivilClock
    private var people: Random
    private var supply: Random
    private var weather: Random
    private var response: Random
    private var mishaps: Random
    private var nextRain: UInt64
    private var alarmSeen: (Bool, Bool) = (false, false)
    private var sirenSeen = false

    static let second: UInt64 = 1_000_000_000
    static let minute = 60 * second
    static let hour = 60 * minute

    init(_ parameters: PumpStation, clock: CivilClock, seed: UInt64) {
        self.parameters = parameters
        self.clock = clock
        people = Random(seed: seed, stream: "pump station people")
        supply = Random(seed: seed, stream: "pump station supply")
        weather = Random(seed: seed, stream: "pump station rain")
        response = Random(seed: seed, stream: "pump station alarm response")
        mishaps = Random(seed: seed, stream: "pump station mishaps")
        nextRain = 0
        nextRain = timeToRain()
        agenda.add(.newDay, at: 0)
        for event in parameters.events { schedule(event) }
    }

    var next: UInt64 { agenda.next }
    mutating func take(before end: UInt64) -> (time: UInt64, action: StationAction)? { agenda.take(before: end) }
    mutating func add(_ action: StationAction, at time: UInt64) { agenda.add(action, at: time) }

    /// Someone comes and resets the overload relay.
    mutating func respondToTrip(_ pump: Int, at time: UInt64) {
        agenda.add(.resetOverload(pump), at: time + someMinutes(20, 60))
    }

    /// Someone acknowledges a pump's failure at the screen, and again as often as it comes back: it does at once while
    /// its relay is not reset, or its cause is there.
    mutating func watch(_ program: borrowing StationProgram, at time: UInt64) {
        for pump in 0..<2 {
            let hasFailed = program.pumps[pump].hasFailed
            let wasSeen = pump == 0 ? alarmSeen.0 : alarmSeen.1
            guard hasFailed != wasSeen else { continue }
            if pump == 0 { alarmSeen.0 = hasFailed } else { alarmSeen.1 = hasFailed }
            if hasFailed { agenda.add(.write(.resetAlarm(pump)), at: time + someMinutes(10, 30)) }
        }
        if program.siren != sirenSeen {
            sirenSeen = program.siren
            if sirenSeen { agenda.add(.write(.muteSiren), at: time + someMinutes(1.5, 8)) }
        }
    }

    /// What is acknowledged has been seen: a failure after that is a new one.
    mutating func acknowledged(_ pump: Int) { if pump == 0 { alarmSeen.0 = false } else { alarmSeen.1 = false } }

    private mutating func someMinutes(_ least: Double, _ most: Double) -> UInt64 {
        UInt64((least + (most - least) * response.unit()) * Double(StationOperations.minute))
    }

    private mutating func timeToRain() -> UInt64 {
        guard parameters.inflow.rainsPerDay > 0 else { return .max }
        let days = min(1_000, weather.exponential() / parameters.inflow.rainsPerDay)
        return UInt64(days * 24 * Double(StationOperations.hour))
    }

    // MARK: A day

    mutating func plan(from start: UInt64) {
        let end = clock.midnight(after: start)
        let day = clock.local(at: start)
        agenda.add(.newDay, at: end)
        label(
            "diurnal-demand", start, end,
            "a \(day.isWeekend ? "weekend" : "working") day's inflow, \(clock.text(at: start).prefix(10))")
        daylightSaving(start, end)
        rain(before: end)
        let dips = supply.unit()
        let dipAt = supply.unit()
        let dipFor = 0.08 + 1.4 * supply.unit()
        if dips < parameters.routine.perDay[.supplyDip] ?? 0 {
            routine(
                .supplyDip, at: start + UInt64(dipAt * Double(end - start)),
                for: UInt64(dipFor * Double(StationOperations.second)), pump: 0)
        }
        mishap(from: start, to: end)
        if !day.isWeekend { work(from: start, daySecond: day.secondOfDay) }
    }

    private mutating func daylightSaving(_ start: UInt64, _ end: UInt64) {
        guard let change = clock.change(after: start), change.time < end else { return }
        label(
            "daylight-saving", change.time, change.time + StationOperations.hour,
            change.isForward
                ? "the HMI's clock goes from 02:00 to 03:00; the wires know nothing of it"
                : "the HMI's clock goes from 03:00 back to 02:00 and shows this hour twice; the wires know nothing of it"
        )
    }

    private mutating func rain(before end: UInt64) {
        while nextRain < end {
            let duration = UInt64((0.4 + 1.2 * weather.unit()) * Double(StationOperations.hour))
            let flow = parameters.inflow.rain_m3ps * (0.3 + 0.7 * min(4, weather.exponential()))
            let event = PumpStation.Event(
                what: .rain, at: Nanoseconds(Int64(nextRain)), duration: Nanoseconds(Int64(duration)), rain_m3ps: flow)
            let isAlone = !parameters.events.contains { $0.what == .rain && $0.overlaps(event) }
            if isAlone { schedule(event) }
            nextRain = nextRain + duration + timeToRain()
        }
    }

    /// All draws are made, whatever comes of them: one rate changes no other.
    private mutating func mishap(from start: UInt64, to end: UInt64) {
        for (kind, minutes) in PumpStation.Event.Kind.mishaps {
            let happens = mishaps.unit()
            let at = start + UInt64(mishaps.unit() * Double(end - start))
            let span = minutes.lowerBound + (minutes.upperBound - minutes.lowerBound) * mishaps.unit()
            let pump = Int(mishaps.below(2))
            guard happens < parameters.routine.perDay[kind] ?? 0 else { continue }
            routine(kind, at: at, for: UInt64(span * Double(StationOperations.minute)), pump: pump)
        }
    }

    /// One person, one job after the other, between half past seven and four.
    private mutating func work(from start: UInt64, daySecond: Int) {
        let jobs = PumpStation.Event.Kind.jobs
        let first = Int(people.below(UInt64(jobs.count)))
        var second = 27_000 + 3_600 * people.unit()
        for index in jobs.indices {
            let job = jobs[(first + index) % jobs.count]
            // All draws are made, whatever comes of them: one rate changes no other job.
            let happens = people.unit()
            let minutes = job.minutes.lowerBound + (job.minutes.upperBound - job.minutes.lowerBound) * people.unit()
            let pause = 5 + 40 * people.unit()
            let pump = Int(people.below(2))
            // Five working days do what is asked for seven.
            guard happens < 1.4 * (parameters.routine.perDay[job.kind] ?? 0), second < 57_600,
                second >= Double(daySecond)
            else {
                second += pause * 60
                continue
            }
            let at = start + UInt64((second - Double(daySecond)) * 1e9)
            self.routine(job.kind, at: at, for: UInt64(minutes * Double(StationOperations.minute)), pump: pump)
            second += (minutes + pause) * 60
        }
    }

    private mutating func routine(_ kind: PumpStation.Event.Kind, at time: UInt64, for span: UInt64, pump: Int) {
        let event = PumpStation.Event(
            what: kind, at: Nanoseconds(Int64(time)), duration: Nanoseconds(Int64(span)), pump: pump + 1)
        let isAlone = !parameters.events.contains { other in
            other.what != .rain && other.overlaps(event)
        }
        if isAlone { schedule(event) }
    }
}
