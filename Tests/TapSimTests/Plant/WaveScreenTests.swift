import TapConfig
import TapCore
import Testing

@testable import TapSim

/// What a screen says that polls waves.
@Suite struct WaveScreenTests {
    private static let run = DigitalWave.changes([.milliseconds(1_200), .milliseconds(2_500)], startsHigh: false)
    private static let level = AnalogWave.periodic(
        Periodic(.ramp, offset: 4, amplitude: 4, period: .seconds(8)))

    private func claims(_ claimed: [ClaimedWave], until end: Nanoseconds, stride: Nanoseconds) -> [Claim] {
        var screen = WaveScreen(Scenario(name: "s", claimed: claimed))
        var claims: [Claim] = []
        var time = Nanoseconds.zero
        while time < end {
            time = min(end, time + stride)
            screen.advance(to: .zero + time)
            for case .claim(let claim, _) in screen.takeNotes() { claims.append(claim) }
        }
        return claims
    }

    @Test(arguments: [70, 1_000, 9_000] as [Int64])
    func `each tag is claimed at its times, in order, however the run is cut`(stride: Int64) {
        let claimed = [
            ClaimedWave(tag: "RUN", every: .milliseconds(500), wave: .digital(Self.run)),
            ClaimedWave(tag: "LEVEL", source: "plc", unit: "m", every: .seconds(1), wave: .analog(Self.level)),
        ]
        let found = claims(claimed, until: .seconds(3), stride: .milliseconds(stride))
        let wanted: [(Int64, UInt16, Claim.Value)] = [
            (500, 0, .bool(false)), (1_000, 0, .bool(false)), (1_000, 1, .number(1)), (1_500, 0, .bool(true)),
            (2_000, 0, .bool(true)), (2_000, 1, .number(2)), (2_500, 0, .bool(false)), (3_000, 0, .bool(false)),
            (3_000, 1, .number(3)),
        ]
        #expect(
            found
                == wanted.map { time, tag, value in
                    Claim(tag: TagID(tag), value: value, quality: .good, time: .zero + .milliseconds(time))
                })
    }

    @Test func `an attack changes what is claimed in its span and nothing else`() {
        func claimed(_ wave: AnalogWave) -> [ClaimedWave] {
            [ClaimedWave(tag: "LEVEL", unit: "m", every: .milliseconds(100), wave: .analog(wave))]
        }
        let wave = AnalogWave.sum([Self.level, .noise(deviation: 0.1)])
        let clean = claims(claimed(wave), until: .seconds(8), stride: .seconds(1))
        let attacked = claims(
            claimed(wave.altered(Alteration(from: .seconds(2), to: .seconds(5), .stuck(1)))), until: .seconds(8),
            stride: .seconds(1))
        #expect(clean.count == 80)
        for (clean, attacked) in zip(clean, attacked) {
            let isInside = clean.time >= .zero + .seconds(2) && clean.time < .zero + .seconds(5)
            #expect(attacked.value == (isInside ? .number(1) : clean.value))
        }
    }

    @Test func `they are records of the source, without a plant`() throws {
        let scenario = Scenario(
            name: "s", lines: [ScenarioLine(name: "RUN", wave: Self.run)],
            claimed: [ClaimedWave(tag: "RUN", every: .milliseconds(500), wave: .digital(Self.run))])
        let source = SimSource(scenario, plant: scenario.makePlant())
        #expect(source.info.tags == [TagInfo(id: TagID(0), name: "RUN", source: "hmi")])
        #expect(source.info.capabilities.contains(.claims))
        try scenario.checkClaims()
        #expect(Scenario(name: "none").makePlant() == nil)
    }
}
