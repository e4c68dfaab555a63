import TapConfig
import TapCore

/// What each value allows on its own and the station as a whole does not.
extension PumpStationReader {
    func events(_ fields: Fields) -> [PumpStation.Event] {
        events(fields, form: "- {what: hand-mode, at: 9h, for: 20min, pump: 1}", event) { $0.excludes($1) }
    }

    private func event(_ node: Node) -> PumpStation.Event? {
        let known = ["what", "at", "for", "pump", "rain-m3ps"]
        guard let fields = fields(node, of: "an event", known: known) else { return nil }
        require([("what", "what: hand-mode"), ("at", "at: 9h"), ("for", "for: 20min")], in: fields)
        let at = duration("at", fields, mayBeZero: true)
        let span = duration("for", fields)
        let rain = number("rain-m3ps", fields, in: 0...10, bounds: "from 0 to 10", example: "0.02")
        let pump = integer("pump", fields, in: 1...2, example: "1")
        guard let what = choice("what", fields, PumpStation.Event.Kind.allCases) else { return nil }
        if what.concernsOnePump {
            require([("pump", "pump: 1")], in: fields)
        } else {
            refuse(["pump"], in: fields, because: "because \(what.rawValue) concerns both")
        }
        if what != .rain { refuse(["rain-m3ps"], in: fields, because: "because only rain has it") }
        guard let at, let span else { return nil }
        guard what == .supplyDip || span >= .seconds(1) else {
            mistakes.add(
                fields.position(of: "for"), "for \(DurationText.exact(span)) is shorter than a second",
                "which people and weather take at least", fix: "write 1s or more")
            return nil
        }
        return PumpStation.Event(what: what, at: at, duration: span, pump: pump ?? 1, rain_m3ps: rain ?? 0.02)
    }

    func check(_ station: PumpStation, _ fields: Fields) {
        let settings = station.plc.settings
        let well = station.well
        rise(
            [
                ("low-float-m", well.lowFloat_m), ("stop-m", settings.stop_m), ("start-m", settings.start_m),
                ("lag-m", settings.lag_m), ("high-alarm-m", settings.highAlarm_m), ("depth-m", well.depth_m),
            ], fields.position(of: fields["settings"] == nil ? "well" : "settings"))
        rise(
            [("lag-m", settings.lag_m), ("high-float-m", well.highFloat_m), ("depth-m", well.depth_m)],
            fields.position(of: "well"))
        if well.firstLevel_m > well.depth_m {
            mistakes.add(
                fields.position(of: "well"), "first-level-m is above depth-m",
                fix: "write at most \(plain(well.depth_m))")
        }
        checkWater(station, fields)
    }

    private func rise(_ heights: [(key: String, value: Double)], _ position: FilePosition) {
        for (lower, upper) in zip(heights, heights.dropFirst()) where lower.value >= upper.value {
            mistakes.add(
                position, "\(lower.key) \(plain(lower.value)) is not below \(upper.key) \(plain(upper.value))",
                fix: "write heights in the order \(heights.map(\.key).joined(separator: " < "))")
            return
        }
    }

    private func checkWater(_ station: PumpStation, _ fields: Fields) {
        let pump = station.pumps[0]
        let lift = max(pump.shutOffHead_m, station.pumps[1].shutOffHead_m)
        guard min(pump.shutOffHead_m, station.pumps[1].shutOffHead_m) > station.main.outlet_m else {
            mistakes.add(
                fields.position(of: fields["pumps"] == nil ? "main" : "pumps"),
                "a pump does not reach the outlet at \(plain(station.main.outlet_m)) m",
                fix: "write a shut-off-head-m above outlet-m")
            return
        }
        // Both pumps, out of a full well.
        let most_m3ps =
            ((lift - station.main.outlet_m + station.well.depth_m)
            / (pump.slope_s2pm5 / 4 + station.main.friction_s2pm5)).squareRoot()
        let pulses = station.meter.litresPerPulse * 1e-3 / most_m3ps
        if pulses < 2 * Double(station.meter.pulse.count) * 1e-9 {
            mistakes.add(
                fields.position(of: fields["meter"] == nil ? "pumps" : "meter"),
                "at the greatest flow, \(plain((most_m3ps * 1_000).rounded())) l/s, pulses follow too closely",
                "which are to be as long apart as they last", fix: "write more litres-per-pulse or a shorter pulse")
        }
        // What makes the step of 20 ms long: the time in which friction stops the column.
        let area = 0.785398 * station.main.diameter_m * station.main.diameter_m
        let inertia = station.main.length_m / (9.80665 * area)
        let rate = 2 * (station.main.friction_s2pm5 + pump.slope_s2pm5) * most_m3ps / inertia
        if rate * 0.02 > 0.5 {
            mistakes.add(
                fields.position(of: fields["main"] == nil ? "pumps" : "main"),
                "the rising main holds too little water for steps of 20 ms",
                fix: "write a greater length-m, or a smaller diameter-m")
        }
        // A pulse of the PLC ends within its cycle.
        if station.plc.jitter + station.plc.execution >= .milliseconds(20) {
            mistakes.add(
                fields.position(of: "plc"), "jitter and execution do not fit into the cycle of 20 ms",
                fix: "write shorter ones")
        }
    }
}

extension PumpStation.Event {
    /// Both at once would be two hands on one switch.
    fileprivate func excludes(_ other: PumpStation.Event) -> Bool {
        guard overlaps(other) else { return false }
        let isSamePump = !what.concernsOnePump || !other.what.concernsOnePump || pump == other.pump
        let hands: [Kind] = [.handMode, .localStop, .lockout, .sensorCalibration, .parkedCalibration, .remoteRun]
        let valves: [Kind] = [.checkValveLeaking, .checkValveStuck]
        let loops: [Kind] = [.loopOpen, .loopShorted, .sensorCalibration, .parkedCalibration]
        let floats: [Kind] = [.floatStuck, .floatTest]
        return isSamePump
            && (what == other.what
                || [hands, valves, loops, floats].contains { $0.contains(what) && $0.contains(other.what) })
    }
}
