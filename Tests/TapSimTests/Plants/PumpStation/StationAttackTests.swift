import TapConfig
import TapCore
import TapDecode
import Testing

@testable import TapSim

/// Attacks on the quick station from 60 s to 90 s, when P1 runs; it started after a few seconds.
@Suite struct StationAttackTests {
    private static let from = Nanoseconds.seconds(60)
    private static let to = Nanoseconds.seconds(90)
    private static let from_ns: UInt64 = 60_000_000_000
    private static let to_ns: UInt64 = 90_000_000_000

    private static func attack(
        _ variant: StationAttack, target: String? = nil, value: Bool = false, strength: Double? = nil,
        span: Nanoseconds? = nil
    ) -> Attack {
        Attack(
            variant, from: from, to: to, target: target, value: value, strength: strength,
            span: span ?? (variant == .replay ? .seconds(20) : nil))
    }

    private static func run(
        _ parameters: PumpStation = .quick, _ attacks: Attack..., seconds: UInt64 = 120
    ) -> StationRun { StationRun(parameters, attacks: attacks, seconds: seconds) }

    private static let clean = run()
    private static let cleanBefore = run(seconds: 60)

    @Test(arguments: StationAttack.allCases)
    func `nothing differs before an attack begins, and a label says when it is`(_ variant: StationAttack) {
        let clean = Self.cleanBefore
        var attacked = Self.run(.quick, Self.attack(variant), seconds: 60)
        #expect(attacked.digest() == clean.digest())
        #expect(attacked.claims == clean.claims)
        #expect(attacked.labels == clean.labels)
        attacked.advance(to: 61)
        let label = attacked.labels.last
        #expect(label?.kind == .attack)
        #expect(label?.name == "\(variant.kind.aim.rawValue)/\(variant.rawValue)")
        #expect(label?.from.nanoseconds == Self.from_ns && label?.to.nanoseconds == Self.to_ns)
        // Nor is anything put into the past once it is on.
        func before(_ run: StationRun) -> [Signals.Transition] { run.edges("RS485").filter { $0.time < Self.from_ns } }
        #expect(before(attacked) == before(Self.clean))
    }

    /// The wires have the truth: they are bit for bit those of a run without, but for the line the reports pass on.
    @Test(arguments: [
        (StationAttack.bias, "LEVEL"), (.bias, "FLOW"), (.scaling, "P1_CURRENT"), (.frozen, "LEVEL"),
        (.sequenceReordered, "LEVEL"), (.frozen, "VOLUME"), (.viewDenied, ""),
    ])
    func `a false report changes the claims of its tag and nothing on the wires`(
        _ variant: StationAttack, _ target: String
    ) {
        let clean = Self.clean
        let attacked = Self.run(.quick, Self.attack(variant, target: target))
        #expect(attacked.digest(without: ["RS485"]) == clean.digest(without: ["RS485"]))
        #expect(attacked.digest() != clean.digest())
        let isOn = { (claim: Claim) in
            claim.time.nanoseconds >= Self.from_ns && claim.time.nanoseconds < Self.to_ns + 100_000_000
        }
        let others = { (claim: Claim) in variant != .viewDenied && clean.name(of: claim) != target || !isOn(claim) }
        #expect(attacked.claims.filter(others) == clean.claims.filter(others))
        if variant == .viewDenied {
            #expect(
                attacked.claims("LEVEL").allSatisfy {
                    $0.time.nanoseconds < Self.from_ns || $0.time.nanoseconds >= Self.to_ns
                })
            #expect(attacked.shown("PLC_COMM", at: 80) == .bool(false))
        } else {
            let changed = zip(attacked.claims(target), clean.claims(target)).count { $0.value != $1.value }
            #expect((27...30).contains(changed))
        }
    }

    @Test func `bias, scaling and freezing are by what they say`() throws {
        let clean = Self.clean
        func numbers(_ attack: Attack) -> [(Double, Double)] {
            zip(Self.run(.quick, attack).claims(attack.target), clean.claims(attack.target)).compactMap { lie, truth in
                guard truth.time.nanoseconds > Self.from_ns, truth.time.nanoseconds < Self.to_ns,
                    case .number(let lie) = lie.value, case .number(let truth) = truth.value
                else { return nil }
                return (lie, truth)
            }
        }
        let biased = numbers(Self.attack(.bias, target: "LEVEL", strength: 0.25))
        #expect(biased.count == 30 && biased.allSatisfy { abs($0 - $1 - 0.25) < 1e-9 })
        let scaled = numbers(Self.attack(.scaling, target: "FLOW", strength: 0.5))
        #expect(scaled.count == 30 && scaled.allSatisfy { abs($0 - $1 / 2) <= 0.05 + 1e-9 })
        let frozen = numbers(Self.attack(.frozen, target: "LEVEL"))
        guard case .number(let last)? = clean.shown("LEVEL", at: 60) else { return #expect(Bool(false)) }
        #expect(frozen.count == 30 && frozen.allSatisfy { $0.0 == last })
    }

    @Test(arguments: StationTag.allCases)
    func `each tag can be frozen, and a lie at the screen leaves the bus as it is`(_ tag: StationTag) {
        let clean = Self.clean
        let frozen = Self.run(.quick, Self.attack(.screenFrozen, target: tag.name))
        #expect(frozen.digest() == clean.digest())
        let last = clean.shown(tag.name, at: 60)
        #expect((61...89).allSatisfy { frozen.shown(tag.name, at: Double($0)) == last })
        #expect(frozen.shown(tag.name, at: 92) == clean.shown(tag.name, at: 92))
    }

    @Test func `states are shown as they are not, set points and counters are lied about, a ramp grows`() throws {
        let run = Self.run(
            .quick, Self.attack(.reportedAs, target: "ALM_DRY", strength: 1),
            Self.attack(.reportedAs, target: "P1_MODE", strength: 2),
            Self.attack(.screenShows, target: "STATION_MODE", strength: 3),
            Self.attack(.bias, target: "SP_HIGH", strength: 0.5), Self.attack(.bias, target: "P1_STARTS", strength: 3),
            Self.attack(.ramp, target: "VOLUME", strength: 3_600))
        #expect(run.shown("ALM_DRY", at: 70) == .bool(true) && run.shown("ALM_DRY", at: 92) == .bool(false))
        #expect(run.shown("P1_MODE", at: 70) == .text("hand"))
        #expect(run.shown("STATION_MODE", at: 70) == .text("no-pump"))
        #expect(run.shown("SP_HIGH", at: 70) == .number(4.1))
        #expect(run.shown("P1_STARTS", at: 70) == .number(4))
        guard case (.number(let said), .number(let truth)?) = try #require(run.judged("VOLUME", at: 80)) else {
            return #expect(Bool(false))
        }
        #expect(abs(said - truth - 20) < 1)
    }

    @Test func `a hidden failure lasts: the other pump runs under its name`() throws {
        let attacks = [
            Attack(StationAttack.outputForced, from: Self.from, to: nil, target: "P1_CMD"),
            Attack(StationAttack.failureHidden, from: Self.from, to: nil, target: "P1_RUN"),
        ]
        let run = StationRun(attacks: attacks, seconds: 300)
        #expect(!run.isHigh("P1_FB", at: 61) && run.rises("P2_FB").contains { $0 > Self.from_ns })
        #expect(run.claims("ALM_P1_FAIL").allSatisfy { $0.value == .bool(false) })
        #expect(run.judged("ALM_P1_FAIL", at: 80)?.truth == .bool(true))
        let lies = run.claims("P1_RUN").filter { $0.time.nanoseconds > Self.from_ns && $0.value == .bool(true) }
        #expect(lies.count > 60)
        #expect(run.claims("P2_RUN").allSatisfy { $0.time.nanoseconds < Self.from_ns || $0.value == .bool(false) })
        guard case .number(let current)? = run.shown("P1_CURRENT", at: 61.3) else { return #expect(Bool(false)) }
        #expect(current > 15)
    }

    @Test func `a changed command is reported as it is, a forced output is not`() throws {
        let changed = Self.run(.quick, Self.attack(.commandChanged, target: "P1_CMD"))
        // Written at the end of the first scan in it.
        #expect(changed.falls("P1_CMD").first == Self.from_ns + 3_000_000)
        #expect(changed.shown("P1_CMD", at: 61.5) == .bool(false))
        let forced = Self.run(.quick, Self.attack(.outputForced, target: "P1_CMD"))
        #expect(forced.falls("P1_CMD").first == Self.from_ns + 3_000_000)
        #expect(forced.shown("P1_CMD", at: 61.5) == .bool(true))
        #expect(forced.shown("P1_RUN", at: 61.5) == .bool(false))
        #expect(forced.shown("ALM_P1_FAIL", at: 64) == .bool(true))
        let on = Self.run(.quick, Self.attack(.outputForced, target: "P2_CMD", value: true))
        #expect(on.rises("P2_CMD").first == Self.from_ns + 3_000_000)
        #expect(on.falls("P2_CMD").first == Self.to_ns + 3_000_000)
    }

    @Test func `a toggled output toggles at its pace`() {
        let run = Self.run(.quick, Self.attack(.outputToggled, target: "SIREN", span: .seconds(3)))
        let times = run.edges("SIREN").map(\.time)
        #expect(times == (0..<10).map { Self.from_ns + 3_000_000 + $0 * 3_000_000_000 })
        #expect(run.claims("SIREN").allSatisfy { $0.value == .bool(false) })
    }

    @Test func `a setting drifts while the attack lasts and is itself again afterwards`() {
        let run = Self.run(.quick, Self.attack(.parameterDrift, target: "SP_START", strength: 6))
        guard case .number(let late)? = run.shown("SP_START", at: 90) else { return #expect(Bool(false)) }
        #expect(abs(late - 2.05) < 0.003)
        #expect(run.shown("SP_START", at: 60) == .number(2))
        #expect(run.shown("SP_START", at: 92) == .number(2))
    }

    @Test func `a moved threshold silences the level alarm, not the float`() throws {
        var parameters = PumpStation.quick
        parameters.inflow.mean_m3ps = 0.3
        parameters.well.area_m2 = 6
        parameters.well.firstLevel_m = 2.5
        let clean = Self.run(parameters)
        let moved = StationRun(
            parameters, attacks: [Attack(StationAttack.thresholdMoved, from: .zero, to: nil, strength: 1)], seconds: 120
        )
        let float = try #require(clean.rises("LSH").first)
        #expect(try #require(clean.rises("SIREN").first) < float)
        #expect(moved.rises("LSH").first == float)
        #expect(try #require(moved.rises("SIREN").first) > float + 2_000_000_000)
        #expect(moved.shown("SP_HIGH", at: 10) == .number(4.6))
    }

    /// Water above the alarm from 20 s on.
    private static var flooded: PumpStation {
        var parameters = PumpStation.quick
        parameters.inflow.mean_m3ps = 0.35
        parameters.well.firstLevel_m = 3
        return parameters
    }

    @Test func `a cut siren is silent while everybody believes that it sounds`() {
        let clean = Self.run(Self.flooded)
        let cut = Self.run(Self.flooded, Self.attack(.sirenCut))
        #expect(clean.isHigh("SIREN", at: 70))
        #expect(
            cut.edges("SIREN").filter { $0.time >= Self.from_ns }
                == [.init(time: Self.from_ns, isHigh: false), .init(time: Self.to_ns, isHigh: true)])
        #expect(cut.digest(without: ["SIREN"]) == clean.digest(without: ["SIREN"]))
        #expect(cut.claims == clean.claims)
    }

    @Test func `a swallowed alarm is heard but not seen`() {
        let run = Self.run(Self.flooded, Self.attack(.alarmSwallowed, target: "ALM_HIGH"))
        #expect(run.isHigh("SIREN", at: 70))
        #expect(run.shown("ALM_HIGH", at: 59) == .bool(true))
        #expect(run.shown("ALM_HIGH", at: 70) == .bool(false))
        #expect(run.shown("ALM_HIGH", at: 92) == .bool(true))
    }

    @Test func `without its interlock a pump runs on below the dry-run float`() throws {
        var parameters = PumpStation.quick
        parameters.plc.settings.stop_m = 0.2
        parameters.well.firstLevel_m = 1
        parameters.plc.settings.start_m = 1.01
        parameters.inflow.mean_m3ps = 0.01
        let clean = Self.run(parameters)
        let bypassed = StationRun(
            parameters, attacks: [Attack(StationAttack.interlockBypassed, from: .zero, to: nil)], seconds: 120)
        let dry = try #require(clean.rises("LSL").first)
        #expect(clean.falls("P1_CMD").first! < dry + 25_000_000)
        #expect(bypassed.isHigh("P1_CMD", at: Double(dry) * 1e-9 + 3))
    }

    @Test func `a replay shows what was, while the pump stands`() {
        let run = Self.run(.quick, Self.attack(.replay, target: "P1_CMD", span: .seconds(20)))
        let clean = Self.clean
        #expect(!run.isHigh("P1_FB", at: 61) && run.shown("P1_RUN", at: 70) == .bool(true))
        #expect(run.value("FT1", at: 85) < run.value("FT1", at: 59))
        let shown = run.claims("LEVEL").filter { $0.time.nanoseconds > Self.from_ns }.prefix(20).map(\.value)
        let recorded = clean.claims("LEVEL").filter {
            $0.time.nanoseconds > 40_000_000_000 && $0.time.nanoseconds < Self.from_ns
        }.map(\.value)
        #expect(shown == recorded)
        #expect(run.shown("ALM_P1_FAIL", at: 80) == .bool(false))
    }

    @Test func `a model's reports stay healthy and agree with each other`() {
        // P1 is held off; with P2 locked out the well fills.
        let parameters = PumpStation.quick.with(.lockout, at: 30, for: 1_000, pump: 2)
        var attack = Self.attack(.modelMatched, target: "P1_CMD")
        attack.to = nil
        let run = Self.run(parameters, attack, seconds: 300)
        #expect(run.value("LT1", at: 299) > 2.5)
        var volume: Double?
        for (level, total) in zip(run.claims("LEVEL"), run.claims("VOLUME")) where level.time.nanoseconds > Self.from_ns
        {
            guard case .number(let level) = level.value, case .number(let total) = total.value else { continue }
            #expect(level > 0.95 && level < 2.05)
            #expect(total >= (volume ?? total))
            volume = total
        }
        #expect(run.shown("ALM_HIGH", at: 299) == .bool(false))
        #expect(run.claims("P2_RUN").contains { $0.value == .bool(true) || run.name(of: $0) == "P2_RUN" })
    }

    @Test func `a lying feedback follows the command, not the contactor`() {
        let run = Self.run(
            .quick, Self.attack(.outputForced, target: "P1_CMD"), Self.attack(.feedbackLies, target: "P1_RUN"))
        #expect(!run.isHigh("P1_FB", at: 60.5))
        #expect(run.shown("P1_RUN", at: 61.3) == .bool(true))
    }

    @Test func `a false input is controlled by, and the field is not changed by it`() throws {
        let run = Self.run(.quick, Self.attack(.inputBias, target: "LT1", strength: -0.5))
        let stop = try #require(run.falls("P1_CMD").first { $0 > Self.from_ns })
        #expect(abs(run.value("LT1", at: Double(stop) * 1e-9) - 1.5) < 0.6)
        guard case .number(let shown)? = run.shown("LEVEL", at: 61) else { return #expect(Bool(false)) }
        #expect(abs(shown - (run.value("LT1", at: 60.2) - 0.5)) < 0.02)
    }

    @Test func `events are shown in another order than they happened in`() throws {
        var parameters = PumpStation.quick
        parameters.inflow.mean_m3ps = 0.12
        parameters.plc.settings.lag_m = 2.05
        let clean = StationRun(parameters, seconds: 30)
        let attack = Attack(StationAttack.sequenceReordered, from: .zero, to: nil, target: "P1_RUN", span: .seconds(8))
        let reordered = StationRun(parameters, attacks: [attack], seconds: 30)
        func first(_ run: StationRun, _ tag: String) throws -> UInt64 {
            try #require(run.claims(tag).first { $0.value == .bool(true) }).time.nanoseconds
        }
        #expect(try first(clean, "P1_RUN") < first(clean, "P2_RUN"))
        #expect(try first(reordered, "P1_RUN") > first(reordered, "P2_RUN"))
        let late = try Int64(first(reordered, "P1_RUN")) - Int64(first(clean, "P1_RUN"))
        #expect(abs(late - 8_000_000_000) <= 8_000_000)
    }

    @Test func `the serial line carries what the screen shows, lies included`() throws {
        let run = Self.run(.quick, Self.attack(.frozen, target: "LEVEL"))
        let frames = SerialLine.frames(run.edges("RS485"))
        let answers = frames.compactMap { frame -> [UInt16]? in
            if case .response(.registers(_, let registers), _, _) = frame.role { registers } else { nil }
        }
        #expect(frames.allSatisfy { $0.faults.isEmpty })
        #expect(frames.count == 240 && answers.count == 120)
        for (registers, claim) in zip(answers, run.claims("LEVEL")) {
            let level = Float(bitPattern: UInt32(registers[0]) << 16 | UInt32(registers[1]))
            #expect(claim.value == Claim.Value.number((Double(level) * 1_000).rounded() / 1_000))
        }
    }
}
