import TapConfig
import TapCore
import TapDecode
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

@Suite
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

extension DigitalWaveTests {
    private func ms(_ count: Int64) -> Nanoseconds { .milliseconds(count) }

    @Test func `jitter moves pulses about their places and never adds up`() {
        let train = PulseTrain(
            phase: Nanoseconds(1_000), period: Nanoseconds(1_000), width: Nanoseconds(400), jitter: Nanoseconds(50))
        let all = times(.pulses(train), until: 11_000_000)
        let rises = stride(from: 0, to: 20_000, by: 2).map { all[$0] }
        let shifts = rises.enumerated().map { Double($1) - Double(1_000 + $0 * 1_000) }
        #expect(shifts.allSatisfy { $0.magnitude <= 299 })
        let mean = shifts.reduce(0, +) / 10_000
        let deviation = (shifts.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 10_000).squareRoot()
        #expect(mean.magnitude < 2)
        #expect((48...52).contains(deviation))
        // The last are as near to their places as the first.
        #expect(shifts.suffix(100).allSatisfy { $0.magnitude < 250 })
    }

    @Test func `jitter never changes the order of edges`() {
        let train = PulseTrain(period: Nanoseconds(10), width: Nanoseconds(8), jitter: Nanoseconds(1))
        let all = times(.pulses(train), until: 100_000)
        #expect(zip(all, all.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func `a burst comes once`() {
        let train = PulseTrain(
            phase: Nanoseconds(5), period: Nanoseconds(20), pulses: 2, width: Nanoseconds(3),
            spacing: Nanoseconds(10), trains: 1)
        #expect(play(.pulses(train), until: 1_000) == "low 5+ 8- 15+ 18-")
    }

    @Test func `PWM is high for its duty, and does not change where that is nothing or all`() {
        func pwm(_ duty: AnalogWave) -> String {
            play(.pwm(period: Nanoseconds(100), phase: Nanoseconds(10), duty: duty), until: 350)
        }
        #expect(pwm(.constant(0.25)) == "low 10+ 35- 110+ 135- 210+ 235- 310+ 335-")
        #expect(pwm(.constant(0)) == "low")
        #expect(pwm(.constant(-1)) == "low")
        #expect(pwm(.constant(2)) == "low 10+")
        let step = Step(from: 1, to: 0, at: Nanoseconds(200))
        #expect(pwm(.step(step)) == "low 10+ 210-")
        #expect(
            play(.pwm(period: Nanoseconds(100), phase: .zero, duty: .constant(0.3)), until: 130)
                == "high 30- 100+ 130-")
    }

    @Test func `encoder tracks are a quarter of a period apart, and change order when it turns back`() {
        func track(_ track: EncoderTrack.Track) -> String {
            play(.encoder(EncoderTrack(track, period: Nanoseconds(100), turns: [Nanoseconds(110)])), until: 200)
        }
        // Position 110 at the turn, then down again: 100 is passed at 120, 75 at 146 (below 75), and so on.
        #expect(track(.a) == "high 50- 100+ 121- 171+")
        #expect(track(.b) == "low 25+ 75- 146+ 196-")
    }

    @Test func `an encoder turns again and again`() {
        let wave = DigitalWave.encoder(EncoderTrack(.a, period: Nanoseconds(100), turnEvery: Nanoseconds(70)))
        // To 70 and back to 0: low from 50 on, high below it.
        #expect(play(wave, until: 280) == "high 50- 91+ 190- 231+")
    }

    @Test func `a wave is the same in how many portions it is asked`() {
        let waves: [DigitalWave] = [
            .pulses(PulseTrain(period: ms(3), width: ms(1), jitter: .microseconds(200))),
            .chance(meanInterval: ms(2), width: .microseconds(300)),
            .bounce(.pulses(PulseTrain(period: ms(20), width: ms(7))), Bounce()),
            .delay(
                .chance(meanInterval: ms(1), width: .microseconds(300)),
                Delay(on: .microseconds(200), off: .microseconds(900), minimum: .microseconds(100))),
            .filter(
                .chance(meanInterval: ms(1), width: .microseconds(300)),
                RCFilter(timeConstant: .microseconds(400), low: 0.3, high: 0.7)),
            .extra(
                .chance(meanInterval: ms(1), width: .microseconds(300)), .share(0.5), after: .microseconds(100),
                width: .microseconds(50)),
            .combine(
                .xor,
                [
                    .encoder(EncoderTrack(.b, period: ms(1), turnEvery: ms(7))),
                    .chance(meanInterval: ms(1), width: ms(1)),
                ]),
            .pwm(period: ms(1), phase: .zero, duty: .noise(deviation: 0.5)),
            .serial(SerialTalk(baud: 9_600, .bytes([1, 2, 3]), at: ms(1), every: ms(5))),
        ]
        for wave in waves {
            let whole = play(wave, until: 200_000_000)
            #expect(whole.split(separator: " ").count > 20)
            #expect(play(wave, until: 200_000_000, every: 1_234_567) == whole)
            #expect(play(wave, until: 200_000_000, every: 77_777) == whole)
        }
    }

    @Test func `seeds and streams give other chances`() {
        let wave = DigitalWave.chance(meanInterval: ms(1), width: .microseconds(10))
        #expect(play(wave, until: 50_000_000) != play(wave, until: 50_000_000, seed: 2))
        #expect(play(wave, until: 50_000_000) != play(wave, until: 50_000_000, stream: "line B"))
        // A named wave is one wherever it is used.
        let named = DigitalWave.named("x", wave)
        #expect(play(named, until: 50_000_000) == play(named, until: 50_000_000, stream: "line B"))
    }

    @Test func `waves are combined level by level`() {
        let (a, b) = (square(100, width: 50), square(60, width: 30))
        #expect(play(.combine(.and, [a, b]), until: 200) == "high 30- 120+ 150- 200+")
        #expect(play(.combine(.or, [a, b]), until: 200) == "high 50- 60+ 90- 100+ 150- 180+")
        #expect(play(.combine(.xor, [a, b]), until: 200) == "low 30+ 50- 60+ 90- 100+ 120- 180+ 200-")
        #expect(play(.combine(.xor, [a, a]), until: 200) == "low")
        #expect(play(.invert(a), until: 110) == "low 50+ 100-")
    }

    @Test func `pulses are missing and added`() {
        let wave = square(100, width: 30, phase: 10)
        #expect(play(.missing(wave, .numbers([2, 3])), until: 350) == "low 10+ 40- 310+ 340-")
        #expect(play(.missing(wave, .every(2)), until: 350) == "low 10+ 40- 210+ 240-")
        #expect(play(.missing(wave, .share(1)), until: 350) == "low")
        #expect(
            play(.extra(wave, .numbers([2]), after: Nanoseconds(20), width: Nanoseconds(5)), until: 250)
                == "low 10+ 40- 110+ 140- 160+ 165- 210+ 240-")
        let inverted = square(100, width: 30, phase: 10, isInverted: true)
        #expect(
            play(.extra(inverted, .every(1), after: Nanoseconds(20), width: Nanoseconds(5)), until: 70)
                == "high 10- 40+ 60- 65+")
    }

    @Test func `a share of pulses is missing`() {
        let all = times(.missing(square(100, width: 30), .share(0.1)), until: 1_000_000)
        // 10,000 pulses, the first begins at zero.
        #expect((8_800...9_200).contains(all.count / 2))
    }

    @Test func `a contact bounces as long as was measured, and comes to rest`() {
        // Long enough apart that every bounce ends.
        let period = ms(20)
        let wave = DigitalWave.bounce(.pulses(PulseTrain(phase: ms(10), period: period, width: ms(10))), Bounce())
        var rest = times(wave, until: 10_000_000_000)[...]
        var lengths: [Double] = []
        for change in stride(from: 10_000_000 as UInt64, to: 9_990_000_000, by: 10_000_000) {
            let bounce = rest.prefix { $0 < change + 10_000_000 }
            rest = rest.dropFirst(bounce.count)
            #expect(bounce.first == change)
            // It ends at the other level.
            #expect(bounce.count % 2 == 1)
            lengths.append(Double((bounce.last ?? 0) - change))
        }
        let mean = lengths.reduce(0, +) / Double(lengths.count)
        #expect((lengths.max() ?? 0) <= 6_200_000)
        // The last touch comes a little before the bounce is over.
        #expect((1_200_000...1_600_000).contains(mean))
    }

    @Test func `serial lines are read by the decoder that is not their encoder`() {
        let format = UARTFormat(baud: 19_200, dataBits: 8, parity: .even)
        let exchange = ModbusExchange(server: 17, function: 3, address: 107, values: [555, 0, 100])
        let talk = SerialTalk(
            baud: 19_200, parity: .even, .modbus(exchange, answerAfter: ms(4)), at: ms(1), every: ms(50))
        var decoder = UARTDecoder(format)
        var bytes: [UInt8] = []
        func take(_ character: UARTCharacter) {
            if character.isCharacter { bytes.append(UInt8(character.value)) }
            #expect(character.flags.isDisjoint(with: [.parityError, .framingError]))
        }
        decoder.level(isHigh: true, at: .zero, take)
        var isHigh = true
        for time in times(.serial(talk), until: 90_000_000) {
            isHigh.toggle()
            decoder.edge(at: Timestamp(nanoseconds: time), isRising: isHigh, take)
        }
        decoder.finish(at: Timestamp(nanoseconds: 95_000_000), take)
        // The example of the Modbus application protocol specification, 6.3, with address and CRC (by hand).
        let request: [UInt8] = [0x11, 0x03, 0x00, 0x6B, 0x00, 0x03, 0x76, 0x87]
        let answer: [UInt8] = [0x11, 0x03, 0x06, 0x02, 0x2B, 0x00, 0x00, 0x00, 0x64, 0xC8, 0xBA]
        #expect(bytes == request + answer + request + answer)
    }
}
