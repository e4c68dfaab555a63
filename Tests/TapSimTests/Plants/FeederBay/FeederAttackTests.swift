import TapConfig
import TapCore
import Testing

@testable import TapSim

/// Attacks on the quiet bay from 60 s to 90 s.
@Suite struct FeederAttackTests {
    private static let from_ns: UInt64 = 60_000_000_000
    private static let start = CivilClock(FeederBay.quiet.clock).utc_ns(at: 0)

    private static func attack(
        _ variant: FeederAttack, target: String? = nil, value: Bool = false, strength: Double? = nil,
        span: Nanoseconds? = nil
    ) -> Attack {
        Attack(
            variant, from: .seconds(60), to: .seconds(90), target: target, value: value, strength: strength,
            span: span ?? (variant == .replay ? .seconds(20) : nil))
    }

    private static func run(_ parameters: FeederBay = .quiet, _ attacks: Attack..., seconds: UInt64 = 120) -> FeederRun
    {
        FeederRun(parameters, attacks: attacks, seconds: seconds)
    }

    private static let faulty = FeederBay.quiet.with(.transientFault, at: 70, for: .seconds(5))
    private static let cleanBefore = run(seconds: 60)

    @Test(arguments: FeederAttack.allCases)
    func `nothing differs before an attack begins, and a label says when it is`(_ variant: FeederAttack) {
        let clean = Self.cleanBefore
        var attacked = Self.run(.quiet, Self.attack(variant), seconds: 60)
        #expect(attacked.digest() == clean.digest())
        #expect(attacked.claims == clean.claims && attacked.labels == clean.labels)
        attacked.advance(to: 61)
        let label = attacked.labels.last
        #expect(label?.kind == .attack && label?.name == "\(variant.kind.aim.rawValue)/\(variant.rawValue)")
        #expect(label?.from.nanoseconds == Self.from_ns && label?.to.nanoseconds == 90_000_000_000)
    }

    @Test(arguments: [
        (FeederAttack.scaling, "I_A"), (.frozen, "I_B"), (.viewDenied, ""), (.alarmSwallowed, "ALM_CB"),
        (.stampsMoved, "CB_POS"), (.clockMoved, ""),
    ])
    func `a false report changes nothing on the wires`(_ variant: FeederAttack, _ target: String) {
        let attacked = Self.run(Self.faulty, Self.attack(variant, target: target))
        #expect(attacked.digest(without: ["RS485"]) == Self.run(Self.faulty).digest(without: ["RS485"]))
        #expect(attacked.claims != Self.run(Self.faulty).claims || variant == .alarmSwallowed)
    }

    @Test func `a command that nobody gave opens the breaker, and no order is claimed`() throws {
        let run = Self.run(.quiet, Self.attack(.unclaimedCommand))
        #expect(run.rises("TRIP_CMD") == [Self.from_ns] && run.falls("52A").count == 1)
        #expect(run.claims("CMD").isEmpty && run.shown("CB_POS", at: 65) == .text("open"))
        #expect(run.shown("TRIP_OUT", at: 63) == .bool(false))
        #expect(run.claims("TRIP_OUT").contains { $0.value == .bool(true) })
    }

    @Test func `a position that is held says closed while the breaker is open and no current flows`() {
        let run = Self.run(
            .quiet, Self.attack(.unclaimedCommand), Self.attack(.positionHeld, target: "CB_POS", value: true))
        #expect(run.isHigh("52B", at: 80) && run.rms("IA", at: 80) == 0)
        #expect(run.shown("CB_POS", at: 80) == .text("closed") && run.shown("I_A", at: 80) == .number(0))
        let lies = zip(run.claims, run.truths).filter { run.name(of: $0.0) == "CB_POS" && $0.0.value != $0.1 }
        #expect(lies.allSatisfy { $0.1 == .text("open") })
    }

    @Test func `closed onto an earthed line the bay trips at once and is locked out`() {
        let parameters = FeederBay.quiet.with(.lineWork, at: 1, for: .seconds(600))
        let attack = Attack(FeederAttack.unclaimedCommand, from: .seconds(200), to: .seconds(210), target: "CLOSE_CMD")
        let run = FeederRun(parameters, attacks: [attack], seconds: 220)
        #expect(run.rms("IA", at: 199) == 0 && run.rms("IA", at: 200.15) > 4_700)
        #expect(run.rises("TRIP_REL").count == 1 && run.isHigh("LOCKOUT", at: 201) && run.isHigh("52B", at: 201))
    }

    @Test func `with the pickup current raised a fault flows for more than a second`() throws {
        let clean = Self.run(Self.faulty)
        let run = Self.run(Self.faulty, Self.attack(.settingRaised, target: "SP_PICKUP"))
        func flows_ms(_ run: FeederRun) throws -> UInt64 {
            (try #require(run.falls("52A").first) - 70_000_000_000) / 1_000_000
        }
        #expect(try (180...230).contains(flows_ms(clean)))
        // 13.5 x 0.1 / (4800 / 2256 - 1) = 1.197 s.
        #expect(try (1_220...1_280).contains(flows_ms(run)))
        #expect(run.shown("SP_PICKUP", at: 65) == .number(2_256) && run.shown("SP_PICKUP", at: 100) == .number(480))
        let truth = zip(run.claims, run.truths).filter { run.name(of: $0.0) == "SP_PICKUP" }.map(\.1)
        #expect(truth.allSatisfy { $0 == .number(480) })
    }

    @Test func `a disabled trip coil is shown healthy while its supervision is low`() {
        let run = Self.run(.quiet, Self.attack(.coilDisabled))
        #expect(run.falls("TCS") == [Self.from_ns] && run.rises("TCS") == [90_000_000_000])
        #expect(run.shown("TRIP_CIRCUIT", at: 89) == .bool(true) && run.shown("ALM_TCS", at: 89) == .bool(false))
    }

    @Test func `a moved stamp puts the relay's trip behind the breaker's opening`() throws {
        let run = Self.run(Self.faulty, Self.attack(.stampsMoved, target: "TRIP_RELAY", span: .milliseconds(200)))
        let trip = try #require(run.claims("TRIP_RELAY").first { $0.value == .bool(true) }?.sourceTime_ns)
        let opens = try #require(run.claims("CB_POS").first { $0.value == .text("open") }?.sourceTime_ns)
        #expect(trip > opens)
        let rises = try #require(run.rises("TRIP_REL").first)
        #expect(trip / 1_000_000 == (Self.start + rises) / 1_000_000 + 201)
    }

    @Test func `reordered stamps are the same ones in the opposite order`() {
        let clean = Self.run(Self.faulty)
        let run = Self.run(Self.faulty, Self.attack(.sequenceReordered))
        let when = run.claims.filter { claim in
            claim.time.nanoseconds > Self.from_ns && clean.claims.contains { $0.time == claim.time }
        }
        #expect(!when.isEmpty && run.claims.map(\.value) == clean.claims.map(\.value))
        #expect(Set(run.claims.map(\.sourceTime_ns)) == Set(clean.claims.map(\.sourceTime_ns)))
        #expect(run.claims != clean.claims)
    }

    @Test func `a clock that is moved moves every stamp`() {
        let run = Self.run(Self.faulty, Self.attack(.clockMoved, span: .seconds(90)))
        let trip = run.claims("TRIP_RELAY").first { $0.value == .bool(true) }?.sourceTime_ns ?? 0
        #expect((trip - Self.start - run.rises("TRIP_REL")[0]) / 1_000_000_000 == 90)
    }

    @Test func `reclosing without end goes on until the attack ends`() {
        let parameters = FeederBay.quiet.with(.permanentFault, at: 65, for: .seconds(1_000))
        let attack = Attack(FeederAttack.recloseLoop, from: .seconds(60), to: .seconds(200))
        let run = FeederRun(parameters, attacks: [attack], seconds: 300)
        #expect(run.rises("TRIP_REL").count > 5)
        #expect(run.rises("LOCKOUT").count == 1 && run.rises("LOCKOUT")[0] > 200_000_000_000)
    }

    @Test func `rapid switching pulses both outputs in turn`() {
        let run = Self.run(.quiet, Self.attack(.rapidSwitching, span: .seconds(7)))
        #expect(run.rises("TRIP_CMD") == [60, 74, 88].map { $0 * 1_000_000_000 })
        #expect(run.rises("CLOSE_CMD") == [67, 81].map { $0 * 1_000_000_000 })
        #expect(run.falls("52A").count == 3 && run.claims("CMD").isEmpty)
    }

    @Test(arguments: [FeederAttack.replay, .modelMatched])
    func `behind an old picture the breaker is open`(_ variant: FeederAttack) {
        let run = Self.run(.quiet, Self.attack(variant), seconds: 125)
        #expect(run.isHigh("52B", at: 80) && run.shown("CB_POS", at: 85) == .text("closed"))
        guard case .number(let current)? = run.shown("I_A", at: 85) else { return #expect(Bool(false)) }
        #expect(current > 200)
        // With the next report of everything.
        #expect(run.shown("CB_POS", at: 125) == .text("open"))
    }

    @Test func `a relay that is blocked, or sees too little, leaves the fault alone`() {
        #expect(Self.run(Self.faulty, Self.attack(.protectionBlocked)).edges("TRIP_REL").isEmpty)
        let run = Self.run(Self.faulty, Self.attack(.inputScaled, strength: 0.3))
        // 1440 A in place of 4800 A: 0.675 s.
        #expect((680...730).contains((run.rises("TRIP_REL")[0] - 70_000_000_000) / 1_000_000))
    }
}
