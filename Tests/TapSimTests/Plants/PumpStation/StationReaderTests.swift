import TapCore
import Testing

@testable import TapConfig
@testable import TapSim

/// What is made of the text of a `plant`, and what is reported about it. It begins at line 1.
private func plant(_ text: String) -> (station: PumpStation?, mistakes: [String]) {
    let (plant, mistakes) = read(text) { PlantReader(mistakes: $0, kinds: Plants.all).plant($1) }
    return (plant as? PumpStation, mistakes)
}

/// What is made of one attack; its map begins at 1:12.
private func attack(_ text: String) -> (attack: Attack?, mistakes: [String]) {
    let (attacks, mistakes) = read("attacks: [ {\(text)} ]") { mistakes, root in
        let reader = AttackReader(mistakes: mistakes, kinds: PumpStation().attackKinds)
        return reader.fields(root, of: "a scenario", known: ["attacks"]).map {
            reader.list("attacks", $0, form: "").compactMap { reader.attack($0) }
        }
    }
    return (attacks?.first, mistakes)
}

private func read<Value>(_ text: String, _ make: (MistakeList, Node) -> Value?) -> (Value?, [String]) {
    let mistakes = MistakeList(file: "s.yaml")
    let root = YAMLTree.read(Array(text.utf8), .scenario, into: mistakes)
    let value = root.flatMap { make(mistakes, $0) }
    return (value, mistakes.errors()?.mistakes.map(\.description) ?? [])
}

@Suite struct StationReaderTests {
    @Test func `a plant of its kind alone is the usual one`() {
        let (station, mistakes) = plant("kind: pump-station\n")
        #expect(mistakes.isEmpty)
        #expect(station == PumpStation())
    }

    @Test func `each key changes what it says and nothing else`() {
        let (station, mistakes) = plant(
            """
            kind: pump-station
            clock: {start: "2026-10-24 20:30:00", utc-offset: 2, daylight-saving: none}
            well: {area-m2: 20, depth-m: 6, first-level-m: 2.5, high-float-m: 4.5, low-float-m: 0.4, ripple-m: 0}
            inflow: {mean-m3ps: 0.02, day-variation: 0.1, minute-variation: 0.01, weekend: 0.5, rains-per-day: 2, rain-m3ps: 0.03}
            main: {outlet-m: 10, friction-s2pm5: 1000, length-m: 900, diameter-m: 0.3}
            pumps:
              - {shut-off-head-m: 20, slope-s2pm5: 4000, rated-A: 30, idle-A: 10, inrush: 7, overload-A: 32, pull-in: 25ms, drop-out: 10ms}
              - {slope-s2pm5: 4000, check-valve: leaking, operations: 50000}
            wear: {difference: 0.05, per-thousand-hours: 0.01}
            meter: {litres-per-pulse: 100, pulse: 20ms, current-error: 0.002, cut-off-m3ps: 0.001}
            inputs: {error: 0.002, noise: 0.001, filter: 2s, resolution: 0.0001}
            plc: {jitter: 2ms, execution: 5ms, slips: 0.001}
            settings: {start-m: 2.2, stop-m: 0.9, lag-m: 3, high-alarm-m: 4, minimum-run: 30s, feedback-timeout: 3s}
            hmi: {period: 2s, baud: 9600, clock-error: 0s, clock-corrected: 1h}
            bus: {jitter: 5ms, drift: 0.0001, response: 20ms, errors: 0.01, retries: 1, stations: 0}
            routine: {hand-mode: 0, supply-dip: 1}
            events:
              - {what: rain, at: 1h, for: 30min, rain-m3ps: 0.04}
              - {what: lockout, at: 2h, for: 1h, pump: 2}
            """)
        var expected = PumpStation()
        expected.clock.start = .init(year: 2026, month: 10, day: 24, secondOfDay: 73_800)
        expected.clock.utcOffset = .seconds(7_200)
        expected.clock.daylightSaving = .none
        (expected.well.area_m2, expected.well.depth_m, expected.well.firstLevel_m) = (20, 6, 2.5)
        (expected.well.highFloat_m, expected.well.lowFloat_m, expected.well.ripple_m) = (4.5, 0.4, 0)
        (expected.inflow.mean_m3ps, expected.inflow.dayVariation) = (0.02, 0.1)
        (expected.inflow.minuteVariation, expected.inflow.weekend) = (0.01, 0.5)
        (expected.inflow.rainsPerDay, expected.inflow.rain_m3ps) = (2, 0.03)
        (expected.main.outlet_m, expected.main.friction_s2pm5) = (10, 1_000)
        (expected.main.length_m, expected.main.diameter_m) = (900, 0.3)
        (expected.pumps[0].shutOffHead_m, expected.pumps[0].slope_s2pm5) = (20, 4_000)
        (expected.pumps[0].ratedCurrent_A, expected.pumps[0].idleCurrent_A) = (30, 10)
        (expected.pumps[0].inrush, expected.pumps[0].overload_A) = (7, 32)
        (expected.pumps[0].pullIn, expected.pumps[0].dropOut) = (.milliseconds(25), .milliseconds(10))
        expected.pumps[1].slope_s2pm5 = 4_000
        (expected.pumps[1].checkValve, expected.pumps[1].operations) = (.leaking, 50_000)
        (expected.wear.difference, expected.wear.perThousandHours) = (0.05, 0.01)
        (expected.meter.litresPerPulse, expected.meter.pulse) = (100, .milliseconds(20))
        (expected.meter.currentError, expected.meter.cutOff_m3ps) = (0.002, 0.001)
        (expected.inputs.error, expected.inputs.noise) = (0.002, 0.001)
        (expected.inputs.filter, expected.inputs.resolution) = (.seconds(2), 0.0001)
        (expected.plc.jitter, expected.plc.execution) = (.milliseconds(2), .milliseconds(5))
        (expected.plc.settings.start_m, expected.plc.settings.stop_m) = (2.2, 0.9)
        (expected.plc.settings.lag_m, expected.plc.settings.highAlarm_m) = (3, 4)
        (expected.plc.settings.minimumRun, expected.plc.settings.feedbackTimeout) = (.seconds(30), .seconds(3))
        (expected.hmi.period, expected.hmi.baud, expected.hmi.clockError) = (.seconds(2), 9_600, .zero)
        expected.hmi.clockCorrected = .seconds(3_600)
        (expected.bus.jitter, expected.bus.drift) = (.milliseconds(5), 0.0001)
        (expected.bus.response, expected.bus.errors) = (.milliseconds(20), 0.01)
        (expected.bus.retries, expected.bus.stations, expected.plc.slips) = (1, 0, 0.001)
        (expected.routine.perDay[.handMode], expected.routine.perDay[.supplyDip]) = (0, 1)
        expected.events = [
            .init(what: .rain, at: .seconds(3_600), duration: .seconds(1_800), rain_m3ps: 0.04),
            .init(what: .lockout, at: .seconds(7_200), duration: .seconds(3_600), pump: 2),
        ]
        #expect(mistakes.isEmpty)
        #expect(station == expected)
    }

    @Test func `a tidy station is measured once, and what is named beside is as it says`() {
        #expect(plant("kind: pump-station\ntidy: true\n").station == PumpStation.tidy)
        var expected = PumpStation.tidy
        expected.inputs.error = 0.001
        #expect(plant("kind: pump-station\ntidy: true\ninputs: {error: 0.001}\n").station == expected)
    }

    @Test func `several mistakes are reported at once, each where it stands`() {
        let (_, mistakes) = plant(
            """
            kind: pump-station
            well: {aera-m2: 3, depth-m: 0.5}
            clock: {start: "2026-02-29 00:00:00"}
            plc: {jitter: 11ms}
            hmi: {baud: 300}
            pumps: [{}]
            """)
        #expect(
            mistakes == [
                "s.yaml:2:8: unknown key 'aera-m2' in the well: did you mean 'area-m2'?",
                "s.yaml:2:29: depth-m 0.5 is out of range: write a number from 1 to 50",
                "s.yaml:3:16: start '2026-02-29 00:00:00' is not a date and time, which is YEAR-MONTH-DAY "
                    + "HOUR:MINUTE:SECOND: write for example \"2026-03-28 20:00:00\"",
                "s.yaml:4:15: jitter 11ms is out of range: write a time from 0s to 10ms",
                "s.yaml:5:13: baud 300 is out of range: write 9600 to 115200",
                "s.yaml:6:8: pumps has 1 item, where the station has P1 and P2: write two, or delete the key",
            ])
    }

    @Test(arguments: [
        (
            "settings: {start-m: 0.8}",
            "s.yaml:2:11: stop-m 1 is not below start-m 0.8: write heights in the order "
                + "low-float-m < stop-m < start-m < lag-m < high-alarm-m < depth-m"
        ),
        ("well: {first-level-m: 6}", "s.yaml:2:7: first-level-m is above depth-m: write at most 5"),
        (
            "main: {outlet-m: 30}",
            "s.yaml:2:7: a pump does not reach the outlet at 30 m: write a shut-off-head-m above outlet-m"
        ),
        (
            "meter: {litres-per-pulse: 1}",
            "s.yaml:2:8: at the greatest flow, 71 l/s, pulses follow too closely, which are to be as long apart as "
                + "they last: write more litres-per-pulse or a shorter pulse"
        ),
        (
            "main: {length-m: 2}",
            "s.yaml:2:7: the rising main holds too little water for steps of 20 ms: "
                + "write a greater length-m, or a smaller diameter-m"
        ),
        (
            "events: [{what: hand-mode, at: 1h, for: 1h, pump: 1}, {what: lockout, at: 90min, for: 1h, pump: 1}]",
            "s.yaml:2:55: event lockout meets hand-mode, which 2:10 has at the same time: write another time"
        ),
        (
            "events: [{what: rain, at: 1h, for: 1h, pump: 1}]",
            "s.yaml:2:40: key 'pump' is not allowed here, because rain concerns both: delete it"
        ),
        (
            "events: [{what: local-stop, at: 1h, for: 200ms, pump: 1}]",
            "s.yaml:2:42: for 200ms is shorter than a second, which people and weather take at least: "
                + "write 1s or more"
        ),
    ])
    func `what does not fit together is reported`(_ line: String, _ expected: String) {
        #expect(plant("kind: pump-station\n\(line)\n").mistakes == [expected])
    }

    @Test func `a plant of another kind is refused`() {
        #expect(
            plant("kind: reactor\n").mistakes
                == ["s.yaml:1:7: kind 'reactor' is not known: write pump-station, feeder-bay or batch-plant"])
    }
}

@Suite struct StationAttackReaderTests {
    @Test func `each variant is read with what it takes`() {
        for variant in StationAttack.allCases.map(\.kind) {
            var text = "aim: \(variant.aim.rawValue), variant: \(variant.name), from: 1h, for: 10min"
            if let target = variant.targets.last { text += ", target: \(target)" }
            if variant.hasValue { text += ", value: on" }
            if let strength = variant.strength { text += ", strength: \(plain(strength.usual / 2))" }
            if let span = variant.span { text += ", \(span.key): 20s" }
            let (attack, mistakes) = attack(text)
            #expect(mistakes.isEmpty)
            let expected = Attack(
                variant, from: .seconds(3_600), to: .seconds(4_200), target: variant.targets.last,
                value: variant.hasValue, strength: variant.strength.map { $0.usual / 2 },
                span: variant.span.map { _ in .seconds(20) })
            #expect(attack == expected)
        }
    }

    @Test func `an attack without an end lasts to the end of the run`() {
        #expect(attack("aim: misled-operator, variant: view-denied, from: 0s").attack?.to == nil)
    }

    @Test(arguments: [
        (
            "aim: modified-control, variant: bias, from: 1h, target: LEVEL",
            [
                "s.yaml:1:45: variant bias is not one of aim modified-control, but of falsified-monitoring: write "
                    + "command-changed, parameter-drift, output-forced, output-toggled or setting-written, or aim: falsified-monitoring"
            ]
        ),
        (
            "aim: disabled-alarms, variant: siren-cutt, from: 1h",
            ["s.yaml:1:44: variant 'siren-cutt' is not known: did you mean 'siren-cut'?"]
        ),
        (
            "aim: modified-control, variant: output-forced, from: 1h, target: P3_CMD, value: on",
            ["s.yaml:1:78: output-forced has no target 'P3_CMD': did you mean 'P1_CMD'?"]
        ),
        (
            "aim: misled-operator, variant: feedback-lies, from: 2h, to: 1h, value: on, strength: 3",
            [
                "s.yaml:1:12: key 'target' is missing in an attack: add 'target: P1_RUN'",
                "s.yaml:1:73: to 1h is not after from 2h: write a later time",
                "s.yaml:1:77: key 'value' is not allowed here, because feedback-lies forces nothing: delete it",
                "s.yaml:1:88: key 'strength' is not allowed here, because feedback-lies has none: delete it",
            ]
        ),
        (
            "aim: hidden-deviation, variant: replay, from: 5min, target: P1_CMD, value: off",
            [
                "s.yaml:1:59: from 5min is earlier than what is replayed could be recorded, which takes 30min: "
                    + "write 'from: 30min' or later, or a shorter recorded"
            ]
        ),
        (
            "aim: falsified-monitoring, variant: scaling, from: 1h, for: 1h, to: 3h, target: FLOW, strength: 101",
            [
                "s.yaml:1:77: key 'to' conflicts with 'for': delete one of the two",
                "s.yaml:1:109: strength 101 is out of range: write a number from 0 to 100",
            ]
        ),
    ])
    func `what makes no attack is reported`(_ text: String, _ expected: [String]) {
        #expect(attack(text).mistakes == expected)
    }
}
