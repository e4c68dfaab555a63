import TapCore
import TestSupport
import Testing

@testable import TapDecode

/// Every format there is at one speed.
private func everyFormat(baud: Int) -> [UARTFormat] {
    UARTFormat.dataBitCounts.flatMap { bits in
        UARTFormat.Parity.allCases.flatMap { parity in
            UARTFormat.StopBits.allCases.flatMap { stop in
                [false, true].map {
                    UARTFormat(baud: baud, dataBits: bits, parity: parity, stopBits: stop, isInverted: $0)
                }
            }
        }
    }
}

/// Feeds a decoder that has seen the line at rest for a second before time 1 s.
struct SerialLine {
    var decoder: UARTDecoder
    var characters: [UARTCharacter] = []

    init(_ format: UARTFormat) {
        decoder = UARTDecoder(format)
        decoder.level(isHigh: !format.isInverted, at: .zero) { _ in }
    }

    mutating func edge(_ time: UInt64, _ isRising: Bool) {
        decoder.edge(at: at(time), isRising: isRising) { characters.append($0) }
    }

    mutating func play(_ transitions: some Sequence<Transition>) {
        for transition in transitions { edge(transition.time.nanoseconds, transition.isHigh) }
    }

    mutating func lose(_ from: UInt64, _ to: UInt64) {
        decoder.lose(from: at(from), to: at(to)) { characters.append($0) }
    }

    mutating func finish(_ time: UInt64) { decoder.finish(at: at(time)) { characters.append($0) } }

    var values: [UInt16] { characters.map(\.value) }
}

private let second: UInt64 = 1_000_000_000

@Suite struct UARTFormatTests {
    @Test(arguments: [
        ("9600,8n1", UARTFormat(baud: 9_600)),
        ("19200,7E1.5", UARTFormat(baud: 19_200, dataBits: 7, parity: .even, stopBits: .oneAndAHalf)),
        ("1,9o2,inverted", UARTFormat(baud: 1, dataBits: 9, parity: .odd, stopBits: .two, isInverted: true)),
    ])
    func `reads what people write`(_ text: String, _ format: UARTFormat) throws {
        #expect(try UARTFormat(text, subject: "--uart") == format)
        #expect(format.description == text.lowercased())
    }

    @Test(arguments: [
        ("", "'' is not a speed and frame"), ("9600", "'9600' is not a speed and frame"),
        ("8n1,9600", "'8n1' is not a speed from 1 to 50000000 bits per second"),
        ("0,8n1", "'0' is not a speed from 1 to 50000000 bits per second"),
        ("+9600,8n1", "'+9600' is not a speed from 1 to 50000000 bits per second"),
        ("99999999999999999999,8n1", "'99999999999999999999' is not a speed from 1 to 50000000 bits per second"),
        ("9600,", "'' does not begin with 5 to 9 data bits"),
        ("9600,4n1", "'4n1' does not begin with 5 to 9 data bits"),
        ("9600,8", "'8' has no parity n, e or o after its data bits"),
        ("9600,8m1", "'8m1' has no parity n, e or o after its data bits"),
        ("9600,8n", "'8n' does not end with 1, 1.5 or 2 stop bits"),
        ("9600,8n3", "'8n3' does not end with 1, 1.5 or 2 stop bits"),
        ("9600,8n1,x", "'x' is not 'inverted', the only thing that may follow the frame"),
    ])
    func `says what is wrong`(_ text: String, _ what: String) {
        let error = #expect(throws: TapError.self) { try UARTFormat(text, subject: "--uart") }
        #expect(error?.description == "--uart: \(what); write it as 9600,8n1 or 19200,7e1.5,inverted")
    }

    @Test func `spans are rounded from the exact value`() {
        let format = UARTFormat(baud: 115_200)
        #expect(format.span(ofHalfBits: 1).count == 4_340)  // 4340.28
        #expect(format.span(ofHalfBits: 2).count == 8_681)  // 8680.56
        #expect(format.span(ofCharacters: 115_200).count == 10_000_000_000)
        #expect(format.span(ofCharacters: .max) == Nanoseconds(.max))
    }
}

@Suite struct UARTEncoderTests {
    @Test func `a character is a start bit, data lowest first, parity and stop`() {
        // 0x4B is 1101001 lowest first: four ones, so odd parity is a one.
        let format = UARTFormat(baud: 1_000, dataBits: 7, parity: .odd)
        let transitions = Array(UARTEncoder(format, [0x4B] as [UInt8], from: at(second)))
        #expect(
            transitions.map { ($0.time.nanoseconds - second) / 1_000_000 } == [0, 1, 3, 4, 5, 7])
        #expect(transitions.map(\.isHigh) == [false, true, false, true, false, true])
        #expect(UARTEncoder(format, [0x4B] as [UInt8], from: at(second)).end == at(second + 10_000_000))
    }

    @Test func `the ten thousandth character is as exact as the first`() {
        let format = UARTFormat(baud: 9_600, stopBits: .oneAndAHalf)
        let encoder = UARTEncoder(format, [UInt8](repeating: 0xFF, count: 10_001), from: .zero)
        let falls = encoder.filter { !$0.isHigh }.map(\.time.nanoseconds)
        // 10.5 bits of 1/9600 s each.
        #expect(falls.count == 10_001)
        #expect(falls[1] == 1_093_750)
        #expect(falls[9_999] == 10_936_406_250)
        #expect(falls[10_000] == 10_937_500_000)
    }

    @Test func `an inverted line rests low`() {
        let format = UARTFormat(baud: 1_000, isInverted: true)
        let plain = UARTEncoder(UARTFormat(baud: 1_000), [0x31] as [UInt8], from: .zero)
        let inverted = UARTEncoder(format, [0x31] as [UInt8], from: .zero)
        #expect(inverted.map { Transition(time: $0.time, isHigh: !$0.isHigh) } == Array(plain))
        #expect(inverted.first { _ in true }?.isHigh == true)
    }

    @Test func `bits above the data bits are not sent`() {
        let format = UARTFormat(baud: 1_000, dataBits: 5)
        #expect(
            Array(UARTEncoder(format, [0xFFE1] as [UInt16], from: .zero))
                == Array(UARTEncoder(format, [0x01] as [UInt16], from: .zero)))
    }
}

@Suite struct UARTDecoderTests {
    @Test(arguments: [1, 300, 9_600, 115_200, 50_000_000])
    func `reads what the encoder wrote, in every format`(_ baud: Int) {
        for (index, format) in everyFormat(baud: baud).enumerated() {
            var dice = Dice(UInt64(index + 1))
            let mask: UInt16 = 1 << UInt16(format.dataBits) - 1
            let sent = (0..<40).map { _ in UInt16(truncatingIfNeeded: dice.next()) & mask }
            let start = UInt64(format.span(ofCharacters: 3).count)
            var line = SerialLine(format)
            // In two bursts, the second after a pause that is no whole number of bits.
            let first = UARTEncoder(format, Array(sent[..<20]), from: at(start))
            let pause = first.end + Nanoseconds(format.span(ofHalfBits: 3).count / 7)
            let rest = UARTEncoder(format, Array(sent[20...]), from: pause)
            line.play(first)
            line.play(rest)
            line.finish(rest.end.nanoseconds)
            #expect(line.values == sent, "\(format)")
            #expect(line.characters.allSatisfy { $0.flags == [] }, "\(format)")
            #expect(line.characters[0].start == at(start), "\(format)")
            #expect(line.characters[19].end.nanoseconds.distance(to: first.end.nanoseconds).magnitude <= 1, "\(format)")
            #expect(line.characters[20].start == pause, "\(format)")
        }
    }

    @Test(arguments: [-450, -300, 300, 450])
    func `a sender that is 3 or 4.5 percent off is read`(_ hundredths: Int) {
        let sender = UARTFormat(baud: 1_000_000 * (10_000 + hundredths) / 10_000)
        var line = SerialLine(UARTFormat(baud: 1_000_000))
        let bytes = (0..<256).map { UInt8($0) }
        for (index, byte) in bytes.enumerated() {
            line.play(UARTEncoder(sender, [byte], from: at(second + UInt64(index) * 20_000)))
        }
        line.finish(2 * second)
        #expect(line.values == bytes.map(UInt16.init))
        #expect(line.characters.allSatisfy { $0.flags == [] })
    }

    @Test func `a wrong parity bit is reported with the data`() {
        var line = SerialLine(UARTFormat(baud: 9_600, parity: .even))
        line.play(UARTEncoder(UARTFormat(baud: 9_600, parity: .odd), [0x55, 0x01] as [UInt8], from: at(second)))
        line.finish(2 * second)
        #expect(line.values == [0x55, 0x01])
        #expect(line.characters.map(\.flags) == [.parityError, .parityError])
    }

    @Test func `a missing stop bit is reported, and what follows is in doubt until the line has rested`() {
        // 1 ms a bit. The ninth bit after the start is low where the stop bit should be.
        var line = SerialLine(UARTFormat(baud: 1_000))
        let wide = UARTFormat(baud: 1_000, dataBits: 9)
        let first = UARTEncoder(wide, [0x0F1, 0x141] as [UInt16], from: at(second))
        line.play(first)
        line.play(UARTEncoder(UARTFormat(baud: 1_000), [0x22] as [UInt8], from: at(second + 40_000_000)))
        line.finish(2 * second)
        #expect(line.values == [0xF1, 0x41, 0x22])
        #expect(line.characters.map(\.flags) == [.framingError, .unsynchronised, []])
    }

    @Test func `a line that is held is one break, from its edge to its end`() {
        var line = SerialLine(UARTFormat(baud: 1_000))
        line.edge(second, false)
        line.edge(second + 25_000_000, true)
        line.play(UARTEncoder(UARTFormat(baud: 1_000), [0x41] as [UInt8], from: at(second + 26_000_000)))
        line.finish(2 * second)
        #expect(
            line.characters == [
                UARTCharacter(start: at(second), end: at(second + 25_000_000), value: 0, flags: .breakCondition),
                UARTCharacter(start: at(second + 26_000_000), end: at(second + 36_000_000), value: 0x41),
            ])
    }

    @Test func `low through the middle of the stop bit but not to its end is a zero without stop bit`() {
        var line = SerialLine(UARTFormat(baud: 1_000))
        line.edge(second, false)
        line.edge(second + 9_700_000, true)
        line.finish(2 * second)
        #expect(
            line.characters == [
                UARTCharacter(start: at(second), end: at(second + 10_000_000), value: 0, flags: .framingError)
            ])
    }

    @Test func `a pulse shorter than half a bit is a false start`() {
        var line = SerialLine(UARTFormat(baud: 1_000))
        line.edge(second, false)
        line.edge(second + 400_000, true)
        line.play(UARTEncoder(UARTFormat(baud: 1_000), [0x41] as [UInt8], from: at(second + 20_000_000)))
        line.finish(2 * second)
        #expect(line.characters.map(\.flags) == [.falseStart, []])
        #expect(line.characters[0].end == at(second + 400_000))
        #expect(line.values == [0, 0x41])
    }

    @Test func `a loss makes the character under way unknown and what follows unsynchronised`() {
        let format = UARTFormat(baud: 1_000)
        var line = SerialLine(format)
        let encoder = UARTEncoder(format, [0x55, 0x55, 0x55] as [UInt8], from: at(second))
        let transitions = Array(encoder)
        // The second character's edges from 12 to 16 ms are gone.
        let (from, to) = (second + 11_000_000, second + 16_000_000)
        line.play(transitions.filter { $0.time.nanoseconds <= from })
        line.lose(from, to)
        line.play(transitions.filter { $0.time.nanoseconds >= to })
        line.play(UARTEncoder(format, [0x41] as [UInt8], from: at(second + 60_000_000)))
        line.finish(2 * second)
        #expect(line.characters.first == UARTCharacter(start: at(second), end: at(second + 10_000_000), value: 0x55))
        #expect(
            line.characters[1]
                == UARTCharacter(start: at(second + 10_000_000), end: at(to), value: 0, flags: .unknown))
        #expect(line.characters.last?.value == 0x41)
        #expect(line.characters.last?.flags == [])
        #expect(line.characters.dropFirst(2).dropLast().allSatisfy { $0.flags.contains(.unsynchronised) })
        #expect(line.characters.count > 3)
    }

    @Test func `two edges in one direction are a loss`() {
        let format = UARTFormat(baud: 1_000)
        var line = SerialLine(format)
        line.play(UARTEncoder(format, [0x55] as [UInt8], from: at(second)).filter { $0.time != at(second + 3_000_000) })
        line.finish(2 * second)
        #expect(line.characters.contains { $0.flags.contains(.unknown) })
        #expect(line.characters.allSatisfy { $0.flags != [] })
    }

    @Test func `a loss that is discovered late reports its span`() {
        let format = UARTFormat(baud: 1_000)
        var line = SerialLine(format)
        line.play(UARTEncoder(format, [0x41] as [UInt8], from: at(second)))
        line.decoder.advance(to: at(second + 500_000_000)) { _ in }
        line.lose(second + 9_000_000, second + 400_000_000)
        #expect(
            line.characters.last
                == UARTCharacter(
                    start: at(second + 9_000_000), end: at(second + 400_000_000), value: 0, flags: .unknown))
    }

    @Test func `a character that the capture cuts off is unknown`() {
        let format = UARTFormat(baud: 1_000)
        var line = SerialLine(format)
        line.play(UARTEncoder(format, [0x0F] as [UInt8], from: at(second)).prefix(2))
        line.finish(second + 8_000_000)
        #expect(
            line.characters == [
                UARTCharacter(start: at(second), end: at(second + 8_000_000), value: 0, flags: .unknown)
            ])
    }

    @Test func `a capture that begins amid traffic says that it may be out of step`() {
        let format = UARTFormat(baud: 1_000)
        var decoder = UARTDecoder(format)
        var found: [UARTCharacter] = []
        let encoder = UARTEncoder(format, [UInt8](repeating: 0x41, count: 3), from: .zero)
        for transition in encoder.dropFirst(3) {
            decoder.edge(at: transition.time, isRising: transition.isHigh) { found.append($0) }
        }
        decoder.finish(at: encoder.end) { found.append($0) }
        #expect(found.contains { $0.isCharacter })
        #expect(found.allSatisfy { !$0.flags.isDisjoint(with: [.unsynchronised, .unknown]) })
    }

    @Test func `garbage makes errors, in order and without overlap that is not reported`() {
        for seed in 1...100 as ClosedRange<UInt64> {
            var dice = Dice(seed)
            let formats = everyFormat(baud: Int.random(in: 1...2_000_000, using: &dice))
            var decoder = UARTDecoder(formats.randomElement(using: &dice)!)
            let bit = UInt64(decoder.format.span(ofHalfBits: 2).count)
            var now: UInt64 = seed % 7 == 0 ? .max - bit * 3_000 : 0
            var calls = 0
            var most = 0
            var wrong: [UARTCharacter] = []
            for _ in 0..<1_000 {
                calls = 0
                let emit: (UARTCharacter) -> Void = { character in
                    calls += 1
                    if character.start > character.end || character.value > 0x1FF { wrong.append(character) }
                }
                now =
                    now &+ UInt64.random(in: 0...3, using: &dice) &* bit / 2 &+ UInt64.random(in: 0...bit, using: &dice)
                let time = at(now)
                switch Int.random(in: 0..<40, using: &dice) {
                case 0: decoder.lose(from: at(now &- bit * 5), to: time, emit)
                case 1: decoder.lose(from: time, to: .distantFuture, emit)
                case 2: decoder.level(isHigh: .random(using: &dice), at: time, emit)
                case 3: decoder.advance(to: time, emit)
                case 4: decoder.edge(at: at(dice.next()), isRising: .random(using: &dice), emit)
                case 5: decoder.finish(at: time, emit)
                default: decoder.edge(at: time, isRising: .random(using: &dice), emit)
                }
                if calls > 2 { most = calls }
            }
            #expect(wrong == [])
            #expect(most == 0, "more than two characters at once")
        }
    }
}
