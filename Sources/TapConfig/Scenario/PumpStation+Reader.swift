import TapCore

extension Reader {
    /// What stands under `plant`: so far one kind of machine.
    mutating func pumpStation(_ node: Node) -> PumpStation? {
        let known = [
            "kind", "clock", "well", "inflow", "main", "pumps", "meter", "plc", "settings", "hmi", "routine", "events",
        ]
        guard let fields = fields(node, of: "a plant", known: known) else { return nil }
        require([("kind", "kind: pump-station")], in: fields)
        guard choice("kind", fields, PlantKind.allCases) != nil else { return nil }
        var station = PumpStation()
        clock(&station.clock, fields)
        section("well", fields, "the well", &station.well, Self.wellNumbers)
        section("inflow", fields, "the inflow", &station.inflow, Self.inflowNumbers)
        section("main", fields, "the rising main", &station.main, Self.mainNumbers)
        pumps(&station, fields)
        section("meter", fields, "the flow meter", &station.meter, Self.meterNumbers, Self.meterTimes)
        section("plc", fields, "the PLC", &station.plc, [], Self.plcTimes)
        section("settings", fields, "settings", &station.plc.settings, Self.settingNumbers, Self.settingTimes)
        screen(&station.hmi, fields)
        section("routine", fields, "routine", &station.routine, Self.routineNumbers)
        station.events = events(fields)
        check(station, fields)
        return station
    }

    private enum PlantKind: String, CaseIterable { case pumpStation = "pump-station" }

    typealias Number<Section> = (key: String, path: WritableKeyPath<Section, Double>, range: ClosedRange<Double>)
    typealias Time<Section> = (
        key: String, path: WritableKeyPath<Section, Nanoseconds>, range: ClosedRange<Nanoseconds>
    )

    private static var wellNumbers: [Number<PumpStation.Well>] {
        [
            ("area-m2", \.area_m2, 0.5...10_000), ("depth-m", \.depth_m, 1...50),
            ("first-level-m", \.firstLevel_m, 0...50), ("high-float-m", \.highFloat_m, 0.1...50),
            ("low-float-m", \.lowFloat_m, 0.1...50), ("ripple-m", \.ripple_m, 0...0.2),
        ]
    }

    private static var inflowNumbers: [Number<PumpStation.Inflow>] {
        [
            ("mean-m3ps", \.mean_m3ps, 0...10), ("day-variation", \.dayVariation, 0...0.5),
            ("minute-variation", \.minuteVariation, 0...0.5), ("weekend", \.weekend, 0...3),
            ("rains-per-day", \.rainsPerDay, 0...24), ("rain-m3ps", \.rain_m3ps, 0...10),
        ]
    }

    private static var mainNumbers: [Number<PumpStation.RisingMain>] {
        [
            ("outlet-m", \.outlet_m, 1...200), ("friction-s2pm5", \.friction_s2pm5, 0...1e7),
            ("length-m", \.length_m, 1...50_000), ("diameter-m", \.diameter_m, 0.05...2),
        ]
    }

    private static var pumpNumbers: [Number<PumpStation.Pump>] {
        [
            ("shut-off-head-m", \.shutOffHead_m, 1...300), ("rated-A", \.ratedCurrent_A, 0.5...1_000),
            ("idle-A", \.idleCurrent_A, 0.1...1_000), ("inrush", \.inrush, 1...12),
            ("overload-A", \.overload_A, 0.5...1_500),
        ]
    }

    private static var pumpTimes: [Time<PumpStation.Pump>] {
        [
            ("pull-in", \.pullIn, .milliseconds(5) ... .milliseconds(200)),
            ("drop-out", \.dropOut, .milliseconds(5) ... .milliseconds(200)),
        ]
    }

    private static var meterNumbers: [Number<PumpStation.FlowMeter>] {
        [("litres-per-pulse", \.litresPerPulse, 0.1...10_000)]
    }
    private static var meterTimes: [Time<PumpStation.FlowMeter>] {
        [("pulse", \.pulse, .microseconds(100) ... .seconds(1))]
    }
    private static var plcTimes: [Time<PumpStation.Controller>] {
        [
            ("jitter", \.jitter, .zero ... .milliseconds(10)),
            ("execution", \.execution, .microseconds(100) ... .milliseconds(9)),
        ]
    }

    private static var settingNumbers: [Number<PumpStation.Settings>] {
        [
            ("start-m", \.start_m, 0.1...50), ("stop-m", \.stop_m, 0.1...50), ("lag-m", \.lag_m, 0.1...50),
            ("high-alarm-m", \.highAlarm_m, 0.1...50),
        ]
    }
    private static var settingTimes: [Time<PumpStation.Settings>] {
        [
            ("minimum-run", \.minimumRun, .zero ... .seconds(3_600)),
            ("feedback-timeout", \.feedbackTimeout, .milliseconds(200) ... .seconds(60)),
        ]
    }

    private static var routineNumbers: [Number<PumpStation.Routine>] {
        [
            ("hand-mode", \.handMode, 0...1), ("local-stop", \.localStop, 0...1), ("lockout", \.lockout, 0...1),
            ("program-download", \.programDownload, 0...1), ("sensor-calibration", \.sensorCalibration, 0...1),
            ("supply-dip", \.supplyDip, 0...1),
        ]
    }

    /// A map of numbers and times, each with its range; what is not there keeps its usual value.
    private mutating func section<Section>(
        _ key: String, _ fields: Fields, _ owner: String, _ section: inout Section, _ numbers: [Number<Section>],
        _ times: [Time<Section>] = []
    ) {
        guard let node = fields[key],
            let fields = self.fields(node, of: owner, known: numbers.map(\.key) + times.map(\.key))
        else { return }
        values(fields, &section, numbers, times)
    }

    private mutating func values<Section>(
        _ fields: Fields, _ section: inout Section, _ numbers: [Number<Section>], _ times: [Time<Section>]
    ) {
        for (key, path, range) in numbers {
            let bounds = "from \(plain(range.lowerBound)) to \(plain(range.upperBound))"
            guard
                let value = number(
                    key, fields, in: range, bounds: bounds, example: plain(section[keyPath: path]))
            else { continue }
            section[keyPath: path] = value
        }
        for (key, path, range) in times {
            guard let time = duration(key, fields, within: range) else { continue }
            section[keyPath: path] = time
        }
    }

    /// A length of time within bounds.
    mutating func duration(_ key: String, _ fields: Fields, within range: ClosedRange<Nanoseconds>) -> Nanoseconds? {
        guard let time = duration(key, fields, mayBeZero: range.lowerBound == .zero) else { return nil }
        guard range.contains(time) else {
            mistakes.add(
                fields.position(of: key), "\(key) \(inWords(time)) is out of range",
                fix: "write a time from \(inWords(range.lowerBound)) to \(inWords(range.upperBound))")
            return nil
        }
        return time
    }

    private mutating func clock(_ clock: inout PumpStation.WallClock, _ fields: Fields) {
        guard let node = fields["clock"],
            let fields = self.fields(node, of: "the clock", known: ["start", "utc-offset", "daylight-saving"])
        else { return }
        if let start = dateAndTime("start", fields) { clock.start = start }
        if let hours = number("utc-offset", fields, in: -12...14, bounds: "of hours, from -12 to 14", example: "1") {
            clock.utcOffset = Nanoseconds(Int64((hours * 60).rounded()) * 60_000_000_000)
        }
        clock.daylightSaving =
            choice("daylight-saving", fields, PumpStation.WallClock.DaylightSaving.allCases) ?? clock.daylightSaving
    }

    /// "2026-03-28 20:00:00"; the time may be left out.
    private mutating func dateAndTime(_ key: String, _ fields: Fields) -> PumpStation.DateAndTime? {
        guard let node = fields[key],
            let (text, _) = scalar(node, key, meant: "a date and time", example: "\"2026-03-28 20:00:00\"")
        else { return nil }
        guard let date = PumpStation.DateAndTime(text) else {
            mistakes.add(
                node.position, "\(key) \(quoted(text)) is not a date and time",
                "which is YEAR-MONTH-DAY HOUR:MINUTE:SECOND",
                fix: "write for example \"2026-03-28 20:00:00\"")
            return nil
        }
        return date
    }

    private mutating func screen(_ screen: inout PumpStation.Screen, _ fields: Fields) {
        guard let node = fields["hmi"],
            let fields = self.fields(node, of: "the HMI", known: ["period", "baud", "clock-error"])
        else { return }
        if let period = duration("period", fields, within: .milliseconds(500) ... .seconds(60)) {
            screen.period = period
        }
        if let baud = integer("baud", fields, in: 9_600...115_200, example: "19200") { screen.baud = baud }
        if let error = duration("clock-error", fields, within: .zero ... .seconds(3_600)) { screen.clockError = error }
    }

    private mutating func pumps(_ station: inout PumpStation, _ fields: Fields) {
        let nodes = list("pumps", fields, form: "- {rated-A: 22}")
        guard fields["pumps"] != nil, nodes.count == 2 else {
            if nodes.count > 0 || fields["pumps"] != nil {
                mistakes.add(
                    fields.position(of: "pumps"), "pumps has \(nodes.count) item\(nodes.count == 1 ? "" : "s")",
                    "where the station has P1 and P2", fix: "write two, or delete the key")
            }
            return
        }
        let known =
            Self.pumpNumbers.map(\.key) + Self.pumpTimes.map(\.key) + ["slope-s2pm5", "check-valve", "operations"]
        for (index, node) in nodes.enumerated() {
            guard let pump = self.fields(node, of: "pump P\(index + 1)", known: known) else { continue }
            values(pump, &station.pumps[index], Self.pumpNumbers, Self.pumpTimes)
            if let slope = number(
                "slope-s2pm5", pump, in: 1...1e7, bounds: "from 1 to 10000000", example: "3950")
            {
                station.pumps[index].slope_s2pm5 = slope
            }
            station.pumps[index].checkValve =
                choice("check-valve", pump, PumpStation.CheckValve.allCases) ?? .sound
            if let count = integer("operations", pump, in: 0...10_000_000, example: "12000") {
                station.pumps[index].operations = count
            }
        }
        if station.pumps[0].slope_s2pm5 != station.pumps[1].slope_s2pm5 {
            mistakes.add(
                fields.position(of: "pumps"), "the pumps have different slopes",
                "but they are two of one kind, worn differently", fix: "write one slope-s2pm5 for both")
        }
    }
}

/// A time as a person writes it in a file.
func inWords(_ time: Nanoseconds) -> String {
    if time == .zero { return "0s" }
    for (unit, size) in [("h", 3_600_000_000_000), ("min", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000)] {
        if time.count >= Int64(size), time.count % Int64(size) == 0 { return "\(time.count / Int64(size))\(unit)" }
    }
    return time.count % 1_000 == 0 ? "\(time.count / 1_000)us" : "\(time.count)ns"
}

extension PumpStation.DateAndTime {
    /// nil: no date that there is.
    init?(_ text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 1 || parts.count == 2 else { return nil }
        let date = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        let time =
            parts.count == 2 ? parts[1].split(separator: ":", omittingEmptySubsequences: false) : ["0", "0", "0"]
        guard date.count == 3, time.count == 3, (date + time).allSatisfy({ isDigits($0) && $0.utf8.count <= 4 }),
            let year = Int(date[0]), let month = Int(date[1]), let day = Int(date[2]), let hour = Int(time[0]),
            let minute = Int(time[1]), let second = Int(time[2])
        else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1970...2200).contains(year), (1...12).contains(month), day >= 1, day <= days[month - 1], hour < 24,
            minute < 60, second < 60
        else { return nil }
        self.init(year: year, month: month, day: day, secondOfDay: hour * 3_600 + minute * 60 + second)
    }
}
