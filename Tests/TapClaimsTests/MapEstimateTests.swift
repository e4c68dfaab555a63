import TapCore
import TapDecode
import Testing

@testable import TapClaims

/// Wires that are known, and registers that are made from them, a poll each second for 20 minutes.
struct MapEstimateTests {
    private struct Rig {
        var wires: [LineTrace]
        var channels: [ChannelTrace]
        var answer: AnswerTrace

        init(wires: [String], channels: [String] = [], registers: Int) {
            self.wires = wires.map { LineTrace($0) }
            let format = ScanFormat(isBigEndian: false, isSigned: true, bits: 16, storageBits: 16)
            let infos = channels.enumerated().map { place, name in
                ChannelInfo(
                    name: name, channel: name, unit: "V", byteOffset: 2 * place, format: format, offset: 0, scale: 1)
            }
            let device = DeviceInfo(
                id: DeviceID(0), name: "adc", method: .simulated, isTimestamped: true, rate_hz: 10,
                bytesPerScan: 2 * max(1, channels.count), channels: infos)
            self.channels = device.samples.map { ChannelTrace($0, unique: true) }
            answer = AnswerTrace(
                AnswerTrace.Question(unit: 1, table: .holdingRegisters, address: 0, count: UInt16(registers)),
                lines: wires.count, channels: channels.count)
        }

        mutating func run(levels: [(Double) -> Bool], values: [(Double) -> Double] = [], words: (Double) -> [UInt16]) {
            var last = levels.map { $0(0) }
            for (wire, isHigh) in last.enumerated() { wires[wire].level(isHigh, at: 0) }
            for step in 1...12_000 {
                let (time, seconds) = (Int64(step) * 100_000_000, Double(step) / 10)
                for wire in levels.indices {
                    let isHigh = levels[wire](seconds)
                    wires[wire].settle(until: time)
                    if isHigh != last[wire] { wires[wire].edge(isRising: isHigh, at: time) }
                    last[wire] = isHigh
                }
                for channel in values.indices { channels[channel].take(values[channel](seconds), at: time) }
                // What the registers hold is a third of a second old.
                if step % 10 == 7 { answer.take(words(seconds - 0.3), at: time, wires, channels) }
            }
            for wire in wires.indices { wires[wire].settle(until: .max) }
        }

        var entries: [MapProposal.Entry] {
            var estimate = MapEstimate(wires: wires, channels: channels, isBusWhole: true)
            estimate.judge(answer)
            return estimate.entries.sorted { $0.order.lexicographicallyPrecedes($1.order) }
        }
    }

    /// Another level after so many seconds, or the same again.
    private static func chance(_ seconds: Double, each period: Double, _ salt: UInt64) -> Bool {
        var number = UInt64(max(0, seconds) / period) &+ salt &* 0x9E37_79B9_7F4A_7C15
        number = (number ^ number >> 30) &* 0xBF58_476D_1CE4_E5B9
        number = (number ^ number >> 27) &* 0x94D0_49BB_1331_11EB
        return (number ^ number >> 31) & 1 == 1
    }

    private static func first(_ seconds: Double) -> Bool { chance(seconds, each: 23, 1) }
    private static func second(_ seconds: Double) -> Bool { chance(seconds, each: 31, 2) }

    /// Up and down between 0 and 2.
    private static func wave(_ seconds: Double, _ period: Double) -> Double {
        let share = (seconds / period).truncatingRemainder(dividingBy: 1)
        return share < 0.5 ? 4 * share : 4 - 4 * share
    }

    private static func value(_ seconds: Double) -> Double { wave(seconds, 170) + wave(seconds, 410) / 2 }

    @Test
    func
        `a bit, an inverted bit, a float with its low word first and a number are found, what rests and what no wire moves are not`()
    {
        var rig = Rig(wires: ["A", "B"], channels: ["X", "Y"], registers: 6)
        rig.run(
            levels: [Self.first, Self.second], values: [Self.value, { Self.wave($0, 97) }]
        ) { time in
            let pattern = Float(12.5 * Self.value(time) - 3).bitPattern
            let other = Self.chance(time, each: 29, 5)
            return [
                (Self.first(time) ? 1 : 0) | (Self.second(time) ? 0 : 2) | (other ? 4 : 0), 7,
                UInt16(truncatingIfNeeded: pattern), UInt16(truncatingIfNeeded: pattern >> 16),
                UInt16(500 + 4_000 * Self.wave(time, 97)), 0,
            ]
        }
        let entries = rig.entries
        #expect(entries.map(\.registers) == ["0.0", "0.1", "0.2", "1", "2-3", "4", "5"])
        #expect(entries.map(\.verdict) == [.sure, .sure, .unexplained, .still, .sure, .sure, .still])
        #expect(entries.map(\.wire) == ["A", "B", nil, nil, "X", "Y", nil])
        #expect(entries[0].relation == .level(isInverted: false))
        #expect(entries[1].relation == .level(isInverted: true))
        #expect(entries[1].lag.map { $0.contains(0.3) } == true)
        #expect(entries[3].constant == 7)
        #expect(entries[4].form == .float && entries[4].isLowFirst)
        guard case .value(let slope, let offset, _) = entries[4].relation else {
            Issue.record("no value")
            return
        }
        #expect(abs(slope - 0.08) < 0.001)
        #expect(abs(offset - 0.24) < 0.01)
        #expect(entries.allSatisfy { $0.rivals.isEmpty })
    }

    @Test func `two wires that are the same are named as rivals, and neither is called sure`() {
        var rig = Rig(wires: ["A", "A2"], channels: ["X", "X2"], registers: 3)
        rig.run(levels: [Self.first, Self.first], values: [Self.value, Self.value]) { time in
            [Self.first(time) ? 1 : 0, UInt16(1_000 * Self.value(time)), UInt16(Self.rises(time))]
        }
        let entries = rig.entries
        #expect(entries.map(\.registers) == ["0.0", "1", "2"])
        #expect(entries.map(\.verdict) == [.probable, .probable, .probable])
        #expect(entries.map(\.rivals) == [["A2"], ["X2"], ["A2"]])
    }

    private static func rises(_ seconds: Double) -> Int {
        (1...max(1, Int(seconds * 10))).count { first(Double($0) / 10) && !first(Double($0 - 1) / 10) }
    }

    @Test func `a counter is found by its steps, and one that only grows with time is not sure`() {
        var rig = Rig(wires: ["A", "PULSE"], registers: 2)
        // A pulse every three seconds, always.
        rig.run(levels: [Self.first, { Int($0 * 10) % 30 < 5 }]) { time in
            [UInt16(Self.rises(time)), UInt16(time / 3) &+ 65_400]
        }
        let entries = rig.entries
        #expect(entries.map(\.wire) == ["A", "PULSE"])
        #expect(entries.map(\.relation) == [.count(perEdge: 1), .count(perEdge: 1)])
        #expect(entries.map(\.verdict) == [.sure, .probable])
        #expect(entries[1].rivals == ["time"])
    }

    @Test func `of a wire that lost edges, and of a bit that moved three times, nothing is called sure`() {
        var rig = Rig(wires: ["A", "B"], registers: 1)
        rig.run(levels: [Self.first, { (100..<300).contains($0) || $0 >= 900 }]) { time in
            [(Self.first(time) ? 1 : 0) | ((100..<300).contains(time) || time >= 900 ? 2 : 0)]
        }
        rig.wires[0].lose(at: 1_200_000_000_000)
        #expect(rig.entries.map(\.wire) == ["A", "B"])
        #expect(rig.entries.map(\.verdict) == [.probable, .probable])
        #expect(rig.entries.map(\.changes)[1] == 3)
    }

    @Test func `of more answers than there is room for every second is kept, and the wires still belong to them`() {
        var answer = AnswerTrace(
            AnswerTrace.Question(unit: 1, table: .coils, address: 0, count: 1), lines: 0, channels: 0)
        for number in 0..<40_000 { answer.take([UInt16(number % 60_000)], at: Int64(number + 1), [], []) }
        #expect(answer.heard == 40_000)
        #expect(answer.stride == 4)
        #expect(answer.rows == 10_000)
        #expect((0..<answer.rows).allSatisfy { answer.times[$0] == Int64(4 * $0 + 1) })
        #expect((0..<answer.rows).allSatisfy { answer.word(0, $0) == UInt16(4 * $0) })
    }
}
