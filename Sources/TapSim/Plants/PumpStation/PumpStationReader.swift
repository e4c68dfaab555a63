import TapConfig
import TapCore

/// Makes a pump station of what stands under `plant`.
struct PumpStationReader: DocumentReader {
    let mistakes: MistakeList

    /// Those under `plant`, beside `kind`.
    static let keys = [
        "tidy", "clock", "well", "inflow", "main", "pumps", "wear", "meter", "inputs", "plc", "settings", "hmi", "bus",
        "routine", "events",
    ]

    /// What stands under `plant`.
    func station(_ fields: Fields) -> PumpStation {
        var station = PumpStation()
        if boolean("tidy", fields) == true { station.makeTidy() }
        clock(&station.clock, fields)
        section("well", fields, "the well", &station.well, Self.wellNumbers)
        section("inflow", fields, "the inflow", &station.inflow, Self.inflowNumbers)
        section("main", fields, "the rising main", &station.main, Self.mainNumbers)
        pumps(&station, fields)
        section("meter", fields, "the flow meter", &station.meter, Self.meterNumbers, Self.meterTimes)
        section("wear", fields, "wear", &station.wear, Self.wearNumbers)
        section("inputs", fields, "the PLC's inputs", &station.inputs, Self.inputNumbers, Self.inputTimes)
        section("plc", fields, "the PLC", &station.plc, [("slips", \.slips, 0...0.1)], Self.plcTimes)
        section("settings", fields, "settings", &station.plc.settings, Self.settingNumbers, Self.settingTimes)
        screen(&station.hmi, fields)
        bus(&station.bus, fields)
        routine(&station, fields)
        station.events = events(fields)
        check(station, fields)
        return station
    }

    private static var wellNumbers: [SectionNumber<PumpStation.Well>] {
        [
            ("area-m2", \.area_m2, 0.5...10_000), ("depth-m", \.depth_m, 1...50),
            ("first-level-m", \.firstLevel_m, 0...50), ("high-float-m", \.highFloat_m, 0.1...50),
            ("low-float-m", \.lowFloat_m, 0.1...50), ("ripple-m", \.ripple_m, 0...0.2),
        ]
    }

    private static var inflowNumbers: [SectionNumber<PumpStation.Inflow>] {
        [
            ("mean-m3ps", \.mean_m3ps, 0...10), ("day-variation", \.dayVariation, 0...0.5),
            ("minute-variation", \.minuteVariation, 0...0.5), ("weekend", \.weekend, 0...3),
            ("rains-per-day", \.rainsPerDay, 0...24), ("rain-m3ps", \.rain_m3ps, 0...10),
        ]
    }

    private static var mainNumbers: [SectionNumber<PumpStation.RisingMain>] {
        [
            ("outlet-m", \.outlet_m, 1...200), ("friction-s2pm5", \.friction_s2pm5, 0...1e7),
            ("length-m", \.length_m, 1...50_000), ("diameter-m", \.diameter_m, 0.05...2),
        ]
    }

    private static var pumpNumbers: [SectionNumber<PumpStation.Pump>] {
        [
            ("shut-off-head-m", \.shutOffHead_m, 1...300), ("rated-A", \.ratedCurrent_A, 0.5...1_000),
            ("idle-A", \.idleCurrent_A, 0.1...1_000), ("inrush", \.inrush, 1...12),
            ("overload-A", \.overload_A, 0.5...1_500),
        ]
    }

    private static var pumpTimes: [SectionTime<PumpStation.Pump>] {
        [
            ("pull-in", \.pullIn, .milliseconds(5) ... .milliseconds(200)),
            ("drop-out", \.dropOut, .milliseconds(5) ... .milliseconds(200)),
        ]
    }

    private static var meterNumbers: [SectionNumber<PumpStation.FlowMeter>] {
        [
            ("litres-per-pulse", \.litresPerPulse, 0.1...10_000), ("current-error", \.currentError, 0...0.05),
            ("cut-off-m3ps", \.cutOff_m3ps, 0...1),
        ]
    }
    private static var wearNumbers: [SectionNumber<PumpStation.Wear>] {
        [("difference", \.difference, 0...0.3), ("per-thousand-hours", \.perThousandHours, 0...1)]
    }
    private static var inputNumbers: [SectionNumber<PumpStation.Inputs>] {
        [("error", \.error, 0...0.05), ("noise", \.noise, 0...0.05), ("resolution", \.resolution, 0...0.05)]
    }
    private static var inputTimes: [SectionTime<PumpStation.Inputs>] {
        [("filter", \.filter, .zero ... .seconds(60))]
    }
    private static var meterTimes: [SectionTime<PumpStation.FlowMeter>] {
        [("pulse", \.pulse, .microseconds(100) ... .seconds(1))]
    }
    private static var plcTimes: [SectionTime<PumpStation.Controller>] {
        [
            ("jitter", \.jitter, .zero ... .milliseconds(10)),
            ("execution", \.execution, .microseconds(100) ... .milliseconds(9)),
        ]
    }

    private static var settingNumbers: [SectionNumber<PumpStation.Settings>] {
        [
            ("start-m", \.start_m, 0.1...50), ("stop-m", \.stop_m, 0.1...50), ("lag-m", \.lag_m, 0.1...50),
            ("high-alarm-m", \.highAlarm_m, 0.1...50),
        ]
    }
    private static var settingTimes: [SectionTime<PumpStation.Settings>] {
        [
            ("minimum-run", \.minimumRun, .zero ... .seconds(3_600)),
            ("feedback-timeout", \.feedbackTimeout, .milliseconds(200) ... .seconds(60)),
        ]
    }

    private func bus(_ bus: inout PumpStation.Bus, _ fields: Fields) {
        let known = ["jitter", "drift", "response", "errors", "retries", "stations", "writes"]
        guard let node = fields["bus"], let fields = self.fields(node, of: "the bus", known: known) else { return }
        values(
            fields, &bus, [("drift", \.drift, 0...0.001), ("errors", \.errors, 0...1)],
            [
                ("jitter", \.jitter, .zero ... .milliseconds(200)),
                ("response", \.response, .zero ... .milliseconds(100)),
            ])
        if let retries = integer("retries", fields, in: 0...3, example: "2") { bus.retries = retries }
        if let stations = integer("stations", fields, in: 0...1, example: "1") { bus.stations = stations }
        if let writes = boolean("writes", fields) { bus.takesWrites = writes }
    }

    private func routine(_ station: inout PumpStation, _ fields: Fields) {
        let kinds = PumpStation.Event.Kind.allCases.filter(\.canBeRoutine)
        guard let node = fields["routine"],
            let fields = self.fields(node, of: "routine", known: kinds.map(\.rawValue))
        else { return }
        for kind in kinds {
            guard let rate = number(kind.rawValue, fields, in: 0...1, bounds: "from 0 to 1", example: "0.1") else {
                continue
            }
            station.routine.perDay[kind] = rate
        }
    }

    private func screen(_ screen: inout PumpStation.Screen, _ fields: Fields) {
        guard let node = fields["hmi"],
            let fields = self.fields(node, of: "the HMI", known: ["period", "baud", "clock-error", "clock-corrected"])
        else { return }
        if let period = duration("period", fields, within: .milliseconds(500) ... .seconds(60)) {
            screen.period = period
        }
        if let baud = integer("baud", fields, in: 9_600...115_200, example: "19200") { screen.baud = baud }
        if let span = duration("clock-corrected", fields, within: .seconds(60) ... .seconds(31_536_000)) {
            screen.clockCorrected = span
        }
        if let error = duration("clock-error", fields, within: .zero ... .seconds(3_600)) { screen.clockError = error }
    }

    private func pumps(_ station: inout PumpStation, _ fields: Fields) {
        let nodes = list("pumps", fields, form: "- {rated-A: 22}")
        guard fields["pumps"] != nil, nodes.count == 2 else {
            if nodes.count > 0 || fields["pumps"] != nil {
                mistakes.add(
                    fields.position(of: "pumps"), "pumps has \(counted(nodes.count, "item"))",
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
