import TapCore
import TapDecode
import TestSupport
import Testing

@testable import TapFormats

private let second: UInt64 = 1_000_000_000

/// Two lines; the second is the serial one, and begins at 1 s.
private let header = SessionHeader(
    version: "0", board: "b", origin: at(second), fix: nil, kernel: "",
    sources: [
        SourceInfo(
            name: "file", provenance: .replayed, clock: ClockDomain(.file), capabilities: .edges,
            lines: [LineInfo(id: LineID(0), name: "X"), LineInfo(id: LineID(1), name: "BUS")])
    ])

/// What is written below the head of transitions of the second line, of gaps, and of noise on the first.
private func list(
    _ format: UARTFormat, isModbus: Bool = false, _ style: SerialListing.Style, _ transitions: [Transition],
    gaps: [Gap] = [], end: UInt64?
) throws -> (text: [String], counts: SerialListing.Counts) {
    let memory = MemoryOutput()
    var listing = SerialListing(
        header, [header.lines[1]], format, isModbus: isModbus, style, to: ByteWriter(memory))
    listing.event(
        .level(Level(line: LineID(1), isHigh: true, reason: .first, notBefore: at(second), notAfter: at(second))))
    var gaps = gaps[...]
    for (number, transition) in transitions.enumerated() {
        while let gap = gaps.first, gap.discovered <= transition.time {
            listing.event(.gap(gap))
            gaps.removeFirst()
        }
        listing.edge(Edge(time: transition.time, line: LineID(0), sequence: 1, flags: []))
        listing.edge(
            Edge(
                time: transition.time, line: LineID(1), sequence: UInt32(number),
                flags: transition.isHigh ? .rising : []))
    }
    if let end { listing.captureEnded(at: at(end)) }
    try listing.finish(at: .zero)
    let counts = listing.counts[0]
    let text = memory.text.split(separator: "\n").map(String.init)
    return (Array(text.dropFirst(style == .text ? 2 : 1)), counts)
}

@Suite struct SerialListingTests {
    private let slow = UARTFormat(baud: 1_000)

    @Test func `characters in text`() throws {
        var transitions = Array(UARTEncoder(slow, [0x41, 0x00] as [UInt8], from: at(2 * second)))
        transitions += UARTEncoder(
            UARTFormat(baud: 1_000, dataBits: 9), [0x0FE] as [UInt16], from: at(2 * second + 40_000_000))
        transitions += [
            Transition(time: at(3 * second), isHigh: false),
            Transition(time: at(3 * second + 15_000_000), isHigh: true),
            Transition(time: at(4 * second), isHigh: false), Transition(time: at(4 * second + 100_000), isHigh: true),
        ]
        let (text, counts) = try list(slow, .text, transitions, end: 5 * second)
        #expect(
            text == [
                "     1.000000000  BUS  41  A", "     1.010000000  BUS  00", "     1.040000000  BUS  FE  (no stop bit)",
                "     2.000000000  BUS  break  15 ms", "     3.000000000  BUS  false start  100 us",
            ])
        #expect(counts == SerialListing.Counts(characters: 3, charactersInError: 1, breaks: 1, falseStarts: 1))
    }

    @Test func `characters in JSON, and a loss`() throws {
        let transitions = Array(UARTEncoder(slow, [0x41, 0x41] as [UInt8], from: at(2 * second)))
        let gap = Gap(
            .kernelQueueOverflow, .line(LineID(1)), .exactly(1), discovered: at(2 * second + 8_000_000),
            from: at(2 * second + 2_000_000), to: at(2 * second + 8_000_000))
        let kept = transitions.filter { $0.time <= gap.from || $0.time >= gap.to }
        let (text, counts) = try list(slow, .json, kept, gaps: [gap], end: 3 * second)
        #expect(
            text == [
                "{\"t_ns\":2000000000,\"end_ns\":2008000000,\"line\":\"BUS\",\"unknown\":true}",
                "{\"t_ns\":2008000000,\"end_ns\":2018000000,\"line\":\"BUS\",\"value\":5,\"errors\":[\"perhaps-out-of-step\"]}",
                "{\"t_ns\":2018000000,\"end_ns\":2028000000,\"line\":\"BUS\",\"value\":255,\"errors\":[\"perhaps-out-of-step\"]}",
            ])
        #expect(counts.unknown == 1)
    }

    @Test func `a character that nobody saw the end of is unknown`() throws {
        let transitions = Array(UARTEncoder(slow, [0x41] as [UInt8], from: at(2 * second)).prefix(3))
        let (text, _) = try list(slow, .text, transitions, end: nil)
        #expect(text == ["     1.000000000  BUS  LOSS  data unknown, 2 ms"])
    }

    private func exchange(_ request: ModbusRequest, _ response: ModbusResponse) -> [Transition] {
        let format = UARTFormat(baud: 9_600)
        let asked = UARTEncoder(format, ModbusRTU.frame(unit: 247, request: request), from: at(2 * second))
        let answered = UARTEncoder(
            format, ModbusRTU.frame(unit: 247, response: response), from: asked.end + .milliseconds(5))
        return Array(asked) + Array(answered)
    }

    @Test func `frames in text`() throws {
        let transitions = exchange(
            .read(.holdingRegisters, address: 0x4082, count: 2), .registers(.holdingRegisters, [0, 3]))
        let (text, counts) = try list(UARTFormat(baud: 9_600), isModbus: true, .text, transitions, end: 3 * second)
        #expect(
            text == [
                "     1.000000000  BUS  unit 247 request: read 2 holding registers from 0x4082  [F7 03 40 82 00 02 65 75]",
                "     1.013333333  BUS  unit 247 response: holding registers from 0x4082: 0 3, after 5 ms  [F7 03 04 00 00 00 03 2C 3D]",
            ])
        #expect(counts == SerialListing.Counts(characters: 17, requests: 1, responses: 1))
    }

    @Test func `frames in JSON`() throws {
        let transitions = exchange(
            .read(.coils, address: 19, count: 3), .bits(.coils, [true, false, true]))
        let (text, _) = try list(UARTFormat(baud: 9_600), isModbus: true, .json, transitions, end: 3 * second)
        #expect(
            text == [
                "{\"t_ns\":2000000000,\"end_ns\":2008333334,\"line\":\"BUS\",\"unit\":247,\"role\":\"request\",\"function\":1,\"action\":\"read\",\"table\":\"coils\",\"address\":19,\"count\":3,\"faults\":[],\"bytes\":\"f701001300039958\"}",
                "{\"t_ns\":2013333333,\"end_ns\":2019583333,\"line\":\"BUS\",\"unit\":247,\"role\":\"response\",\"function\":1,\"action\":\"read\",\"table\":\"coils\",\"address\":19,\"values\":[1,0,1],\"after_ns\":4999999,\"faults\":[],\"bytes\":\"f7010105a203\"}",
            ])
        let refused = exchange(.writeCoil(address: 1, isOn: true), .exception(function: 5, code: 2))
        let (second, _) = try list(UARTFormat(baud: 9_600), isModbus: true, .json, refused, end: 3 * 1_000_000_000)
        #expect(
            second[1].contains(
                "\"function\":5,\"action\":\"refuse\",\"exception\":2,\"exception_is\":\"illegal-data-address\""))
    }

    @Test func `a capture that begins within a transmission is in doubt, not in error`() throws {
        let bytes = [UInt8]((0..<56).map { 0x41 + $0 % 26 })
        // The first start bit is the first edge, and nothing rests until the end.
        let transitions = Array(UARTEncoder(slow, bytes, from: at(second + 1)))
        let (text, counts) = try list(slow, .text, transitions, end: 3 * second)
        #expect(text.count == 56 && text[0].hasSuffix("BUS  41  A  (perhaps out of step)"))
        #expect(counts == SerialListing.Counts(characters: 56, charactersInDoubt: 56))
    }

    /// A request on one wire, its response on the other, and what each says in between.
    @Test(arguments: [1, 1_000]) func `two wires are listed together by time`(_ recordsInABatch: Int) throws {
        let format = UARTFormat(baud: 9_600)
        let ask = ModbusRequest.read(.coils, address: 19, count: 3)
        var transitions: [(line: UInt16, change: Transition)] = []
        var now = at(2 * second)
        for _ in 0..<3 {
            let asked = UARTEncoder(format, ModbusRTU.frame(unit: 9, request: ask), from: now)
            let answered = UARTEncoder(
                format, ModbusRTU.frame(unit: 9, response: .bits(.coils, [true, false, true])),
                from: asked.end + .milliseconds(5))
            transitions += asked.map { (1, $0) } + answered.map { (0, $0) }
            now = answered.end + .milliseconds(100)
        }
        let memory = MemoryOutput()
        var listing = SerialListing(
            header, header.lines.reversed(), format, isModbus: true, .text, to: ByteWriter(memory))
        for (number, (line, change)) in transitions.enumerated() {
            listing.edge(
                Edge(
                    time: change.time, line: LineID(line), sequence: UInt32(number),
                    flags: change.isHigh ? .rising : []))
            if number % recordsInABatch == 0 { try listing.batchEnded(at: .zero) }
        }
        listing.captureEnded(at: now)
        try listing.finish(at: .zero)
        let lines = memory.text.split(separator: "\n").map(String.init)
        #expect(lines[0].contains("lines BUS, X: Modbus RTU"))
        #expect(lines.count == 8)
        for (index, line) in lines.dropFirst(2).enumerated() {
            #expect(
                line.contains(
                    index % 2 == 0
                        ? "  BUS  unit 9 request: read 3 coils from 0x0013  ["
                        : "  X  unit 9 response: coils from 0x0013: 1 0 1, after 5 ms  ["))
        }
        #expect(listing.counts.map(\.requests) == [3, 0] && listing.counts.map(\.responses) == [0, 3])
    }

    @Test func `the shortest pulses say which speed it is`() throws {
        let sent = UARTFormat(baud: 38_400)
        let bytes = [UInt8]((0..<200).map { UInt8(truncatingIfNeeded: $0 &* 37) })
        for (baud, hint) in [(9_600, 38_400), (115_200, 38_400), (38_400, nil)] as [(Int, Int?)] {
            let memory = MemoryOutput()
            var listing = SerialListing(
                header, [header.lines[1]], UARTFormat(baud: baud), isModbus: false, .text, to: ByteWriter(memory))
            for transition in UARTEncoder(sent, bytes, from: at(2 * second)) {
                listing.edge(
                    Edge(
                        time: transition.time, line: LineID(1), sequence: 1,
                        flags: transition.isHigh ? .rising : []))
            }
            listing.captureEnded(at: at(3 * second))
            #expect(listing.hints[0]?.baud == hint)
        }
    }
}
