import TapConfig
import TapCore
import Testing

@testable import TapSim

@Suite struct FeederProtectionTests {
    /// 13.5 x TMS / (I / Is - 1), in milliseconds for TMS 0.1.
    @Test(arguments: [(1.5, 2_700.0), (2, 1_350), (3, 675), (5, 337.5), (10, 150), (20, 71.0526)])
    func `the relay trips by the very inverse curve of IEC 60255-151`(times: Double, expected_ms: Double) {
        let settings = FeederBay.Settings()
        var relay = ProtectionProgram(settings)
        var inputs = ProtectionProgram.Inputs()
        var time: UInt64 = 0
        while time < 1_000_000_000 {
            _ = relay.scan(inputs, at: time)
            time += ProtectionProgram.cycle_ns
        }
        inputs.current_A = settings.pickup_A * times
        let from = time
        while !relay.scan(inputs, at: time).trip { time += ProtectionProgram.cycle_ns }
        let took_ms = Double(time - from) * 1e-6
        // One cycle, and one period of measuring on the way up.
        #expect(took_ms >= expected_ms - 5 && took_ms <= expected_ms + 20)
        #expect(abs(InverseTime.operating_s(settings.pickup_A * times, settings) * 1_000 - expected_ms) < 1e-3)
    }

    @Test func `it does not start below its pickup current`() {
        var relay = ProtectionProgram(FeederBay.Settings())
        var inputs = ProtectionProgram.Inputs()
        inputs.current_A = 479
        for scan in 0..<4_000 { #expect(!relay.scan(inputs, at: UInt64(scan) * 5_000_000).trip && !relay.isStarted) }
    }

    @Test func `a transient fault is cleared and the breaker closed again after half a second`() throws {
        let run = FeederRun(FeederBay.quiet.with(.transientFault, at: 20, for: .seconds(5)), seconds: 100)
        let trip = try #require(run.rises("TRIP_REL").first)
        #expect(run.rises("TRIP_REL").count == 1 && run.edges("LOCKOUT").isEmpty && run.edges("TRIP_CMD").isEmpty)
        // 13.5 x 0.1 / 9 = 0.15 s, a period to measure.
        #expect((150...180).contains((trip - 20_000_000_000) / 1_000_000))
        #expect(abs(run.rms("IA", at: 20.1) - 4_800) < 0.001)
        let dead = try #require(run.rises("52B").first)
        let close = try #require(run.rises("CLOSE_CMD").first)
        // From when the relay has let go of its trip.
        #expect(close - dead >= 500_000_000 && close - dead < 700_000_000)
        #expect(run.rms("IA", at: 20.6) == 0 && run.rms("IA", at: 22) > 200 && run.rms("IA", at: 22) < 480)
        #expect(run.shown("AR_STATE", at: 30) == .text("reclaim"))
        #expect(run.shown("AR_STATE", at: 90) == .text("ready"))
        #expect(run.shown("CB_POS", at: 30) == .text("closed"))
    }

    @Test func `a permanent fault is tried twice, then the bay is locked out until a crew has come`() throws {
        let run = FeederRun(FeederBay.quiet.with(.permanentFault, at: 20, for: .seconds(1_200)), seconds: 8_000)
        #expect(run.rises("TRIP_REL").count == 3)
        let closes = run.rises("CLOSE_CMD")
        // Two by the relay, one by the control room after the lockout is reset.
        #expect(closes.count == 3)
        let (trips, lockout) = (run.rises("TRIP_REL"), try #require(run.rises("LOCKOUT").first))
        #expect(lockout == trips[2])
        #expect((20_000...20_800).contains((closes[1] - trips[1]) / 1_000_000))
        let reset = try #require(run.falls("LOCKOUT").first)
        #expect(reset - lockout >= 40 * 60_000_000_000 && closes[2] > reset)
        #expect(run.isHigh("52A", at: 8_000) && run.shown("CB_POS", at: 8_000) == .text("closed"))
    }

    @Test func `a fault's current begins where the load was, and its offset decays`() {
        let run = FeederRun(FeederBay.quiet.with(.transientFault, at: 20, for: .seconds(5)), seconds: 21)
        for name in ["IA", "IB", "IC"] {
            let knots = run.curve(name)
            let before = knots.last { $0.time <= 20_000_000_000 && $0.amplitude < 1_000 }!
            let after = knots.first { $0.time == 20_000_000_001 }!
            func value(_ knot: Signals.Knot) -> Double {
                knot.value + knot.amplitude * Sine.ofTurns(Double(knot.time % 20_000_000) / 20_000_000 + knot.phase)
            }
            #expect(abs(value(before) - value(after)) < 0.01)
            let later = knots.first { $0.time == 20_040_000_000 }!
            #expect(abs(later.value / after.value - 0.36788) < 1e-4)
        }
    }

    @Test func `a trip coil that is open leaves the fault to what is upstream, and people see to it`() {
        let parameters = FeederBay.quiet.with(.coilOpen, at: 10, for: .seconds(60))
            .with(.transientFault, at: 20, for: .seconds(30))
        let run = FeederRun(parameters, seconds: 8_000)
        #expect(run.isHigh("52A", at: 60) && !run.isHigh("TCS", at: 15))
        #expect(run.rms("IA", at: 22.9) > 4_700 && run.rms("IA", at: 23.2) == 0 && run.rms("UA", at: 30) == 0)
        #expect(run.shown("ALM_TCS", at: 15) == .bool(true) && run.shown("ALM_CB", at: 23) == .bool(true))
        #expect(run.rms("IA", at: 7_999) > 100 && run.rms("UA", at: 7_999) > 11_000)
    }
}
