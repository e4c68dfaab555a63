import TapConfig
import TapCore
import TapDecode
import TestSupport
import Testing

@testable import TapClaims

/// Payloads as protobuf, field by field.
private struct Message {
    var bytes: [UInt8] = []

    static func varint(_ value: UInt64) -> [UInt8] {
        value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + varint(value >> 7)
    }

    func with(_ field: UInt64, _ value: UInt64) -> Message {
        Message(bytes: bytes + Self.varint(field << 3) + Self.varint(value))
    }

    func with(_ field: UInt64, _ value: [UInt8]) -> Message {
        Message(bytes: bytes + Self.varint(field << 3 | 2) + Self.varint(UInt64(value.count)) + value)
    }

    static func metric(_ name: String?, alias: UInt64? = nil, type: UInt64? = nil, whole: UInt64) -> [UInt8] {
        var metric = Message()
        if let name { metric = metric.with(1, Array(name.utf8)) }
        if let alias { metric = metric.with(2, alias) }
        metric = metric.with(3, 1_700_000_000_001)
        if let type { metric = metric.with(4, type) }
        return metric.with(11, whole).bytes
    }

    static func payload(_ sequence: UInt64?, _ metrics: [[UInt8]]) -> [UInt8] {
        var payload = Message().with(1, 1_700_000_000_123)
        for metric in metrics { payload = payload.with(2, metric) }
        return (sequence.map { payload.with(3, $0) } ?? payload).bytes
    }

    static let bdSeq7 = metric("bdSeq", type: 4, whole: 7)
    static let birth = payload(0, [bdSeq7, metric("level", alias: 1, type: 4, whole: 10)])
    static let deviceBirth = payload(1, [metric("count", alias: 2, type: 4, whole: 20)])
}

struct SparkplugNodesTests {
    typealias Outcome = SparkplugNodes.Outcome
    private var nodes = SparkplugNodes([
        (0, "level", SparkplugNode(group: "plant", node: "edge")),
        (1, "count", SparkplugNode(group: "plant", node: "edge", device: "plc")),
    ])

    /// At this second, without what is said for people.
    private mutating func hear(_ topic: String, _ bytes: [UInt8]?, at second: Int64) -> [Outcome] {
        var outcomes: [Outcome] = []
        nodes.hear("spBv1.0/plant/\(topic)", bytes, at: .zero + .seconds(second)) { outcomes.append($0) }
        return outcomes.filter { if case .said = $0 { false } else { true } }
    }

    private static func second(_ second: Int64) -> Timestamp { .zero + .seconds(second) }

    private static func claim(_ tag: Int, _ value: Double) -> Outcome {
        .claim(tag, .number(value), quality: nil, sampled_ms: 1_700_000_000_001, sent_ms: 1_700_000_000_123)
    }

    private mutating func bear() {
        _ = hear("NBIRTH/edge", Message.birth, at: 1)
        _ = hear("DBIRTH/edge/plc", Message.deviceBirth, at: 2)
    }

    @Test mutating func `one subscription a node has all that it and its devices say`() {
        #expect(nodes.topics == ["spBv1.0/plant/+/edge/#"])
    }

    @Test mutating func `a birth claims its values and says what aliases stand for`() {
        #expect(
            hear("NBIRTH/edge", Message.birth, at: 1) == [
                .unknown(1, from: Self.second(1)), .known(0), .known(0), Self.claim(0, 10),
            ])
        #expect(hear("DBIRTH/edge/plc", Message.deviceBirth, at: 2) == [.known(1), .known(1), Self.claim(1, 20)])
        #expect(
            hear("NDATA/edge", Message.payload(2, [Message.metric(nil, alias: 1, whole: 11)]), at: 3) == [
                .known(0), Self.claim(0, 11),
            ])
        // A number of the node, which the device has too.
        #expect(
            hear("DDATA/edge/plc", Message.payload(3, [Message.metric(nil, alias: 2, whole: 21)]), at: 4) == [
                .known(1), Self.claim(1, 21),
            ])
    }

    @Test mutating func `an alias without a birth is unknown, once, until the next birth`() {
        let data = Message.payload(9, [Message.metric(nil, alias: 1, whole: 11)])
        #expect(hear("NDATA/edge", data, at: 1) == [.unknown(0, from: Self.second(1))])
        #expect(hear("NDATA/edge", Message.payload(10, [Message.metric(nil, alias: 1, whole: 12)]), at: 2) == [])
        // A name needs no birth, but for a whole number its type.
        #expect(
            hear("NDATA/edge", Message.payload(11, [Message.metric("level", type: 4, whole: 13)]), at: 3) == [
                .known(0), Self.claim(0, 13),
            ])
        #expect(
            hear("NDATA/edge", Message.payload(12, [Message.metric("level", whole: 14)]), at: 4) == [
                .unknown(0, from: Self.second(4))
            ])
        bear()
        #expect(
            hear("NDATA/edge", Message.payload(2, [Message.metric(nil, alias: 1, whole: 15)]), at: 5) == [
                .known(0), Self.claim(0, 15),
            ])
        // One that the birth does not have: another was missed.
        #expect(
            hear("NDATA/edge", Message.payload(3, [Message.metric(nil, alias: 7, whole: 1)]), at: 6) == [
                .unknown(0, from: Self.second(6))
            ])
        #expect(hear("NDATA/edge", Message.payload(4, [Message.metric(nil, alias: 1, whole: 16)]), at: 7) == [])
    }

    @Test mutating func `a hole in the numbers is a loss of all that the node and its devices say`() {
        bear()
        let data = Message.payload(4, [Message.metric(nil, alias: 1, whole: 11)])
        #expect(
            hear("NDATA/edge", data, at: 5) == [
                .missed(0, from: Self.second(2)), .missed(1, from: Self.second(2)), .known(0), Self.claim(0, 11),
            ])
        for (step, sequence) in (UInt64(5)...258).enumerated() {
            let wrapped = Message.payload(sequence % 256, [Message.metric(nil, alias: 1, whole: sequence)])
            #expect(hear("NDATA/edge", wrapped, at: 6 + Int64(step)) == [.known(0), Self.claim(0, Double(sequence))])
        }
    }

    @Test mutating func `a death ends what is known, from the last message on`() {
        bear()
        #expect(hear("DDEATH/edge/plc", Message.payload(2, []), at: 3) == [.unknown(1, from: Self.second(3))])
        // Of a birth before: what is alive shows itself.
        let old = Message.payload(nil, [Message.metric("bdSeq", type: 4, whole: 6)])
        #expect(
            hear("NDEATH/edge", old, at: 4) == [.missed(0, from: Self.second(4)), .missed(1, from: Self.second(4))])
        #expect(
            hear("NDATA/edge", Message.payload(3, [Message.metric(nil, alias: 1, whole: 11)]), at: 5) == [
                .known(0), Self.claim(0, 11),
            ])
        let death = Message.payload(nil, [Message.bdSeq7])
        #expect(
            hear("NDEATH/edge", death, at: 9) == [.unknown(0, from: Self.second(5)), .unknown(1, from: Self.second(5))])
        #expect(
            hear("NDATA/edge", Message.payload(4, [Message.metric(nil, alias: 1, whole: 12)]), at: 10) == [
                .unknown(0, from: Self.second(10))
            ])
    }

    @Test mutating func `what was not heard for a while needs a birth again`() {
        bear()
        nodes.forget()
        #expect(
            hear("NDATA/edge", Message.payload(2, [Message.metric(nil, alias: 1, whole: 11)]), at: 3) == [
                .unknown(0, from: Self.second(3))
            ])
    }

    @Test mutating func `a message that cannot be read is a loss, and a birth of one is no birth`() {
        bear()
        #expect(hear("NDATA/edge", [0x12, 5], at: 3) == [.missed(0, from: Self.second(3))])
        #expect(hear("NDATA/edge", nil, at: 4) == [.missed(0, from: Self.second(4))])
        #expect(
            hear("NDATA/edge", Message.payload(99, [Message.metric(nil, alias: 1, whole: 11)]), at: 5) == [
                .known(0), Self.claim(0, 11),
            ])
        #expect(hear("DBIRTH/edge/plc", [0xFF], at: 6) == [.unknown(1, from: Self.second(6))])
        #expect(
            hear("NBIRTH/edge", [0xFF], at: 7) == [
                .unknown(0, from: Self.second(7)), .unknown(1, from: Self.second(7)),
            ])
        #expect(
            hear("NDATA/edge", Message.payload(1, [Message.metric(nil, alias: 1, whole: 12)]), at: 8) == [
                .unknown(0, from: Self.second(8))
            ])
    }

    @Test mutating func `what is of others, historical or a command claims nothing`() {
        bear()
        let value = Message.payload(2, [Message.metric("level", type: 4, whole: 99)])
        for topic in [
            "NCMD/edge", "NDATA/other", "STATE/host", "NDATA/edge/plc", "DDATA/edge", "NDATA", "NDATA/edge/plc/x",
        ] {
            #expect(hear(topic, value, at: 3) == [])
        }
        #expect(hear("DDATA/edge/other", value, at: 3) == [])
        let old = Message(bytes: Message.metric(nil, alias: 1, whole: 11)).with(5, 1).bytes
        #expect(hear("NDATA/edge", Message.payload(3, [old]), at: 4) == [])
        #expect(nodes.historical == 1)
        let null = Message().with(2, 1).with(7, 1).bytes
        guard
            case .claim(0, .number(let number), quality: 0, sampled_ms: nil, sent_ms: 1_700_000_000_123) = hear(
                "NDATA/edge", Message.payload(4, [null]), at: 5
            ).last
        else { return #expect(Bool(false)) }
        #expect(number.isNaN)
    }

    @Test mutating func `any messages leave a state that a birth puts right`() {
        var dice = Dice(11 + Soak.seed << 32)
        let rounds = (Soak.number("TAP_FUZZ") ?? 100) * 200
        let kinds = [
            "NBIRTH/edge", "NDATA/edge", "NDEATH/edge", "DBIRTH/edge/plc", "DDATA/edge/plc", "DDEATH/edge/plc",
        ]
        let seeds = [
            Message.birth, Message.deviceBirth, Message.payload(2, [Message.metric(nil, alias: 1, whole: 11)]),
        ]
        for round in 0..<rounds {
            var bytes = seeds[dice.below(seeds.count)]
            for _ in 0..<dice.below(3) { bytes[dice.below(bytes.count)] = UInt8(truncatingIfNeeded: dice.next()) }
            _ = hear(kinds[dice.below(kinds.count)], bytes, at: Int64(round))
            guard round % 1_000 == 999 else { continue }
            #expect(hear("NBIRTH/edge", Message.birth, at: Int64(round)).last == Self.claim(0, 10))
            let data = Message.payload(1, [Message.metric(nil, alias: 1, whole: 12)])
            #expect(hear("NDATA/edge", data, at: Int64(round)) == [.known(0), Self.claim(0, 12)])
        }
        Soak.count("changed messages of an edge node", rounds)
    }
}
