import TapConfig
import TapCore
import Testing

@testable import TapSim

/// The first level and the transitions of a wave up to a time, as "high 25- 100+"; units are nanoseconds.
func play(
    _ wave: DigitalWave, until end: UInt64, seed: UInt64 = 1, every portion: UInt64 = .max, stream: String = "line A"
) -> String {
    var cursor = TransitionCursor(WaveBuilder(seed: seed, feed: nil).digital(wave, stream))
    var words = [cursor.isHigh ? "high" : "low"]
    var limit = min(portion, end)
    while true {
        let time = cursor.peek(upTo: limit)
        if time != DigitalGenerator.none {
            cursor.take()
            words.append("\(time)\(cursor.isHigh ? "+" : "-")")
        } else if limit == end {
            return words.joined(separator: " ")
        } else {
            limit = min(limit + portion, end)
        }
    }
}

/// The times alone.
func times(_ wave: DigitalWave, until end: UInt64, seed: UInt64 = 1) -> [UInt64] {
    var cursor = TransitionCursor(WaveBuilder(seed: seed, feed: nil).digital(wave, "line A"))
    var times: [UInt64] = []
    while cursor.peek(upTo: end) != DigitalGenerator.none {
        times.append(cursor.peek(upTo: end))
        cursor.take()
    }
    return times
}

@Suite("Digital waves")
struct DigitalWaveTests {
    private func square(_ period: Int64, width: Int64, phase: Int64 = 0, isInverted: Bool = false) -> DigitalWave {
        .pulses(
            PulseTrain(
                phase: Nanoseconds(phase), period: Nanoseconds(period), width: Nanoseconds(width),
                isInverted: isInverted))
    }

    @Test func `a constant line has no edge`() {
        #expect(play(.constant(isHigh: false), until: 1_000) == "low")
        #expect(play(.constant(isHigh: true), until: 1_000) == "high")
    }

    @Test func `a square wave is high for its duty`() {
        #expect(play(square(100, width: 25, phase: 10), until: 140) == "low 10+ 35- 110+ 135-")
        #expect(play(square(100, width: 25, phase: 10, isInverted: true), until: 140) == "high 10- 35+ 110- 135+")
    }

    @Test func `an edge at time zero is the first level`() {
        #expect(play(square(100, width: 25), until: 125) == "high 25- 100+ 125-")
        #expect(play(square(100, width: 25, isInverted: true), until: 125) == "low 25+ 100- 125+")
    }

    @Test func `a pulse train rests between its trains`() {
        let train = PulseTrain(
            phase: Nanoseconds(5), period: Nanoseconds(100), pulses: 2, width: Nanoseconds(3),
            spacing: Nanoseconds(10))
        #expect(play(.pulses(train), until: 118) == "low 5+ 8- 15+ 18- 105+ 108- 115+ 118-")
    }

    @Test func `the millionth period is as exact as the first`() {
        let generator = WaveBuilder(seed: 1, feed: nil).digital(square(333_333, width: 166_667, phase: 7), "line A")
        for _ in 0..<2_000_000 { _ = generator.next(upTo: .max - 1) }
        #expect(generator.next(upTo: .max - 1) == 7 + 1_000_000 * 333_333)
        #expect(generator.next(upTo: .max - 1) == 7 + 1_000_000 * 333_333 + 166_667)
    }
}
