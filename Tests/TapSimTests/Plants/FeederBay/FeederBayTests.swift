import TapConfig
import TapCore
import Testing

@testable import TapSim

/// The bay at ten in the morning, switched off at 30 s for a minute.
@Suite struct FeederBayTests {
    private static let switched = FeederRun(
        FeederBay.quiet.with(.switching, at: 30, for: .seconds(60)), seconds: 110)
    private static let ms: UInt64 = 1_000_000

    @Test func `an order has pulses of its length, and the breaker follows in its time`() throws {
        let run = Self.switched
        let trip = try #require(run.rises("TRIP_CMD").first)
        #expect(run.falls("TRIP_CMD") == [trip + 150 * Self.ms])
        let opens = try #require(run.falls("52A").first)
        // 37 ms, 6 % either way.
        #expect((34 * Self.ms...40 * Self.ms).contains(opens - trip))
        let close = try #require(run.rises("CLOSE_CMD").first)
        #expect(run.falls("CLOSE_CMD") == [close + 150 * Self.ms])
        let closes = try #require(run.rises("52A").first)
        #expect((58 * Self.ms...66 * Self.ms).contains(closes - close))
        #expect(run.edges("TRIP_REL").isEmpty && run.edges("LOCKOUT").isEmpty)
    }

    @Test func `both auxiliary contacts are open while the breaker travels`() {
        let run = Self.switched
        for (first, second) in [(run.falls("52A"), run.rises("52B")), (run.falls("52B"), run.rises("52A"))] {
            #expect(first.count == 1 && second.count == 1)
            for (opened, closed) in zip(first, second) {
                #expect((3_700_000...4_300_000).contains(closed - opened))
            }
        }
    }

    @Test func `current goes out at its own zero, 5 to 15 ms after the contacts part, and flows again when they touch`()
        throws
    {
        let run = Self.switched
        let parts = try #require(run.falls("52A").first)
        let touches = try #require(run.rises("52A").first)
        for name in ["IA", "IB", "IC"] {
            let curve = run.curve(name)
            let last = try #require(curve.last { $0.time < touches && $0.amplitude > 0 })
            #expect((5 * Self.ms...15 * Self.ms + 1).contains(last.time - parts))
            let turns = Double(last.time % 20_000_000) / 20_000_000
            #expect(abs(last.amplitude * Sine.ofTurns(turns + last.phase) + last.value) < 0.01)
            #expect(curve.contains { $0.time == touches + 1 && $0.amplitude > 300 })
        }
    }

    @Test func `trip-coil supervision is low for the trip's pulse alone`() {
        let run = Self.switched
        #expect(run.falls("TCS") == run.rises("TRIP_CMD"))
        #expect(run.rises("TCS") == run.falls("TRIP_CMD"))
    }

    @Test func `closing takes what the spring holds, and its motor charges it again`() throws {
        let run = Self.switched
        let close = try #require(run.rises("CLOSE_CMD").first)
        #expect(run.falls("SPRING") == [close])
        let charged = try #require(run.rises("SPRING").first)
        #expect((9_400 * Self.ms...10_700 * Self.ms).contains(charged - close))
    }

    @Test func `each change is claimed with the time at which the RTU saw it, to 1 ms`() throws {
        let run = Self.switched
        let start: UInt64 = run.plant.clock.utc_ns(at: 0)
        for (tag, edges) in [
            ("CB_POS", run.rises("52B") + run.rises("52A")), ("TRIP_OUT", run.edges("TRIP_CMD").map(\.time)),
        ] {
            // Without what is claimed once a minute.
            let stamped = run.claims(tag).filter { claim in
                edges.contains { (start + $0 + Self.ms) / Self.ms * Self.ms == claim.sourceTime_ns }
            }
            #expect(stamped.count == edges.count)
            for claim in stamped {
                let stamp = try #require(claim.sourceTime_ns)
                let server = try #require(claim.serverTime_ns)
                #expect(claim.quality == .good && stamp < start + claim.time.nanoseconds)
                #expect(server == start + claim.time.nanoseconds + 300 * Self.ms)
            }
        }
        #expect(run.shown("CB_POS", at: 60) == .text("open"))
        #expect(run.shown("CB_POS", at: 100) == .text("closed"))
        #expect(run.claims("CMD").map(\.value) == [.text("trip"), .text("close")])
    }

    @Test func `measured values are claimed beyond their dead band, and everything once a minute`() {
        let run = Self.switched
        #expect(run.claims("SP_PICKUP").count == 2)
        var last: Double?
        var integrity: UInt64 = 0
        for claim in run.claims("I_A") {
            guard case .number(let value) = claim.value else { continue }
            let isDue = run.claims("SP_PICKUP").contains { $0.time == claim.time }
            if let last, !isDue { #expect(abs(value - last) >= 5) }
            if isDue { integrity += 1 }
            last = value
        }
        #expect(integrity == 2)
    }

    @Test func `what a healthy bay claims is true`() {
        let run = Self.switched
        for (claim, truth) in zip(run.claims, run.truths) {
            let name = run.name(of: claim)
            if case .number(let value) = claim.value, case .number(let true_)? = truth {
                let accuracy = FeederTag.named(name)?.accuracy(run.plant.parameters) ?? 0
                #expect(abs(value - true_) <= accuracy + 1e-9, "\(name)")
            } else if name != "HMI_TIME", name != "RTU_TIME" {
                // Clocks that are a little ahead show another second now and then.
                #expect(claim.value == truth, "\(name)")
            }
        }
        #expect(run.truths.allSatisfy { $0 != nil })
    }

    @Test func `how far each advance goes changes nothing`() {
        let parameters = FeederBay.quiet.with(.transientFault, at: 20, for: .seconds(5))
        let whole = FeederRun(parameters, seconds: 40)
        var parts = FeederRun(parameters)
        var time: UInt64 = 0
        var random = Random(seed: 5, stream: "parts")
        while time < 40_000_000_000 {
            time = min(40_000_000_000, time + random.below(900_000_000))
            parts.plant.advance(to: Timestamp(nanoseconds: time))
            #expect(parts.plant.signals.horizon.nanoseconds == time / 100_000_000 * 100_000_000)
            parts.takeNotes()
        }
        #expect(parts.digest() == whole.digest())
        #expect(parts.claims == whole.claims && parts.labels == whole.labels)
        #expect(FeederRun(parameters, seed: 2, seconds: 40).digest() != whole.digest())
    }

    @Test func `a breaker that is closed onto a held order opens once and stays open`() {
        var run = FeederRun(seconds: 10)
        run.plant.set(.closeCommand, true, at: 10_000_000_000)
        run.plant.closesByRTU = true
        run.plant.energise(at: 10_000_000_000)
        run.plant.set(.tripCommand, true, at: 10_000_000_000)
        run.plant.energise(at: 10_000_000_000)
        run.advance(to: 25)
        #expect(run.falls("52A").count == 1 && run.rises("52A").isEmpty)
        // Away and given again, it closes.
        run.plant.closesByRTU = false
        run.plant.set(.tripCommand, false, at: 25_000_000_000)
        run.plant.setClose(at: 25_000_000_000)
        run.plant.energise(at: 25_000_000_000)
        run.advance(to: 26)
        run.plant.closesByRTU = true
        run.plant.setClose(at: 26_000_000_000)
        run.plant.energise(at: 26_000_000_000)
        run.advance(to: 27)
        #expect(run.rises("52A").count == 1)
    }
}
