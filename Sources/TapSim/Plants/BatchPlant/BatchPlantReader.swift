import TapConfig
import TapCore

/// Makes a batch plant of what stands under `plant`.
struct BatchPlantReader: DocumentReader {
    let mistakes: MistakeList

    /// Those under `plant`, beside `kind`.
    static let keys = [
        "clock", "vessel", "chemistry", "dosing", "heater", "valves", "plc", "settings", "hmi", "routine", "events",
    ]

    /// What stands under `plant`.
    func plant(_ fields: Fields) -> BatchPlant {
        var plant = BatchPlant()
        clock(&plant.clock, fields)
        section("vessel", fields, "the vessel", &plant.vessel, Self.vesselNumbers)
        section("chemistry", fields, "the chemistry", &plant.chemistry, Self.chemistryNumbers, Self.chemistryTimes)
        section("dosing", fields, "the dosing pump", &plant.dosing, Self.dosingNumbers, Self.dosingTimes)
        section("heater", fields, "the heater", &plant.heater, Self.heaterNumbers)
        section("valves", fields, "the valves", &plant.travel, [], Self.valveTimes)
        section("plc", fields, "the PLC", &plant.plc, [("accuracy", \.accuracy, 0...0.02)], Self.plcTimes)
        section("settings", fields, "settings", &plant.plc.settings, Self.settingNumbers, Self.settingTimes)
        screen(&plant.hmi, fields)
        section("routine", fields, "routine", &plant.routine, Self.routineNumbers)
        plant.events = events(fields)
        check(plant, fields)
        return plant
    }

    private static var vesselNumbers: [SectionNumber<BatchPlant.Container>] {
        [
            ("capacity-kg", \.capacity_kg, 450...800), ("high-high-kg", \.highHigh_kg, 425...800),
            ("first-kg", \.first_kg, 0...800), ("waste-kgps", \.waste_kgps, 0.2...10),
            ("water-kgps", \.water_kgps, 0.2...10), ("drain-kgps", \.drain_kgps, 0.5...50),
            ("water-degC", \.water_degC, 0...60), ("ambient-degC", \.ambient_degC, -20...50),
            ("loss-WpK", \.loss_WpK, 0...500), ("too-hot-degC", \.tooHot_degC, 50...100),
            ("mixing-s", \.mixing_s, 1...60), ("standing-mix-s", \.standingMix_s, 60...3_600),
        ]
    }

    private static var chemistryNumbers: [SectionNumber<BatchPlant.Chemistry>] {
        [
            ("acid-molpl", \.acid_molpl, 0...0.5), ("buffer-molpl", \.buffer_molpl, 0...0.5),
            ("pKa", \.pKa, 2...12), ("variation", \.variation, 0...0.5), ("drift-pHpd", \.drift_pHpd, 0...0.5),
        ]
    }
    private static var chemistryTimes: [SectionTime<BatchPlant.Chemistry>] {
        [("probe-lag", \.probeLag, .seconds(1) ... .seconds(60))]
    }

    private static var dosingNumbers: [SectionNumber<BatchPlant.Dosing>] {
        [
            ("stroke-ml", \.stroke_ml, 0.1...20), ("caustic-molpl", \.caustic_molpl, 0.1...20),
            ("density-kgpl", \.density_kgpl, 1...1.6), ("fastest-Hz", \.fastest_Hz, 0.5...5),
        ]
    }
    private static var dosingTimes: [SectionTime<BatchPlant.Dosing>] {
        [
            ("dead-time", \.deadTime, .milliseconds(100) ... .seconds(60)),
            ("pulse", \.pulse, .milliseconds(10) ... .milliseconds(100)),
        ]
    }

    private static var heaterNumbers: [SectionNumber<BatchPlant.Heater>] {
        [
            ("element-A", \.element_A, 1...38), ("voltage-V", \.voltage_V, 100...400), ("lag-s", \.lag_s, 1...300),
        ]
    }

    private static var valveTimes: [SectionTime<[Nanoseconds]>] {
        [
            ("XV1", \.[0], .seconds(3) ... .seconds(6)), ("XV2", \.[1], .seconds(3) ... .seconds(6)),
            ("XV3", \.[2], .seconds(3) ... .seconds(6)),
        ]
    }

    private static var plcTimes: [SectionTime<BatchPlant.Controller>] {
        [
            ("jitter", \.jitter, .zero ... .milliseconds(20)),
            ("execution", \.execution, .milliseconds(1) ... .milliseconds(25)),
        ]
    }

    private static var settingNumbers: [SectionNumber<BatchPlant.Settings>] {
        [("high-alarm-pH", \.highAlarm_pH, 7.8...14), ("excess", \.excess, 0...1)]
    }
    private static var settingTimes: [SectionTime<BatchPlant.Settings>] {
        [
            ("travel-timeout", \.travelTimeout, .seconds(8) ... .seconds(60)),
            ("dosing-timeout", \.dosingTimeout, .seconds(600) ... .seconds(14_400)),
            ("heating-timeout", \.heatingTimeout, .seconds(600) ... .seconds(28_800)),
        ]
    }

    private static var routineNumbers: [SectionNumber<BatchPlant.Routine>] {
        [
            ("orders", \.orders, 0...16), ("manual-dosing", \.manualDosing, 0...1),
            ("probe-calibration", \.probeCalibration, 0...1), ("cleaning", \.cleaning, 0...1),
            ("drum-change", \.drumChange, 0...1), ("estop-test", \.estopTest, 0...1),
            ("operator-hold", \.operatorHold, 0...1), ("program-download", \.programDownload, 0...1),
            ("supply-dip", \.supplyDip, 0...1),
        ]
    }

    private func screen(_ screen: inout BatchPlant.Screen, _ fields: Fields) {
        guard let node = fields["hmi"],
            let fields = self.fields(node, of: "the HMI", known: ["period", "baud", "clock-error"])
        else { return }
        if let period = duration("period", fields, within: .milliseconds(500) ... .seconds(60)) {
            screen.period = period
        }
        if let baud = integer("baud", fields, in: 9_600...115_200, example: "19200") { screen.baud = baud }
        if let error = duration("clock-error", fields, within: .zero ... .seconds(3_600)) { screen.clockError = error }
    }

    // MARK: Events

    private func events(_ fields: Fields) -> [BatchPlant.Event] {
        events(fields, form: "- {what: order, at: 7h, recipe: 1}", event) { $0.excludes($1) }
    }

    private func event(_ node: Node) -> BatchPlant.Event? {
        guard let fields = fields(node, of: "an event", known: ["what", "at", "for", "valve", "recipe"]) else {
            return nil
        }
        require([("what", "what: order"), ("at", "at: 7h")], in: fields)
        let at = duration("at", fields, mayBeZero: true)
        let span = duration("for", fields)
        let valve = integer("valve", fields, in: 1...3, example: "1")
        let recipe = integer("recipe", fields, in: 1...3, example: "1")
        guard let what = choice("what", fields, BatchPlant.Event.Kind.allCases) else { return nil }
        if what.isOrder {
            refuse(["for"], in: fields, because: "because a batch takes its time")
        } else {
            require([("for", "for: 10min")], in: fields)
        }
        if what == .valveStuck {
            require([("valve", "valve: 1")], in: fields)
        } else {
            refuse(["valve"], in: fields, because: "because \(what.rawValue) concerns no valve")
        }
        if what == .order {
            require([("recipe", "recipe: 1")], in: fields)
        } else {
            refuse(["recipe"], in: fields, because: "because only an order has one")
        }
        guard let at, what.isOrder || span != nil else { return nil }
        let length = span ?? .seconds(1)
        guard what == .supplyDip || length >= .seconds(1) else {
            mistakes.add(
                fields.position(of: "for"), "for \(DurationText.exact(length)) is shorter than a second",
                "which people take at least", fix: "write 1s or more")
            return nil
        }
        return BatchPlant.Event(what: what, at: at, duration: length, valve: valve ?? 1, recipe: recipe ?? 1)
    }

    private func check(_ plant: BatchPlant, _ fields: Fields) {
        let vessel = plant.vessel
        if vessel.highHigh_kg >= vessel.capacity_kg {
            mistakes.add(
                fields.position(of: "vessel"), "high-high-kg is not below capacity-kg",
                fix: "write less than \(plain(vessel.capacity_kg))")
        }
        if vessel.first_kg > vessel.capacity_kg {
            mistakes.add(
                fields.position(of: "vessel"), "first-kg is above capacity-kg",
                fix: "write at most \(plain(vessel.capacity_kg))")
        }
    }
}

extension BatchPlant.Event {
    /// Both at once would be two hands on one thing.
    fileprivate func excludes(_ other: BatchPlant.Event) -> Bool {
        guard overlaps(other), !what.isOrder, !other.what.isOrder else { return false }
        let held: [Kind] = [.manualDosing, .operatorHold, .drumChange]
        return what == other.what && (what != .valveStuck || valve == other.valve)
            || (held.contains(what) && held.contains(other.what))
    }
}
