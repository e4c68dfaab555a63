import TapConfig
import TapCore
import Testing

@testable import TapSim

@Suite struct StationOperationTests {
    @Test func `much water takes both pumps, and too much sounds the siren`() throws {
        var parameters = PumpStation.quick
        parameters.inflow.mean_m3ps = 0.3
        parameters.well.firstLevel_m = 2.5
        let run = StationRun(parameters, seconds: 60)
        #expect(run.isHigh("P1_FB", at: 20) && run.isHigh("P2_FB", at: 20))
        let float = try #require(run.rises("LSH").first)
        #expect(abs(run.value("LT1", at: Double(float) * 1e-9) - 3.8) < 0.05)
        let siren = try #require(run.rises("SIREN").first)
        // The level alarm, at 3.6 m, is there before the float.
        #expect(siren < float && abs(run.value("LT1", at: Double(siren) * 1e-9 - 2) - 3.6) < 0.1)
        #expect(run.shown("ALM_HIGH", at: 50) == .bool(true))
    }

    @Test func `in hand a pump runs without a command, and the dry-run float stops it`() throws {
        var parameters = PumpStation.quick.with(.handMode, at: 20, for: 300)
        parameters.inflow.mean_m3ps = 0.01
        parameters.well.firstLevel_m = 1.5
        let run = StationRun(parameters, seconds: 330)
        #expect(run.isHigh("P1_HAND", at: 25) && !run.isHigh("P1_AUTO", at: 25))
        #expect(run.isHigh("P1_FB", at: 25) && run.edges("P1_CMD").isEmpty)
        let dry = try #require(run.rises("LSL").first)
        #expect(run.falls("P1_FB").contains { $0 > dry && $0 < dry + 20_000_000 })
        #expect(run.shown("P1_MODE", at: 30) == .text("hand"))
        #expect(run.shown("ALM_P1_FAIL", at: 30) == .bool(false))
        #expect(run.isHigh("P1_AUTO", at: 325) && !run.isHigh("P1_HAND", at: 325))
    }

    @Test func `a local stop takes the pump away and the other one takes over`() throws {
        let run = StationRun(.quick.with(.localStop, at: 20, for: 60), seconds: 100)
        #expect(run.isHigh("P1_FB", at: 19.9))
        let stop = try #require(run.falls("P1_READY").first)
        #expect(stop == 20_000_000_000)
        let contact = try #require(run.falls("P1_FB").first)
        #expect(contact > stop && contact < stop + 12_000_000)
        #expect(run.isHigh("P2_FB", at: 22))
        #expect(run.shown("ALM_P1_FAIL", at: 60) == .bool(false))
        let label = try #require(run.labels.first { $0.name == "local-stop" })
        #expect(label.kind == .operation && label.from.nanoseconds == stop && label.to.nanoseconds == 80_000_000_000)
    }

    @Test func `a program download stops the outputs and the answers to the HMI`() {
        let run = StationRun(.quick.with(.programDownload, at: 20, for: 30), seconds: 100)
        #expect(run.falls("PLC_RUN") == [20_000_000_000] && run.rises("PLC_RUN") == [50_000_000_000])
        #expect(run.isHigh("P1_CMD", at: 19.99) && !run.isHigh("P1_CMD", at: 20))
        #expect(run.shown("PLC_COMM", at: 40) == .bool(false))
        #expect(run.claims("LEVEL").allSatisfy { !(21_000_000_000...50_000_000_000).contains($0.time.nanoseconds) })
        #expect(run.isHigh("P1_CMD", at: 60) || run.isHigh("P2_CMD", at: 60))
        #expect(run.shown("PLC_COMM", at: 60) == .bool(true))
    }

    @Test func `a calibration shows 4, 12 and 20 mA while the PLC holds the level`() {
        let run = StationRun(.quick.with(.sensorCalibration, at: 2, for: 40), seconds: 60)
        #expect(run.value("LT1", at: 10) == 0)
        #expect(run.value("LT1", at: 20) == 2.5)
        #expect(run.value("LT1", at: 30) == 5)
        #expect(run.edges("P1_CMD").allSatisfy { !(2_000_000_000..<42_000_000_000).contains($0.time) })
        #expect(run.edges("SIREN").isEmpty)
        #expect(run.shown("STATION_MODE", at: 30) == .text("maintenance"))
        #expect(run.shown("STATION_MODE", at: 50) == .text("auto"))
    }

    @Test func `in a supply dip contactors drop out, and are started again one by one`() throws {
        var parameters = PumpStation.quick
        parameters.inflow.mean_m3ps = 0.12
        parameters.well.firstLevel_m = 2.55
        parameters.events = [.init(what: .supplyDip, at: .seconds(30), duration: .milliseconds(300))]
        let run = StationRun(parameters, seconds: 60)
        #expect(run.isHigh("P1_FB", at: 29.9) && run.isHigh("P2_FB", at: 29.9))
        for pump in ["P1", "P2"] {
            let contact = try #require(run.falls("\(pump)_FB").first)
            #expect((30_009_000_000...30_011_000_000).contains(contact))
            #expect(run.shown("ALM_\(pump)_FAIL", at: 60) == .bool(false))
        }
        let again = (run.rises("P1_CMD") + run.rises("P2_CMD")).filter { $0 > 30_000_000_000 }.sorted()
        #expect(again.count == 2)
        #expect((35_280_000_000...35_320_000_000).contains(again[0]))
        #expect((40_280_000_000...40_320_000_000).contains(again[1]))
    }

    @Test func `on two phases the overload relay trips and the other pump takes over`() throws {
        let run = StationRun(.quick.with(.lostPhase, at: 1, for: 500), seconds: 120)
        let trip = try #require(run.rises("P1_OL").first)
        // It never turns: 115 A through a relay set to 23 A.
        #expect(run.curve("P1_I").map(\.value).max()! > 100)
        let start = try #require(run.rises("P1_CMD").first)
        #expect((10_000_000_000...20_000_000_000).contains(trip - start))
        #expect(run.falls("P1_FB").first! - trip < 12_000_000)
        #expect(run.rises("P2_FB").first! > trip)
        #expect(run.shown("ALM_P1_FAIL", at: 119) == .bool(true))
        #expect(run.labels.contains { $0.kind == .fault && $0.name == "lost-phase" })
    }

    /// Relay and alarm are reset by people, 20 to 60 and 10 to 30 minutes later: in either order.
    @Test func `a failure is over once its relay and its alarm are reset, whichever comes first`() {
        var acknowledgements: Set<Int> = []
        for seed in 1...40 as ClosedRange<UInt64> {
            var operations = StationOperations(.quick, clock: CivilClock(PumpStation.quick.clock), seed: seed)
            var program = StationProgram(PumpStation.quick.plc.settings)
            var inputs = StationProgram.Inputs()
            inputs.pumps[0].auto = true
            inputs.pumps[0].ready = true
            inputs.pumps[0].overload = true
            operations.respondToTrip(0, at: 0)
            var count = 0
            for second in stride(from: UInt64(0), to: 7_200, by: 20) {
                let time = second * 1_000_000_000
                while let (_, action) = operations.take(before: time) {
                    switch action {
                    case .resetOverload(let pump): inputs.pumps[pump].overload = false
                    case .write(.resetAlarm(let pump)):
                        program.reset(pump)
                        operations.acknowledged(pump)
                        count += 1
                    default: break
                    }
                }
                _ = program.scan(inputs, at: time)
                operations.watch(program, at: time)
                if second == 60 { #expect(program.pumps[0].hasFailed) }
            }
            #expect(!program.pumps[0].hasFailed && !inputs.pumps[0].overload)
            acknowledgements.insert(count)
        }
        #expect(acknowledgements.isSuperset(of: [1, 2]))
    }

    @Test func `an hour without a phase ends, and the pump runs again`() throws {
        var parameters = PumpStation.quick.with(.lostPhase, at: 1, for: 3_600)
        parameters.inflow.mean_m3ps = 0.02
        let run = StationRun(parameters, seconds: 9_000)
        #expect(run.shown("ALM_P1_FAIL", at: 600) == .bool(true))
        #expect(run.shown("ALM_P1_FAIL", at: 8_990) == .bool(false))
        #expect(run.falls("P1_OL").count == run.rises("P1_OL").count)
        #expect(try #require(run.rises("P1_FB").last) > 3_601_000_000_000)
    }

    @Test func `welded contacts are a failure that is reported`() throws {
        let run = StationRun(.quick.with(.contactorWelded, at: 30, for: 500), seconds: 140)
        let stop = try #require(run.falls("P1_CMD").first)
        #expect(run.falls("P1_FB").isEmpty)
        #expect(run.shown("ALM_P1_FAIL", at: Double(stop) * 1e-9 + 4) == .bool(true))
        #expect(run.shown("P1_RUN", at: Double(stop) * 1e-9 + 4) == .bool(true))
    }

    @Test func `a stuck check valve lets the main run back`() throws {
        let parameters = PumpStation.quick.with(.checkValveStuck, at: 1, for: 500)
        let run = StationRun(parameters, seconds: 200)
        let stop = Double(try #require(run.falls("P1_CMD").first)) * 1e-9
        // The transmitter's lower end, 3.8 mA.
        #expect(abs(run.value("FT1", at: stop + 20) + 0.001_25) < 1e-12)
        #expect(run.value("LT1", at: stop + 20) > run.value("LT1", at: stop) + 0.15)
    }

    @Test func `a stuck float is reported by the level, which sounds the siren alone`() {
        var parameters = PumpStation.quick.with(.floatStuck, at: 1, for: 500)
        parameters.inflow.mean_m3ps = 0.4
        let run = StationRun(parameters, seconds: 100)
        #expect(run.edges("LSH").isEmpty)
        #expect(!run.edges("SIREN").isEmpty)
        #expect(run.shown("ALM_LEVEL", at: 99) == .bool(true))
    }

    @Test func `claims are true, complete, each second, and late by the exchange`() throws {
        let run = StationRun(seconds: 60)
        #expect(run.claims("LEVEL").count == 60)
        #expect(run.claims.count == 60 * 27)
        #expect(zip(run.claims, run.claims.dropFirst()).allSatisfy { $0.time <= $1.time })
        for (index, claim) in run.claims("LEVEL").enumerated() {
            let late = Int(claim.time.nanoseconds) - (index * 1_000_000_000 + 137_000_000)
            #expect((35_000_000...80_000_000).contains(late))
            guard case .number(let level) = claim.value else { return #expect(Bool(false)) }
            // The PLC's at the scan before its answer: 12 bits of 5 m, then millimetres.
            let near = run.curve("LT1").filter { abs(Int64($0.time) - Int64(claim.time.nanoseconds)) < 100_000_000 }
            #expect(near.contains { abs($0.value - level) < 0.0012 })
        }
        for (edge, tag) in [("P1_FB", "P1_RUN"), ("P1_CMD", "P1_CMD")] {
            let rise = Double(try #require(run.rises(edge).first)) * 1e-9
            #expect(run.shown(tag, at: rise) == .bool(false))
            #expect(run.shown(tag, at: rise + 1.1) == .bool(true))
        }
    }

    /// Ten weeks of labels, without the water.
    private func plan(_ parameters: PumpStation, seed: UInt64, days: UInt64 = 70) -> [Label] {
        var operations = StationOperations(parameters, clock: CivilClock(parameters.clock), seed: seed)
        var labels: [Label] = []
        while let (time, action) = operations.take(before: days * 86_400_000_000_000) {
            switch action {
            case .newDay: operations.plan(from: time)
            case .label(let label): labels.append(label)
            default: break
            }
        }
        return labels
    }

    @Test func `days are labelled from midnight to midnight, and the clocks change in one of them`() throws {
        let labels = plan(PumpStation(), seed: 3)
        let days = labels.filter { $0.name == "diurnal-demand" }
        #expect(days.count == 71 && days[0].from == .zero)
        #expect(zip(days, days.dropFirst()).allSatisfy { $0.to == $1.from })
        // 26 March is a Thursday; the Sunday after has 23 hours.
        #expect(days.prefix(4).map { ($0.to - $0.from).count / 3_600_000_000_000 } == [24, 24, 24, 23])
        let change = try #require(labels.first { $0.name == "daylight-saving" })
        #expect(change.from.nanoseconds == 74 * 3_600_000_000_000)
        #expect(zip(labels, labels.dropFirst()).allSatisfy { $0.from <= $1.from })
    }

    @Test func `people work on working days, one job after the other, as often as they should`() {
        let parameters = PumpStation()
        let clock = CivilClock(parameters.clock)
        let jobs = Set(PumpStation.Event.Kind.jobs.map(\.kind.rawValue))
        var counts: [String: Int] = [:]
        for seed in 1...10 as ClosedRange<UInt64> {
            let labels = plan(parameters, seed: seed)
            let work = labels.filter { jobs.contains($0.name) }
            for job in work {
                let local = clock.local(at: job.from.nanoseconds)
                #expect(!local.isWeekend && (27_000...57_600).contains(local.secondOfDay))
            }
            #expect(zip(work, work.dropFirst()).allSatisfy { $0.to < $1.from })
            for label in labels { counts[label.name, default: 0] += 1 }
        }
        // 700 days; five working days do the work of seven.
        let expected = [
            ("hand-mode", 490.0), ("local-stop", 280), ("lockout", 105), ("program-download", 70),
            ("sensor-calibration", 70), ("parked-calibration", 35), ("float-test", 35), ("second-client", 28),
            ("setting-changed", 35), ("remote-run", 35), ("supply-dip", 210), ("rain", 330),
            ("control-supply-lost", 14), ("power-cut", 7), ("hmi-restart", 35), ("clock-set", 14), ("loop-open", 7),
            ("fouling", 14), ("rag", 70),
        ]
        for (name, count) in expected {
            #expect(abs(Double(counts[name] ?? 0) - count) < 4 * count.squareRoot(), "\(name): \(counts[name] ?? 0)")
        }
    }

    @Test func `routine stays away from what a scenario says, and one more event moves no other`() {
        let usual = plan(.tidy, seed: 5)
        let parameters = PumpStation.tidy.with(.localStop, at: 0, for: 70 * 86_400)
        let alone = plan(parameters, seed: 5)
        #expect(alone.filter { $0.name == "local-stop" }.count == 1)
        #expect(!alone.contains { $0.name == "hand-mode" || $0.name == "supply-dip" })
        #expect(alone.filter { $0.name == "rain" } == usual.filter { $0.name == "rain" })
        let later = plan(PumpStation.tidy.with(.rain, at: 6_000_000, for: 60), seed: 5)
        #expect(later.filter { $0.name != "rain" } == usual.filter { $0.name != "rain" })
    }
}
