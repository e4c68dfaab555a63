import TapConfig
import TapCore
import Testing

@testable import TapSim

/// Waves that somebody alters from 2 s to 5 s of 8.
@Suite struct AlterationTests {
    private static let from = Nanoseconds.seconds(2)
    private static let to = Nanoseconds.seconds(5)
    /// It has chance and bounce, so that a stream that is not the wave's own would show.
    private static let wave = DigitalWave.bounce(
        .chance(meanInterval: .milliseconds(90), width: .milliseconds(40)), Bounce())

    private typealias Change = WireTransitions.Change

    private func changes(_ wave: DigitalWave) -> [Change] {
        var transitions = WireTransitions(
            Scenario(name: "s", seed: 3, lines: [ScenarioLine(name: "A", wave: wave)]), until: .seconds(8))
        var all: [Change] = []
        while let change = transitions.next() { all.append(change) }
        return all
    }

    private func level(_ changes: [Change], at time: Nanoseconds) -> Bool {
        changes.last { $0.time <= time }?.isHigh ?? false
    }

    private func altered(_ effect: DigitalWave.Effect) -> [Change] {
        changes(Self.wave.altered(Alteration(from: Self.from, to: Self.to, effect)))
    }

    private func isInside(_ change: Change) -> Bool { change.time >= Self.from && change.time <= Self.to }

    @Test(arguments: [
        DigitalWave.Effect.stuck(isHigh: true), .stuck(isHigh: false), .inverted, .delayed(.milliseconds(700)),
        .replaced(.pulses(PulseTrain(period: .milliseconds(10), width: .milliseconds(5)))),
    ])
    func `outside of the span a line is bit for bit what it is without`(_ effect: DigitalWave.Effect) {
        let base = changes(Self.wave)
        let other = altered(effect)
        #expect(other.filter { !isInside($0) } == base.filter { !isInside($0) })
        #expect(other.filter(isInside) != base.filter(isInside))
        #expect(level(other, at: Self.to) == level(base, at: Self.to))
        // Each change is to the other level.
        for (one, next) in zip(other, other.dropFirst()) { #expect(one.isHigh != next.isHigh) }
    }

    @Test func `inside, a line is what the attack says`() {
        let base = changes(Self.wave)
        let (stuck, inverted, delayed) = (
            altered(.stuck(isHigh: true)), altered(.inverted), altered(.delayed(.milliseconds(700)))
        )
        for step in 0..<3_000 {
            let time = Self.from + .milliseconds(Int64(step))
            #expect(level(stuck, at: time))
            #expect(level(inverted, at: time) != level(base, at: time))
            #expect(level(delayed, at: time) == level(base, at: time - .milliseconds(700)))
        }
    }

    private func values(_ effect: AnalogWave.Effect?) -> [Double] {
        var wave = AnalogWave.sum([.constant(5), .noise(deviation: 0.1)])
        if let effect { wave = wave.altered(Alteration(from: Self.from, to: Self.to, effect)) }
        let generator = WaveBuilder(seed: 3, feed: nil).analog(wave, "channel")
        return (0..<80).map { generator.value(at: $0 * 100_000_000) }
    }

    @Test(arguments: [
        AnalogWave.Effect.stuck(1), .biased(by: 2), .scaled(by: 0.5), .replaced(.constant(3)),
        .delayed(.milliseconds(700)), .delayed(.seconds(3)),
    ])
    func `a channel is altered in the span and nowhere else`(_ effect: AnalogWave.Effect) {
        let base = values(nil)
        let other = values(effect)
        for index in 0..<80 {
            let expected: Double
            switch effect {
            case _ where !(20..<50).contains(index): expected = base[index]
            case .stuck(let value): expected = value
            case .biased(let by): expected = base[index] + by
            case .scaled(let by): expected = base[index] * by
            case .delayed(let by): expected = base[max(0, index - Int(by.count / 100_000_000))]
            case .replaced: expected = 3
            }
            #expect(other[index] == expected)
        }
    }

    @Test func `labels of a scenario come with those of its plant, by time, each once`() throws {
        var scenario = Scenario(name: "s", plant: PumpStation())
        func label(_ name: String, _ seconds: Int64) -> Label {
            Label(kind: .fault, name: name, from: .zero + .seconds(seconds), to: .distantFuture, truth: name)
        }
        scenario.labels = [label("late", 9), label("first", 3), label("second", 3), label("begin", 0)]
        let feed = PlantFeed(try #require(scenario.makePlant()), of: scenario, seed: 1, keepsTruth: true)
        feed.reach(10_000_000_000)
        var truths = TruthFeed(scenario, plant: feed)
        func labels(upTo time: UInt64) -> [Label] {
            truths.take(upTo: time).compactMap { if case .label(let label) = $0 { label } else { nil } }
        }
        let early = labels(upTo: 5_000_000_000)
        #expect(early.filter { $0.kind == .fault }.map(\.name) == ["begin", "first", "second"])
        #expect(early.map(\.from) == early.map(\.from).sorted())
        #expect(early.count > 3)
        #expect(labels(upTo: 8_000_000_000).allSatisfy { $0.from > .zero + .seconds(5) })
        #expect(labels(upTo: 9_000_000_000).contains(label("late", 9)))
    }
}
