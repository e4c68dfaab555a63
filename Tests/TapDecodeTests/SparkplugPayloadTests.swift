import TapCore
import TestSupport
import Testing

@testable import TapDecode

struct SparkplugPayloadTests {
    /// As mqtt-spb-wrapper 2.1.2 writes it: bdSeq 7, a float, an Int16 of -3, a string of quality 192, a null.
    static let written = bytes(
        "08fbd095ffbc3112120a0562645365711881d095ffbc3120045807121e0a0c496e707574732f4c6576656c10011881d095ffbc31200965"
            + "0000604012160a05636f756e7410021882d095ffbc31200250fdff0312260a046e616d6510031883d095ffbc31200c4a100a07517561"
            + "6c6974791205080318c0017a0161120d0a0362696710041805200838011800")

    static func bytes(_ hex: String) -> [UInt8] {
        var rest = hex[...]
        var bytes: [UInt8] = []
        while !rest.isEmpty {
            bytes.append(UInt8(rest.prefix(2), radix: 16)!)
            rest = rest.dropFirst(2)
        }
        return bytes
    }

    @Test func `a payload of another program has its metrics, values, times and qualities`() throws {
        let payload = try SparkplugPayload(Self.written)
        #expect((payload.timestamp_ms, payload.sequence) == (1_700_000_000_123, 0))
        #expect(payload.metrics.map(\.name) == ["bdSeq", "Inputs/Level", "count", "name", "big"])
        #expect(payload.metrics.map(\.alias) == [nil, 1, 2, 3, 4])
        #expect(payload.metrics.map(\.type) == [4, 9, 2, 12, 8])
        #expect(
            payload.metrics.map(\.timestamp_ms)[1...4] == [1_700_000_000_001, 1_700_000_000_002, 1_700_000_000_003, 5])
        #expect(payload.metrics.map(\.quality) == [nil, nil, nil, 192, nil])
        #expect(payload.metrics.map(\.isNull) == [false, false, false, false, true])
        #expect(
            payload.metrics[0...3].map { $0.claimed(type: nil) } == [.number(7), .number(3.5), .number(-3), .text("a")])
        guard case .number(let null) = payload.metrics[4].claimed(type: nil) else { return #expect(Bool(false)) }
        #expect(null.isNaN)
    }

    @Test func `whole numbers are what their type says, of the pattern they are sent as`() throws {
        // One metric with int_value or long_value.
        func number(_ field: UInt8, _ varint: [UInt8], _ type: UInt64?) throws -> Claim.Value? {
            let metric = [field << 3] + varint
            return try SparkplugPayload([0x12, UInt8(metric.count)] + metric).metrics[0].claimed(type: type)
        }
        let minusOne32: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0x0F]
        let minusOne64: [UInt8] = [UInt8](repeating: 0xFF, count: 9) + [1]
        #expect(try number(10, [0xFF, 1], 1) == .number(-1))
        #expect(try number(10, minusOne32, 1) == .number(-1))
        #expect(try number(10, [0xFF, 0xFF, 3], 2) == .number(-1))
        #expect(try number(10, minusOne32, 3) == .number(-1))
        #expect(try number(11, minusOne64, 4) == .number(-1))
        #expect(try number(10, [0xFF, 1], 5) == .number(255))
        #expect(try number(10, minusOne32, 7) == .number(4_294_967_295))
        #expect(try number(11, minusOne64, 8) == .number(18_446_744_073_709_551_616))
        // Nothing says whether it is signed.
        #expect(try number(10, [3], nil) == nil)
        #expect(try number(10, [3], 19) == nil)
    }

    @Test func `what is no payload has a reason`() {
        func problem(_ bytes: [UInt8]) -> String? {
            do throws(SparkplugPayload.Problem) { _ = try SparkplugPayload(bytes) } catch { return error.what }
            return nil
        }
        #expect(problem([0x08]) == "ends in a value")
        #expect(problem([0x08] + [UInt8](repeating: 0xFF, count: 10)) == "has a number of more than 64 bits")
        #expect(problem([0x12, 5, 1]) == "has a field of 5 bytes, where 1 are left")
        #expect(
            problem([0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1])
                == "has a field of 18446744073709551615 bytes, where 0 are left")
        #expect(problem([0x0B]) == "has a field of wire type 3")
        #expect(problem([0x00, 0x00]) == "has a field of no valid number")
        #expect(problem([0x18, 0x80, 2]) == "has the sequence number 256")
        #expect(problem([0x12, 3, 0x0A, 1, 0xFF]) == "has a text that is no UTF-8")
        #expect(problem([0x22, 18] + Array("SPBV1.0_COMPRESSED".utf8)) == "is compressed")
        #expect(problem([]) == nil)
    }

    @Test func `any bytes give a payload or a reason, and never more metrics than bytes`() {
        var dice = Dice(7 + Soak.seed << 32)
        var payloads = 0
        let rounds = (Soak.number("TAP_FUZZ") ?? 100) * 200
        for _ in 0..<rounds {
            var bytes = Self.written
            for _ in 0...dice.below(4) {
                switch dice.below(4) {
                case 0: bytes[dice.below(bytes.count)] = UInt8(truncatingIfNeeded: dice.next())
                case 1: bytes.insert(UInt8(truncatingIfNeeded: dice.word()), at: dice.below(bytes.count + 1))
                case 2: bytes.removeLast(dice.below(bytes.count))
                default: bytes += bytes.suffix(dice.below(bytes.count))
                }
                if bytes.isEmpty { bytes = [0x12] }
            }
            do throws(SparkplugPayload.Problem) {
                let payload = try SparkplugPayload(bytes)
                #expect(payload.metrics.count <= bytes.count)
                for metric in payload.metrics { _ = metric.claimed(type: UInt64(dice.below(25))) }
                payloads += 1
            } catch { #expect(!error.what.isEmpty) }
        }
        #expect((1..<rounds).contains(payloads))
        Soak.count("changed payloads of Sparkplug B", rounds)
    }
}
