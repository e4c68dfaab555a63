import TapConfig
import TapCore
import Testing

@testable import TapSim

@Suite
struct FrontEndTests {
    /// High in these spans.
    private func pulses(_ times: Int64...) -> DigitalWave { .changes(times.map { Nanoseconds($0) }, startsHigh: false) }

    private func delayed(_ wave: DigitalWave, on: Int64, off: Int64, minimum: Int64 = 0) -> String {
        play(
            .delay(wave, Delay(on: Nanoseconds(on), off: Nanoseconds(off), minimum: Nanoseconds(minimum))), until: 2_000
        )
    }

    @Test func `an opto-isolator is late by its on and off delay`() {
        #expect(delayed(pulses(100, 200, 400, 500), on: 5, off: 40) == "low 105+ 240- 405+ 540-")
        // As many changes under way as fit into the delay.
        #expect(delayed(pulses(1, 2, 3, 4, 5, 6), on: 50, off: 50) == "low 51+ 52- 53+ 54- 55+ 56-")
    }

    @Test func `a pulse shorter than the difference of the delays vanishes`() {
        // On at 140, but off at 125.
        #expect(delayed(pulses(100, 120, 300, 400), on: 40, off: 5) == "low 340+ 405-")
        // A gap of 20 that ends at 225, before its begin at 240.
        #expect(delayed(pulses(100, 200, 220, 300), on: 5, off: 40) == "low 105+ 340-")
    }

    @Test func `a pulse shorter than the minimum vanishes, high or low`() {
        #expect(delayed(pulses(100, 109, 200, 300), on: 10, off: 10, minimum: 10) == "low 210+ 310-")
        #expect(delayed(pulses(100, 200, 209, 300), on: 10, off: 10, minimum: 10) == "low 110+ 310-")
        #expect(delayed(pulses(100, 110), on: 10, off: 10, minimum: 10) == "low 110+ 120-")
        // A burst of short ones leaves nothing.
        #expect(delayed(pulses(100, 105, 110, 115, 120, 125), on: 10, off: 10, minimum: 10) == "low")
    }

    @Test func `hold-up bridges a dip of the supply and delays a failure`() {
        let supply = DigitalWave.changes([100, 120, 300, 500].map { Nanoseconds($0) }, startsHigh: true)
        let held = DigitalWave.delay(supply, Delay(on: .zero, off: Nanoseconds(30)))
        #expect(play(held, until: 1_000) == "high 330- 500+")
        // All inputs of the group go with it.
        #expect(play(.combine(.and, [pulses(50, 600), held]), until: 1_000) == "low 50+ 330- 500+ 600-")
    }

    private func filtered(_ wave: DigitalWave, low: Double = 0.5, high: Double = 0.5) -> [UInt64] {
        times(.filter(wave, RCFilter(timeConstant: Nanoseconds(1_000_000), low: low, high: high)), until: 100_000_000)
    }

    @Test func `an RC filter passes its threshold when the exponential does`() {
        // ln 2 = 0.693147180559945
        #expect(filtered(pulses(10_000_000, 50_000_000)) == [10_693_148, 50_693_148])
        // ln(1 / 0.3) = 1.203972804325936, both ways.
        #expect(filtered(pulses(10_000_000, 50_000_000), low: 0.3, high: 0.7) == [11_203_973, 51_203_973])
    }

    @Test func `a pulse too short for an RC filter vanishes, and its charge makes the next one earlier`() {
        #expect(filtered(pulses(10_000_000, 10_600_000)) == [])
        // Charged to 1 - e^-0.6 = 0.451188, 0.1 ms later to 0.408253; ln((1 - 0.408253) / 0.5) = 0.168453.
        let times = filtered(pulses(10_000_000, 10_600_000, 10_700_000, 50_000_000))
        #expect(times.first.map { (10_868_400...10_868_500).contains($0) } == true)
    }

    @Test func `a filter of a level at rest gives that level`() {
        #expect(
            play(
                .filter(.constant(isHigh: true), RCFilter(timeConstant: Nanoseconds(10), low: 0.3, high: 0.7)),
                until: 100) == "high")
    }
}
