import TapConfig
import TapCore
import Testing

@testable import TapSim

@Suite
struct AnalogWaveTests {
    private func values(
        _ wave: AnalogWave, _ count: Int, every: UInt64 = 1_000_000, seed: UInt64 = 1, _ stream: String = "channel a.b"
    ) -> [Double] {
        let generator = WaveBuilder(seed: seed, feed: nil).analog(wave, stream)
        return (0..<UInt64(count)).map { generator.value(at: $0 * every) }
    }

    private func mean(_ values: some Collection<Double>) -> Double { values.reduce(0, +) / Double(values.count) }
    private func deviation(_ values: some Collection<Double>) -> Double {
        let mean = mean(values)
        return (values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count)).squareRoot()
    }

    private func isNear(_ found: [Double], _ wanted: [Double], _ tolerance: Double = 1e-12) -> Bool {
        found.count == wanted.count && zip(found, wanted).allSatisfy { ($0 - $1).magnitude <= tolerance }
    }

    @Test func `periodic shapes go through their corners`() {
        func shape(_ shape: Periodic.Shape, phase: Nanoseconds = .zero) -> [Double] {
            values(.periodic(Periodic(shape, offset: 1, amplitude: 2, period: .milliseconds(8), phase: phase)), 9)
        }
        let half = 2 * 0.5.squareRoot()
        #expect(isNear(shape(.sine), [1, 1 + half, 3, 1 + half, 1, 1 - half, -1, 1 - half, 1]))
        #expect(isNear(shape(.ramp), [-1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, -1]))
        #expect(isNear(shape(.triangle), [-1, 0, 1, 2, 3, 2, 1, 0, -1]))
        #expect(shape(.square(duty: 0.25)) == [3, 3, -1, -1, -1, -1, -1, -1, 3])
        #expect(isNear(shape(.ramp, phase: .milliseconds(2)), [2, 2.5, -1, -0.5, 0, 0.5, 1, 1.5, 2]))
    }

    @Test func `a step answers as its system does`() {
        func step(_ response: Step.Response) -> [Double] {
            values(.step(Step(from: 1, to: 3, at: .milliseconds(2), response: response)), 6)
        }
        #expect(step(.none) == [1, 1, 3, 3, 3, 3])
        let e = 2.718281828459045
        #expect(
            isNear(
                step(.first(timeConstant: .milliseconds(1))),
                [1, 1, 1, 3 - 2 / e, 3 - 2 / (e * e), 3 - 2 / (e * e * e)]))
        // Undamped oscillation of 4 ms, damping 0.5: at 1 ms the angle is pi/2 (computed with Python's math).
        #expect(
            isNear(
                step(.second(period: .milliseconds(4), damping: 0.5)),
                [1, 1, 1, 2.2946551013637744, 3.281399348287035, 3.2002300238429533], 1e-9))
    }

    @Test func `a second order step is the same from both sides of critical damping`() {
        func answer(_ damping: Double) -> Double {
            StepValue.answer(.second(period: Nanoseconds(1_000_000), damping: damping), after: 700_000)
        }
        #expect((answer(1) - answer(1.000_01)).magnitude < 1e-5)
        #expect((answer(1) - answer(0.999_99)).magnitude < 1e-5)
    }

    @Test func `white noise has its deviation and no memory`() {
        let noise = values(.noise(deviation: 0.5), 100_000)
        #expect(mean(noise).magnitude < 0.006)
        #expect((0.495...0.505).contains(deviation(noise)))
        let correlation = mean(zip(noise, noise.dropFirst()).map { $0 * $1 }) / 0.25
        #expect(correlation.magnitude < 0.012)
    }

    /// Of means over blocks, one against the next: of white noise it falls by 1/n, of 1/f noise it is the same for all n.
    private func allanVariance(_ values: [Double], _ length: Int) -> Double {
        let means = stride(from: 0, through: values.count - length, by: length).map { mean(values[$0..<$0 + length]) }
        return mean(zip(means, means.dropFirst()).map { ($1 - $0) * ($1 - $0) / 2 })
    }

    @Test func `the Allan variance of pink noise is flat: its power falls as 1 over f`() {
        let noise = values(.pinkNoise(deviation: 1), 1 << 17)
        #expect((0.85...1.15).contains(deviation(noise)))
        let pink = [4, 16, 64, 256, 1_024].map { allanVariance(noise, $0) }
        for variance in pink { #expect((0.6...1.6).contains(variance / pink[0]), "\(pink)") }
        // The test can distinguish: white noise falls by 4 each time.
        let white = values(.noise(deviation: 1), 1 << 17)
        #expect(allanVariance(white, 64) < 0.1 * allanVariance(white, 4))
    }

    @Test func `drift goes up to its limit`() {
        #expect(
            isNear(values(.drift(perSecond: 0.5, limit: 1), 5, every: 1_000_000_000), [0, 0.5, 1, 1, 1]))
        #expect(
            isNear(values(.drift(perSecond: -0.5, limit: nil), 5, every: 1_000_000_000), [0, -0.5, -1, -1.5, -2]))
    }

    @Test func `spikes come as often as they should, up and down, and decay`() {
        let spikes = Spikes(amplitude: 2, meanInterval: .milliseconds(100), decay: .milliseconds(2))
        let found = values(.spikes(spikes), 100_000)
        let begins = zip(found, found.dropFirst()).count { $1.magnitude > $0.magnitude + 0.1 }
        #expect((900...1_060).contains(begins))
        #expect(found.contains { $0 > 1.5 } && found.contains { $0 < -1.5 })
        #expect(found.allSatisfy { $0.magnitude <= 2 })
    }

    @Test func `waves follow digital ones`() {
        let wave = DigitalWave.changes([.milliseconds(1), .milliseconds(3)], startsHigh: false)
        #expect(values(.follow(wave, low: 1, high: 5, timeConstant: .zero), 5) == [1, 5, 5, 1, 1])
        let e = 2.718281828459045
        let top = 5 - 4 / (e * e)
        #expect(
            isNear(
                values(.follow(wave, low: 1, high: 5, timeConstant: .milliseconds(1)), 5),
                [1, 1, 5 - 4 / e, top, 1 + (top - 1) / e]))
    }

    @Test func `values are held, frozen and saturated`() {
        let ramp = AnalogWave.periodic(Periodic(.ramp, offset: 4, amplitude: 4, period: .milliseconds(8)))
        #expect(isNear(values(ramp, 8), [0, 1, 2, 3, 4, 5, 6, 7]))
        let holds = [
            AnalogWave.Hold(from: .milliseconds(1), to: .milliseconds(3), value: 9),
            AnalogWave.Hold(from: .milliseconds(4), to: .milliseconds(6), value: nil),
            AnalogWave.Hold(from: .milliseconds(7), to: nil, value: 0),
        ]
        #expect(isNear(values(.held(ramp, holds), 9), [0, 9, 9, 3, 4, 4, 6, 0, 0]))
        #expect(isNear(values(.saturate(ramp, low: 2, high: 5), 8), [2, 2, 2, 3, 4, 5, 5, 5]))
        #expect(isNear(values(.sum([ramp, .scale(ramp, factor: -1, offset: 1)]), 8), Array(repeating: 1, count: 8)))
    }

    @Test func `each part of a sum draws for itself`() {
        let noise = AnalogWave.noise(deviation: 1)
        #expect(values(.sum([noise, noise]), 100) != values(.scale(noise, factor: 2, offset: 0), 100))
        let named = AnalogWave.named("n", noise)
        #expect(values(named, 100) == values(named, 100, "channel c.d"))
        #expect(values(noise, 100) != values(noise, 100, "channel c.d"))
        #expect(values(noise, 100) != values(noise, 100, seed: 2))
    }
}
