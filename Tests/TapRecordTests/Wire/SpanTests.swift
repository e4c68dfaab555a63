import TapCore
import TestSupport
import Testing

@testable import TapRecord

@Suite struct SpanTests {
    private func at(_ time: UInt64) -> Timestamp { Timestamp(nanoseconds: time) }

    private func edge(_ time: UInt64, line: UInt16 = 0, sequence: UInt32 = 1, flags: UInt8 = 1) -> Given {
        .edge(Edge(time: at(time), line: LineID(line), sequence: sequence, flags: Edge.Flags(rawValue: flags)))
    }

    private func note(_ time: UInt64) -> Given { .event(.note(Note(time: at(time), author: "tap", text: "x"))) }

    private func scans(_ time: UInt64) -> Given {
        let block = ScanBlock(
            device: DeviceID(2), firstTime: at(time), period: Nanoseconds(5), count: 2, bytesPerScan: 2, sequence: 9,
            stamps: .exact, uncertainty: .zero)
        return .scans(block, [1, 2, 3, 4])
    }

    private func encode(_ given: [Given]) -> [GivenMessage] {
        var encoder = SpanEncoder()
        for given in given { given.encode(into: &encoder) }
        return GivenMessage.all(of: encoder.finish())
    }

    @Test func `edges are in columns`() throws {
        let messages = encode([
            edge(1_000, line: 3, sequence: 7), edge(1_010, line: 3, sequence: 8, flags: 0), .watermark(at(1_020)),
            edge(1_005, line: 3, sequence: 9, flags: 3),
        ])
        #expect(messages.count == 1)
        #expect(messages[0].kind == .edges && messages[0].firstTime == at(1_000))
        #expect(
            messages[0].bytes == [
                0x0A, 3, 0, 20, 9,
                0x12, 3, 7, 6, 7,
                0x1A, 2, 1, 3,
                0x22, 2, 7, 9,
                0x28, 0xE8, 0x07,
                0x32, 1, 2,
                0x3A, 1, 40,
            ])
    }

    @Test func `a watermark is in the message that is open`() throws {
        let given = [
            .watermark(at(1)), .watermark(at(2)), edge(3), .watermark(at(4)), note(5), .watermark(at(6)), edge(7),
            .watermark(at(8)), scans(9), .watermark(at(10)), edge(11), scans(12), .watermark(at(13)), scans(14),
            .watermark(at(15)), note(16), scans(17), .watermark(at(18)), .watermark(at(19)), .end(at(20)),
        ]
        let messages = encode(given)
        #expect(
            messages.map(\.kind) == [
                .edges, .events, .edges, .scans, .edges, .scans, .events, .scans, .events, .scans, .events,
            ])
        #expect(
            messages.map(\.firstTime) == [3, 5, 7, 9, 11, 12, 13, 14, 15, 17, 19].map { at($0) })
        #expect(try GivenSink(messages).given == Given.kept(given))
    }

    @Test func `nothing but a watermark is a message`() throws {
        var encoder = SpanEncoder()
        #expect(encoder.finish().messages.isEmpty)
        encoder.watermark(at: at(5))
        let messages = GivenMessage.all(of: encoder.finish())
        #expect(messages.map(\.kind) == [.events] && messages[0].firstTime == at(5))
        #expect(try GivenSink(messages).given == [.watermark(at(5))])
        #expect(encoder.finish().messages.isEmpty)
    }

    private func random(_ dice: inout Dice, _ count: Int) -> [Given] {
        var states: [UInt16: (sequence: UInt32, flags: UInt8)] = [:]
        var time = dice.word()
        return (0..<count).map { _ in
            switch dice.below(40) {
            case 0: .event(dice.event())
            case 1:
                { (scans: (ScanBlock, [UInt8])) in .scans(scans.0, scans.1) }(dice.scans())
            case 2...5: .watermark(dice.below(5) == 0 ? dice.time() : at(time))
            case 6: dice.below(10) == 0 ? .end(dice.time()) : .event(dice.event())
            default: .edge(dice.edge(after: &states, at: &time))
            }
        }
    }

    /// Order, times that go back, all flags, numbers and lines.
    @Test func `everything round trips in its order`() throws {
        var dice = Dice(21)
        var encoder = SpanEncoder()
        for round in 0..<100 {
            let given = random(&dice, round == 0 ? 5_000 : dice.below(400))
            for given in given { given.encode(into: &encoder) }
            let estimate = encoder.byteCount
            let messages = GivenMessage.all(of: encoder.finish())
            #expect(abs(messages.reduce(0) { $0 + $1.bytes.count } - estimate) < 8_192)
            #expect(encoder.byteCount == 0)
            #expect(try GivenSink(messages).given == Given.kept(given))
        }
    }

    @Test func `cuts and changes never trap`() throws {
        var dice = Dice(22)
        for _ in 0..<10 {
            for message in encode(random(&dice, 60)) {
                for count in 0..<message.bytes.count {
                    var sink = GivenSink()
                    try? SpanDecoder.decode(message.kind, message.bytes[..<count], into: &sink)
                }
                for _ in 0..<100 {
                    var bytes = message.bytes
                    for _ in 0...dice.below(2) {
                        bytes[dice.below(bytes.count)] = UInt8(truncatingIfNeeded: dice.next())
                    }
                    var sink = GivenSink()
                    try? SpanDecoder.decode(message.kind, bytes[...], into: &sink)
                }
            }
        }
    }

    @Test func `random bytes never trap`() {
        var dice = Dice(23)
        for _ in 0..<5_000 {
            let bytes = dice.bytes(60)
            for kind in SpanMessage.Kind.allCases {
                var sink = GivenSink()
                try? SpanDecoder.decode(kind, bytes[...], into: &sink)
            }
        }
    }

    /// Cut inside a column, or without one of them.
    @Test func `last lines round trip`() throws {
        let given = [
            edge(1, line: .max, sequence: .max), edge(2, line: .max - 1), edge(3, line: .max, sequence: 0, flags: 0),
            edge(.max, line: 0, flags: 0xFF), edge(0, line: .max, sequence: 1),
        ]
        #expect(try GivenSink(encode(given)).given == given)
    }

    @Test func `a cut of edges is detected`() {
        let message = encode((0..<200).map { edge($0 * 1_000, sequence: UInt32($0), flags: UInt8($0 % 2)) })[0]
        for count in 1..<message.bytes.count {
            #expect(throws: ProtoProblem.self, "\(count) bytes") {
                var sink = GivenSink()
                try SpanDecoder.decode(.edges, message.bytes[..<count], into: &sink)
            }
        }
    }

    @Test func `columns that do not fit are a problem`() {
        let bad: [[UInt8]] = [
            [0x0A, 1, 0],  // a time without a line
            [0x0A, 1, 0, 0x12, 1, 1],  // an irregular edge without flags
            [0x0A, 1, 0, 0x12, 1, 0],  // a regular edge of a line without one before
            [0x12, 1, 1],  // a line without a time
            [0x0A, 1, 0, 0x12, 3, 0x81, 0x80, 0x08, 0x1A, 1, 1, 0x22, 1, 1],  // line 65536
            [0x0A, 1, 0, 0x12, 1, 1, 0x1A, 2, 0x80, 0x02, 0x22, 1, 1],  // flags 256
            [0x0A, 1, 0, 0x12, 1, 1, 0x1A, 1, 1, 0x22, 5, 0x80, 0x80, 0x80, 0x80, 0x10],  // number 2^32
            [0x0A, 1, 0, 0x12, 1, 1, 0x1A, 1, 1, 0x22, 1, 1, 0x32, 1, 2, 0x3A, 1, 0],  // a watermark too far behind
            [0x0A, 1, 0, 0x12, 1, 1, 0x1A, 1, 1, 0x22, 1, 1, 0x32, 2, 1, 1, 0x3A, 2, 0, 0],  // two at one place
            [0x0A, 1, 0, 0x12, 1, 1, 0x1A, 1, 1, 0x22, 1, 1, 0x32, 1, 1],  // one without a time
        ]
        for bytes in bad {
            #expect(throws: ProtoProblem.self, "\(bytes)") {
                var sink = GivenSink()
                try SpanDecoder.decode(.edges, bytes[...], into: &sink)
            }
        }
    }

    @Test func `columns may come in pieces`() throws {
        let pieces: [UInt8] = [
            0x08, 0, 0x12, 1, 1, 0x08, 2, 0x10, 0, 0x0A, 2, 2, 2, 0x12, 2, 0, 0, 0x18, 1, 0x20, 5, 0x28, 9,
        ]
        var sink = GivenSink()
        try SpanDecoder.decode(.edges, pieces[...], into: &sink)
        #expect(
            sink.given == [
                edge(9, sequence: 5, flags: 1), edge(10, sequence: 6, flags: 0), edge(11, sequence: 7, flags: 1),
                edge(12, sequence: 8, flags: 0),
            ])
    }

    @Test(arguments: [(UInt64(3), UInt32(2)), (1 << 62, 2), (4, 0), (.max, 1), (0, 2)])
    func `scans of another size are a problem`(count: UInt64, size: UInt32) {
        var writer = ProtoWriter()
        writer.uint64(4, count)
        writer.uint32(5, size)
        writer.bytes(10, [1, 2, 3, 4])
        #expect(throws: ProtoProblem.self) {
            var sink = GivenSink()
            try SpanDecoder.decode(.scans, writer.bytes[...], into: &sink)
        }
    }

    @Test func `a source that is of no known kind of event is skipped`() throws {
        var sink = GivenSink()
        try SpanDecoder.decode(.events, [0x0A, 2, 0x48, 1, 0x0A, 2, 0x38, 5], into: &sink)
        #expect(sink.given == [.watermark(at(5))])
    }
}
