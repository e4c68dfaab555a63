import TapConfig
import TapCore
import Testing

@testable import TapSim

@Suite struct FeederOperationTests {
    /// A lockout has a test of its own: it takes a crew an hour.
    @Test(arguments: FeederBay.Event.Kind.allCases.filter { $0 != .permanentFault })
    func `after each event the bay is in service again`(kind: FeederBay.Event.Kind) {
        let run = FeederRun(FeederBay.quiet.with(kind, at: 60, for: max(kind.shortest, .seconds(310))), seconds: 500)
        let label = run.labels.first { $0.name == kind.rawValue }
        #expect(label?.kind == (kind.isFault ? .fault : .operation) && label?.from.nanoseconds == 60_000_000_000)
        for line in FeederLine.allCases where line != .serial {
            #expect(run.isHigh(line.name, at: 500) == line.startsHigh, "\(line.name)")
        }
        #expect(run.rms("IA", at: 500) > 100)
        for tag in ["ALM_TCS", "ALM_SPRING", "ALM_CB", "ALM_GAS", "ALM_DC", "LOCKED_OUT"] {
            #expect(run.shown(tag, at: 500) == .bool(false), "\(tag)")
        }
        #expect(run.shown("AR_STATE", at: 500) == .text("ready"))
    }

    @Test func `a stuck auxiliary contact makes a position of both`() {
        let parameters = FeederBay.quiet.with(.auxiliaryStuck, at: 10, for: .seconds(100))
            .with(.switching, at: 20, for: .seconds(60))
        let run = FeederRun(parameters, seconds: 140)
        #expect(run.isHigh("52A", at: 50) && run.isHigh("52B", at: 50) && run.rms("IA", at: 50) == 0)
        #expect(run.shown("CB_POS", at: 50) == .text("faulty") && run.shown("ALM_CB", at: 50) == .bool(true))
        #expect(run.claims("CB_POS").last { $0.value == .text("faulty") }?.quality == .bad)
        // Anti-pumping took it for closed: it was not closed by the order.
        #expect(run.rises("CLOSE_CMD").count == 1 && run.shown("CB_POS", at: 140) == .text("open"))
    }

    @Test func `a pole that does not open goes on carrying its current`() {
        let parameters = FeederBay.quiet.with(.poleStuck, at: 10, for: .seconds(50))
            .with(.switching, at: 20, for: .seconds(60))
        let run = FeederRun(parameters, seconds: 70)
        #expect(run.rms("IA", at: 40) == 0 && run.rms("IC", at: 40) > 200 && run.rms("IC", at: 65) == 0)
    }

    @Test func `a slow mechanism takes three times as long`() throws {
        let parameters = FeederBay.quiet.with(.slowMechanism, at: 10, for: .seconds(50))
            .with(.switching, at: 20, for: .seconds(60))
        let run = FeederRun(parameters, seconds: 40)
        let (trip, opens) = (try #require(run.rises("TRIP_CMD").first), try #require(run.falls("52A").first))
        #expect((104...118).contains((opens - trip) / 1_000_000))
    }

    @Test func `a spring that is not charged leaves the breaker open until it is`() {
        let parameters = FeederBay.quiet.with(.springMotor, at: 10, for: .seconds(1_200))
            .with(.transientFault, at: 20, for: .seconds(5)).with(.permanentFault, at: 60, for: .seconds(2))
        let run = FeederRun(parameters, seconds: 3_000)
        #expect(run.shown("ALM_SPRING", at: 50) == .bool(true) && run.shown("CB_POS", at: 50) == .text("closed"))
        // The second fault finds no spring: the relay waits 30 s for it, then locks out.
        #expect(run.isHigh("52B", at: 150) && run.isHigh("LOCKOUT", at: 150))
    }

    @Test func `a test set trips the relay and not the breaker`() {
        let run = FeederRun(FeederBay.quiet.with(.protectionTest, at: 60, for: .seconds(600)), seconds: 700)
        #expect(run.rises("TRIP_REL").count == 3 && run.edges("52A").isEmpty && run.edges("LOCKOUT").isEmpty)
        #expect(!run.isHigh("TCS", at: 400) && run.isHigh("LOCAL", at: 400) && run.rms("IA", at: 400) > 200)
        let tested = run.claims("I_A").filter { $0.quality == .uncertain }
        #expect(tested.contains { if case .number(let value) = $0.value { value > 900 } else { false } })
        #expect(run.claims("U_A").allSatisfy { $0.quality == .good })
    }

    @Test func `a breaker that is open without an order is closed by the control room`() throws {
        let attack = Attack(FeederAttack.unclaimedCommand, from: .seconds(30), to: .seconds(31))
        let run = FeederRun(attacks: [attack], seconds: 1_000)
        let close = try #require(run.rises("CLOSE_CMD").first)
        #expect((300...930).contains(close / 1_000_000_000 - 30) && run.isHigh("52A", at: 1_000))
        #expect(run.claims("CMD").map(\.value) == [.text("close")])
    }

    @Test func `a busy day leaves nothing behind`() {
        var parameters = FeederBay()
        for rate in [\FeederBay.Routine.switching, \.protectionTest, \.batteryTest, \.localTest, \.transientFault] {
            parameters.routine[keyPath: rate] = 1
        }
        parameters.clock.start.secondOfDay = 6 * 3_600
        parameters.hmi.period = .seconds(30)
        var run = FeederRun(parameters)
        for hour in UInt64(1)...12 {
            run.advance(to: hour * 3_600)
            run.plant.signals.forget(before: (hour * 3_600 - 1) * 1_000_000_000)
        }
        #expect(run.plant.breaker.isClosed && run.plant.levels[FeederLine.local.rawValue] == false)
        let names = Set(run.labels.map(\.name))
        #expect(names.isSuperset(of: ["diurnal-load", "switching", "protection-test", "battery-test", "local-test"]))
    }
}
