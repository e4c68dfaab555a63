import TapCore
import TestSupport
import Testing

@testable import TapDecode

private let second: UInt64 = 1_000_000_000
private let line = UARTFormat(baud: 9_600)

private func hex(_ text: String) -> [UInt8] { text.split(separator: " ").map { UInt8($0, radix: 16)! } }

/// Frames with a pause before each, through encoder, UART decoder and Modbus decoder.
private func decode(
    _ frames: [(pause: Nanoseconds, bytes: [UInt8])], _ format: UARTFormat = line,
    lost: (from: UInt64, to: UInt64)? = nil
) -> [ModbusFrame] {
    var (uart, modbus, pairing) = (UARTDecoder(format), ModbusDecoder(format), ModbusPairing())
    var found: [ModbusFrame] = []
    let emit: (ModbusFrame) -> Void = { frame in
        var frame = frame
        pairing.read(&frame)
        found.append(frame)
    }
    var transitions: [Transition] = []
    var now = at(second)
    for frame in frames {
        let encoder = UARTEncoder(format, frame.bytes, from: now + frame.pause)
        transitions += encoder
        now = encoder.end
    }
    uart.level(isHigh: true, at: .zero) { modbus.take($0, emit) }
    var isLost = false
    for transition in transitions {
        if let lost, transition.time > at(lost.from), transition.time < at(lost.to) { continue }
        if let lost, !isLost, transition.time >= at(lost.to) {
            isLost = true
            uart.lose(from: at(lost.from), to: at(lost.to)) { modbus.take($0, emit) }
            pairing.forget()
        }
        uart.edge(at: transition.time, isRising: transition.isHigh) { modbus.take($0, emit) }
        modbus.advance(to: uart.settled, emit)
    }
    uart.finish(at: now + .seconds(1)) { modbus.take($0, emit) }
    modbus.advance(to: now + .seconds(1), emit)
    modbus.finish(emit)
    return found
}

private let pause = Nanoseconds.milliseconds(4)

private let requests: [ModbusRequest] = [
    .read(.coils, address: 0x13, count: 37), .read(.discreteInputs, address: 0xC4, count: 2_000),
    .read(.holdingRegisters, address: 0x4082, count: 2), .read(.inputRegisters, address: 8, count: 125),
    .writeCoil(address: 0xAC, isOn: true), .writeCoil(address: 0xFFFF, isOn: false),
    .writeRegister(address: 1, value: 3),
    .writeCoils(address: 19, [true, false, true, true, false, false, true, true, true]),
    .writeRegisters(address: 1, [0x000A, 0x0102]), .maskRegister(address: 4, and: 0xF2, or: 0x25),
    .readWriteRegisters(address: 3, count: 6, writeAddress: 14, [0xFF, 0x1234, 0]), .other(function: 43, [14, 1, 0]),
]

private let responses: [ModbusResponse] = [
    .bits(.coils, (0..<40).map { $0 % 3 == 0 }), .bits(.discreteInputs, (0..<2_000).map { $0 % 7 == 0 }),
    .registers(.holdingRegisters, [0, 3]), .registers(.inputRegisters, (0..<125).map { $0 * 500 }),
    .wroteCoil(address: 0xAC, isOn: true), .wroteCoil(address: 0xFFFF, isOn: false),
    .wroteRegister(address: 1, value: 3), .wroteCoils(address: 19, count: 9), .wroteRegisters(address: 1, count: 2),
    .maskedRegister(address: 4, and: 0xF2, or: 0x25), .readWrittenRegisters([1, 2, 3, 4, 5, 6]),
    .other(function: 43, [14, 1, 1]),
]

@Suite struct ModbusTests {
    @Test func `the CRC is that of the specification`() {
        #expect(ModbusRTU.crc(Array("123456789".utf8)) == 0x4B37)
        #expect(ModbusRTU.crc([0x02, 0x07]) == 0x1241)
        #expect(ModbusRTU.crc(hex("F7 03 40 82 00 02 65 75")) == 0)
    }

    /// The examples of the Application Protocol Specification, section 6.
    @Test(arguments: [
        (ModbusRequest.read(.coils, address: 0x13, count: 0x13), "01 00 13 00 13"),
        (.read(.discreteInputs, address: 0xC4, count: 0x16), "02 00 C4 00 16"),
        (.read(.holdingRegisters, address: 0x6B, count: 3), "03 00 6B 00 03"),
        (.read(.inputRegisters, address: 8, count: 1), "04 00 08 00 01"),
        (.writeCoil(address: 0xAC, isOn: true), "05 00 AC FF 00"),
        (.writeRegister(address: 1, value: 3), "06 00 01 00 03"),
        (
            .writeCoils(address: 0x13, [true, false, true, true, false, false, true, true, true, false]),
            "0F 00 13 00 0A 02 CD 01"
        ),
        (.writeRegisters(address: 1, [0x000A, 0x0102]), "10 00 01 00 02 04 00 0A 01 02"),
        (.maskRegister(address: 4, and: 0xF2, or: 0x25), "16 00 04 00 F2 00 25"),
        (
            .readWriteRegisters(address: 3, count: 6, writeAddress: 14, [0xFF, 0xFF, 0xFF]),
            "17 00 03 00 06 00 0E 00 03 06 00 FF 00 FF 00 FF"
        ),
    ])
    func `requests are written and read as the specification's examples`(_ request: ModbusRequest, _ bytes: String) {
        #expect(request.bytes == hex(bytes))
        #expect(ModbusRequest(hex(bytes)) == request)
    }

    @Test(arguments: [
        (ModbusResponse.registers(.holdingRegisters, [0x022B, 0, 0x64]), "03 06 02 2B 00 00 00 64"),
        (.wroteRegisters(address: 1, count: 2), "10 00 01 00 02"), (.exception(function: 1, code: 2), "81 02"),
        (.readWrittenRegisters([0xFE, 0x0ACD]), "17 04 00 FE 0A CD"),
    ])
    func `responses are written and read as the specification's examples`(_ response: ModbusResponse, _ bytes: String) {
        #expect(response.bytes == hex(bytes))
        #expect(ModbusResponse(hex(bytes)) == response)
    }

    @Test(arguments: [
        "03 00 6B 00 00", "03 00 6B 00 7E", "05 00 AC 12 00", "10 00 01 00 02 03 00 0A 01", "03 00 6B 00",
    ])
    func `what does not fit a function is no request`(_ bytes: String) { #expect(ModbusRequest(hex(bytes)) == nil) }

    @Test func `every request is paired with its response`() {
        var frames: [(Nanoseconds, [UInt8])] = []
        for (request, response) in zip(requests, responses) {
            frames.append((.milliseconds(50), ModbusRTU.frame(unit: 17, request: request)))
            frames.append((.milliseconds(5), ModbusRTU.frame(unit: 17, response: response)))
        }
        let found = decode(frames)
        #expect(found.map(\.bytes) == frames.map(\.1))
        #expect(found.allSatisfy { $0.faults == [] && $0.unit == 17 })
        for (index, (request, response)) in zip(requests, responses).enumerated() {
            #expect(found[2 * index].role == .request(request))
            guard case .response(response, to: request, after: let after?) = found[2 * index + 1].role else {
                Issue.record("\(found[2 * index + 1])")
                continue
            }
            #expect((after - .milliseconds(5)).count.magnitude <= 1)
        }
    }

    @Test func `an exception answers any function`() {
        for request in requests {
            let found = decode([
                (pause, ModbusRTU.frame(unit: 1, request: request)),
                (pause, ModbusRTU.frame(unit: 1, response: .exception(function: request.function, code: 4))),
            ])
            guard case .response(.exception(request.function, code: 4), to: request, after: _) = found[1].role else {
                Issue.record("\(found)")
                continue
            }
        }
    }

    @Test func `what answers another unit, another count, too late, or a call to all is no answer`() {
        let ask = ModbusRequest.read(.holdingRegisters, address: 0, count: 2)
        let answer = ModbusResponse.registers(.holdingRegisters, [1, 2])
        let alone = ModbusFrame.Role.response(answer, to: nil, after: nil)
        for (unit, count, gap, answering) in [(2, 2, 4, 1), (1, 3, 4, 1), (1, 2, 1_100, 1), (0, 2, 4, 0)]
            as [(UInt8, UInt16, Int64, UInt8)]
        {
            let asked = ModbusRequest.read(.holdingRegisters, address: 0, count: count)
            let found = decode([
                (pause, ModbusRTU.frame(unit: unit, request: asked)),
                (.milliseconds(gap), ModbusRTU.frame(unit: answering, response: answer)),
            ])
            #expect(found.map(\.role) == [.request(asked), alone])
        }
        // A client that asks once more.
        let found = decode([
            (pause, ModbusRTU.frame(unit: 1, request: ask)), (pause, ModbusRTU.frame(unit: 1, request: ask)),
            (pause, ModbusRTU.frame(unit: 1, response: answer)),
        ])
        // A character's end is rounded on its own.
        let after = pause - Nanoseconds(1)
        #expect(found.map(\.role) == [.request(ask), .request(ask), .response(answer, to: ask, after: after)])
    }

    @Test func `silences are those of the specification`() {
        // 8n1 has 10 bits.
        #expect(ModbusRTU.silences(line).within == Nanoseconds(1_562_500))
        #expect(ModbusRTU.silences(line).between == Nanoseconds(3_645_833))
        #expect(ModbusRTU.silences(UARTFormat(baud: 19_200, parity: .even)).between == Nanoseconds(2_005_208))
        for baud in [19_201, 38_400, 1_000_000] {
            let silences = ModbusRTU.silences(UARTFormat(baud: baud))
            #expect(silences.within == .microseconds(750) && silences.between == .microseconds(1_750))
        }
    }

    /// As on a bus without bias resistors, which nobody drives between frames.
    @Test func `a frame whose CRC fits ends where a break or a stray byte joins it to the next`() {
        let ask = ModbusRequest.read(.holdingRegisters, address: 1_000, count: 2)
        let answer = ModbusResponse.registers(.holdingRegisters, [0x5266, 0x5707])
        let (asked, answered) = (ModbusRTU.frame(unit: 1, request: ask), ModbusRTU.frame(unit: 1, response: answer))
        let short = Nanoseconds.milliseconds(1)
        for (stray, gap) in [([], 0), ([0xFE], 0), ([0xFE], 2), ([0x00, 0xFE, 0x01], 1)] as [([UInt8], Int64)] {
            let found = decode([
                (pause, stray + asked + stray), (.milliseconds(gap), answered), (.milliseconds(gap), stray),
                (short, asked),
            ])
            let frames = found.filter { $0.role != .stray }
            #expect(frames.map(\.bytes) == [asked, answered, asked])
            #expect(frames.map(\.faults) == [stray.isEmpty ? [] : .early, .early, .early])
            guard case .response(answer, to: ask, after: _) = frames[1].role else {
                Issue.record("\(frames)")
                continue
            }
            // Every byte is in one.
            #expect(found.flatMap(\.bytes) == stray + asked + stray + answered + stray + asked)
        }
    }

    @Test func `a break ends a frame whose CRC fits, and no frame goes on across one`() {
        let format = line
        let bytes = ModbusRTU.frame(unit: 1, request: .writeRegister(address: 1, value: 2))
        func found(breakAfter count: Int) -> [ModbusFrame] {
            var decoder = ModbusDecoder(format)
            var frames: [ModbusFrame] = []
            var now = at(second)
            for (index, byte) in (bytes + bytes).enumerated() {
                if index == count {
                    let end = now + .milliseconds(3)
                    decoder.take(UARTCharacter(start: now, end: end, value: 0, flags: .breakCondition)) {
                        frames.append($0)
                    }
                    now = end
                }
                let end = now + format.span(ofCharacters: 1)
                decoder.take(UARTCharacter(start: now, end: end, value: UInt16(byte))) { frames.append($0) }
                now = end
            }
            decoder.finish { frames.append($0) }
            return frames
        }
        #expect(found(breakAfter: 8).map(\.bytes) == [bytes, bytes])
        #expect(found(breakAfter: 8).map(\.faults) == [[], .early])
        let torn = found(breakAfter: 5)
        #expect(torn.map(\.bytes) == [Array(bytes[..<5]), Array(bytes[5...]), bytes])
        #expect(torn.map(\.faults) == [.crc, [.tooShort, .early], .early])
    }

    @Test func `frames joined for longer than any frame are all found`() {
        let bytes = (0..<100).flatMap {
            ModbusRTU.frame(unit: 1, request: .writeRegisters(address: $0, [UInt16](repeating: $0, count: 20))) + [0xFE]
        }
        let found = decode([(pause, bytes)])
        #expect(found.filter(\.isCRCRight).count == 100)
        #expect(found.count { $0.role == .stray } == 100)
        #expect(found.flatMap(\.bytes) == bytes)
    }

    @Test func `a response on another line is paired with its request`() {
        let ask = ModbusRequest.read(.coils, address: 1, count: 1)
        let answer = ModbusResponse.bits(.coils, [Bool](repeating: false, count: 8))
        var pairing = ModbusPairing(lines: 2)
        func frame(_ bytes: [UInt8], from: UInt64, to: UInt64) -> ModbusFrame {
            ModbusFrame(start: at(from), end: at(to), bytes: bytes, faults: [], role: .unreadable)
        }
        var request = frame(ModbusRTU.frame(unit: 1, request: ask), from: 0, to: 100)
        var early = frame(ModbusRTU.frame(unit: 1, response: answer), from: 50, to: 150)
        var response = frame(ModbusRTU.frame(unit: 1, response: answer), from: 200, to: 300)
        pairing.read(&request, line: 0)
        pairing.read(&early, line: 1)
        pairing.read(&response, line: 1)
        #expect(request.role == .request(ask))
        #expect(early.role == .response(answer, to: nil, after: nil))
        #expect(response.role == .response(answer, to: ask, after: Nanoseconds(100)))
    }

    @Test func `a request that is repeated on a line of requests is no response`() {
        let write = ModbusRequest.writeRegister(address: 7, value: 9)
        let echo = ModbusResponse(ModbusRTU.frame(unit: 1, request: write)[1..<6])
        let bytes = ModbusRTU.frame(unit: 1, request: write)
        var pairing = ModbusPairing(lines: 2)
        // Line 0 asks and line 1 answers; then nobody answers until the third time.
        let sent: [(line: Int, from: UInt64)] = [
            (0, 0), (1, 200), (0, 400), (0, 600), (0, 800), (1, 1_000), (1, 1_200),
        ]
        let roles = sent.map { line, from -> String in
            var frame = ModbusFrame(
                start: at(from), end: at(from + 100), bytes: bytes, faults: [], role: .unreadable)
            pairing.read(&frame, line: line)
            return switch frame.role {
            case .request: "request"
            case .response(_, to: nil, after: _): "response to nothing"
            case .response: "response"
            default: "unreadable"
            }
        }
        #expect(echo != nil)
        #expect(
            roles == ["request", "response", "request", "request", "request", "response", "response to nothing"])
        // One wire for both: an echo is the answer.
        var bus = ModbusPairing(lines: 2)
        let onBus = ([0, 200] as [UInt64]).map { from -> ModbusFrame.Role in
            var frame = ModbusFrame(
                start: at(from), end: at(from + 100), bytes: bytes, faults: [], role: .unreadable)
            bus.read(&frame, line: 0)
            return frame.role
        }
        #expect(onBus[0] == .request(write))
        #expect(onBus[1] != .request(write))
    }

    @Test func `a silence within a frame is a fault, and a short one between frames too`() {
        let bytes = ModbusRTU.frame(unit: 1, request: .writeRegister(address: 1, value: 2))
        let (head, tail) = (Array(bytes[..<5]), Array(bytes[5...]))
        // Within t1.5 nothing is amiss; up to t3.5 it is; from then on these are two frames.
        #expect(decode([(pause, head), (Nanoseconds(1_562_000), tail)]).map(\.faults) == [[]])
        #expect(decode([(pause, head), (Nanoseconds(1_563_000), tail)]).map(\.faults) == [.silence])
        #expect(decode([(pause, head), (Nanoseconds(3_640_000), tail)]).map(\.faults) == [.silence])
        #expect(decode([(pause, head), (Nanoseconds(3_646_000), tail)]).map(\.faults) == [.crc, .tooShort])
        #expect(decode([(pause, bytes), (Nanoseconds(3_646_000), bytes)]).map(\.faults) == [[], []])
        #expect(decode([(pause, bytes), (Nanoseconds(3_640_000), bytes)]).map(\.faults) == [[], .early])
        #expect(decode([(pause, bytes), (Nanoseconds(1_500_000), bytes)]).map(\.faults) == [[], .early])
    }

    @Test func `a frame with a wrong bit is reported and not read`() {
        var bytes = ModbusRTU.frame(unit: 1, request: .writeRegister(address: 1, value: 2))
        bytes[3] ^= 4
        let found = decode([(pause, bytes)])
        #expect(found.map(\.faults) == [.crc])
        #expect(found.map(\.role) == [.unreadable])
        #expect(found[0].bytes == bytes)
    }

    @Test func `a frame of 256 bytes is whole and one of 257 too long`() {
        let data = [UInt8](repeating: 0x55, count: 253)
        let longest = ModbusRTU.frame(unit: 1, request: .other(function: 100, Array(data[1...])))
        #expect(longest.count == 256)
        #expect(decode([(pause, longest)]).map(\.faults) == [[]])
        let found = decode([(pause, ModbusRTU.frame(unit: 1, request: .other(function: 100, data))), (pause, longest)])
        #expect(found.map { $0.faults.contains(.tooLong) } == [true, false])
        #expect(found[0].bytes.count == 256)
    }

    @Test func `a loss makes its frame unknown, and the next answer unpaired`() {
        let ask = ModbusRTU.frame(unit: 1, request: .read(.inputRegisters, address: 0, count: 1))
        let answer = ModbusRTU.frame(unit: 1, response: .registers(.inputRegisters, [7]))
        let start = second + UInt64(pause.count)
        let found = decode([(pause, ask), (pause, answer)], lost: (start + 3_000_000, start + 4_000_000))
        #expect(found.dropLast().allSatisfy { $0.faults.contains(.unknown) })
        #expect(found.count >= 2)
        #expect(found.last?.faults == [])
        #expect(found.last?.role == .response(.registers(.inputRegisters, [7]), to: nil, after: nil))
    }

    @Test func `garbage makes no trap and no frame longer than 256 bytes`() {
        for seed in 1...60 as ClosedRange<UInt64> {
            var dice = Dice(seed)
            var decoder = ModbusDecoder(UARTFormat(baud: Int.random(in: 1...1_000_000, using: &dice)))
            var wrong: [ModbusFrame] = []
            var now: UInt64 = seed % 5 == 0 ? .max - 1_000_000 : 0
            for _ in 0..<1_000 {
                let emit: (ModbusFrame) -> Void = { frame in
                    if !(1...256).contains(frame.bytes.count) { wrong.append(frame) }
                    if case .unreadable = frame.role { return }
                    if !frame.isCRCRight { wrong.append(frame) }
                }
                let length = UInt64.random(in: 0...1_000_000, using: &dice)
                let character = UARTCharacter(
                    start: at(now), end: at(now &+ length), value: UInt16.random(in: 0...0x1FF, using: &dice),
                    flags: .random(in: 0...30, using: &dice) == 0
                        ? UARTCharacter.Flags(rawValue: .random(in: 0...63, using: &dice)) : [])
                decoder.take(character, emit)
                if dice.next() % 50 == 0 { decoder.advance(to: at(dice.next()), emit) }
                now = now &+ length &+ (dice.next() % 60 == 0 ? 100_000_000 : 0)
            }
            #expect(wrong == [])
        }
    }

    @Test func `random bodies are read without a trap, and read ones are written the same`() {
        var dice = Dice(7)
        var wrong: [[UInt8]] = []
        for _ in 0..<30_000 {
            let body = (0..<Int.random(in: 0...14, using: &dice)).map { index in
                index == 0 ? UInt8.random(in: 0...24, using: &dice) : UInt8.random(in: 0...8, using: &dice)
            }
            if let request = ModbusRequest(body), request.function != 15, request.bytes != body { wrong.append(body) }
            if let response = ModbusResponse(body), response.bytes != body { wrong.append(body) }
        }
        #expect(wrong == [])
    }
}
