import TapClaims
import TapConfig
import TapCore
import TapDecode
import Testing

/// A source of a site with these tags.
private func map(_ tags: String, from: String = "{heard: BUS, unit: 1, function: 3}") throws -> RegisterMap {
    let site = try SiteFile.parse(
        """
        tap-site: 1
        name: door
        title: Door
        signals: {BUS: {role: bus, uart: "19200,8e1"}}
        claims:
          plc:
            from: \(from)
            every: 1s
            late: 150ms
            tags: {\(tags)}
        """, file: "s.yaml")
    return try RegisterMap(site.sources[0], firstTag: 5)
}

private func claims(_ map: RegisterMap, from address: UInt16 = 0, _ words: [UInt16]) -> [Claim] {
    var claims: [Claim] = []
    map.claims(from: address, words: words, at: Timestamp(nanoseconds: 7)) { claims.append($0) }
    return claims
}

private func value(_ tag: String, _ words: [UInt16]) throws -> Claim.Value {
    try #require(try claims(map("TAG: \(tag)"), words).first).value
}

struct RegisterMapTests {
    @Test(
        arguments: [
            ("{at: 0, is: raw}", [65_535], 65_535), ("{at: 0, signed: true, is: raw}", [65_535], -1),
            ("{at: 0, is: 0.1 m3/h}", [12_345], 1_234.5), ("{at: 0, is: 0.001 bar}", [8_191], 8.191),
            ("{at: 0, signed: true, is: 0.01 A}", [0xFFF9], -0.07),
            ("{at: 0, words: 2, is: raw}", [1, 2], 65_538),
            ("{at: 0, words: 2, order: low-first, is: raw}", [2, 1], 65_538),
            ("{at: 0, words: 2, signed: true, is: 0.1 m3}", [0xFFFF, 0xFFFE], -0.2),
            ("{at: 0, words: 4, is: raw}", [0, 1, 0, 3], 4_294_967_299),
            ("{at: 0, words: 4, signed: true, is: raw}", [0xFFFF, 0xFFFF, 0xFFFF, 0xFFF0], -16),
            ("{at: 0, words: 4, is: raw}", [0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF], 18_446_744_073_709_551_616),
            ("{at: 0, words: 2, float: true, is: m}", [0x4067, 0xAE14], Double(Float(3.62))),
            ("{at: 0, words: 2, float: true, order: low-first, is: m}", [0xAE14, 0x4067], Double(Float(3.62))),
            ("{at: 0, words: 4, float: true, is: m}", [0x400C, 0xF5C2, 0x8F5C, 0x28F6], 3.62),
            ("{at: 0, raw: 5530..27648 = 0..4 bar}", [5_530], 0), ("{at: 0, raw: 5530..27648 = 0..4 bar}", [27_648], 4),
            ("{at: 0, raw: 5530..27648 = 0..4 bar}", [16_589], 2), ("{at: 0, bits: 4..7, is: raw}", [0x12A4], 10),
        ] as [(String, [UInt16], Double)])
    func `a number is exactly what its registers say`(tag: String, words: [UInt16], expected: Double) throws {
        #expect(try value(tag, words) == .number(expected))
    }

    @Test func `every count of a decimal step is the nearest number to its decimal`() throws {
        let map = try map("TAG: {at: 0, is: 0.1 m3/h}")
        for raw in UInt16.min...UInt16.max {
            #expect(claims(map, [raw])[0].value == .number(Double("\(raw / 10).\(raw % 10)") ?? .nan))
        }
    }

    @Test func `bits and words`() throws {
        #expect(try value("{at: 0, bit: 3}", [0b1000]) == .bool(true))
        #expect(try value("{at: 0, bit: 3}", [0b0111]) == .bool(false))
        #expect(try value("{at: 0}", [256]) == .bool(true))
        #expect(try value("{at: 0, bits: 2..3, one-of: [auto, hand, \"off\"]}", [0b1000]) == .text("off"))
    }

    @Test func `a number of no word and no number at all are bad`() throws {
        let word = try claims(map("TAG: {at: 0, one-of: [auto, hand]}"), [7])
        #expect(word.map(\.value) == [.text("7")])
        #expect(word.map(\.quality) == [.bad])
        let float = try claims(map("TAG: {at: 0, words: 2, float: true, is: m}"), [0x7FC0, 0])
        #expect(float.map(\.quality) == [.bad])
    }

    @Test func `claims come in the order of addresses, of whole values only`() throws {
        let map = try map("B: {at: 11, words: 2, is: raw}, A: {at: 10, is: raw}, C: {at: 13, is: raw}")
        #expect(map.tags.map(\.name) == ["B", "A", "C"])
        #expect(map.tags.map(\.id.index) == [5, 6, 7])
        #expect(claims(map, from: 9, [0, 1, 0, 2, 3]).map(\.tag.index) == [6, 5, 7])
        #expect(claims(map, from: 10, [1, 0]).map(\.tag.index) == [6])
        #expect(claims(map, from: 12, [2, 3]).map(\.tag.index) == [7])
        #expect(claims(map, from: 65_535, [1]).isEmpty)
        #expect(claims(map, from: 10, []).isEmpty)
        #expect(
            claims(map, from: 10, [4])[0]
                == Claim(
                    tag: TagID(6), value: .number(4), quality: .good, time: Timestamp(nanoseconds: 7)))
    }

    @Test func `bytes of a frame give what words give, as far as they go`() throws {
        let map = try map("A: {at: 1, is: raw}, B: {at: 2, is: raw}")
        var heard: [Claim.Value] = []
        map.claims(from: 0, count: 3, bytes: ([0, 9, 1, 2, 3] as [UInt8]).span, at: .zero) { heard.append($0.value) }
        #expect(heard == [.number(258)])
    }

    @Test func `coils are claimed bit by bit`() throws {
        let map = try map("A: {at: 100}, B: {at: 109}", from: "{heard: BUS, unit: 1, function: 1}")
        var heard: [Claim.Value] = []
        map.claims(from: 100, count: 10, bytes: ([1, 2] as [UInt8]).span, at: .zero) { heard.append($0.value) }
        #expect(heard == [.bool(true), .bool(true)])
        heard = []
        map.claims(from: 100, count: 9, bytes: ([0, 2] as [UInt8]).span, at: .zero) { heard.append($0.value) }
        #expect(heard == [.bool(false)])
    }

    @Test(arguments: [
        (
            "A: {at: 4, words: 2, is: raw}, B: {at: 5, is: raw}", 3,
            "plc B: holds register 5, as A does; change the 'at', 'words' or 'bit' of one of them"
        ),
        (
            "A: {at: 5}, B: {at: 5, bit: 2}", 3,
            "plc B: holds register 5, as A does; change the 'at', 'words' or 'bit' of one of them"
        ),
        (
            "A: {at: 65535, words: 2, is: raw}", 3,
            "plc A: ends at register 65536, and the last is 65535; change its 'at' or 'words'"
        ),
        (
            "A: {at: 5, bit: 1}", 1,
            "plc A: is several registers or a bit of one, where function 1 reads single bits; delete 'words', 'bit' and 'bits'"
        ),
    ])
    func `tags that hold the same register are refused`(tags: String, function: Int, words: String) {
        #expect(throws: TapError.self) { try map(tags, from: "{heard: BUS, unit: 1, function: \(function)}") }
        do { _ = try map(tags, from: "{heard: BUS, unit: 1, function: \(function)}") } catch {
            #expect("\(error)" == words)
        }
    }

    @Test func `bits of one word are several tags`() throws {
        let map = try map("A: {at: 5, bit: 0}, B: {at: 5, bit: 1}, C: {at: 5, bits: 4..7, is: raw}")
        #expect(claims(map, from: 5, [0x32]).map(\.value) == [.bool(false), .bool(true), .number(3)])
        #expect(map.questions == [PollQuestion(.holdingRegisters, address: 5, count: 1)])
    }

    @Test func `each tag is asked for whole, and no register that none holds`() throws {
        func questions(_ tags: String) throws -> [[UInt16]] { try map(tags).questions.map { [$0.address, $0.count] } }
        #expect(try questions("") == [])
        #expect(try questions("A: {at: 3, is: raw}, B: {at: 0, words: 2, is: raw}, C: {at: 2, bit: 4}") == [[0, 4]])
        #expect(try questions("A: {at: 0, is: raw}, B: {at: 2, is: raw}") == [[0, 1], [2, 1]])
        // 125 registers to an answer.
        let many = (0..<63).map { "T\($0): {at: \(2 * $0), words: 2, is: raw}" }.joined(separator: ", ")
        #expect(try questions(many) == [[0, 124], [124, 2]])
        #expect(try questions("A: {at: 65535, is: raw}") == [[65_535, 1]])
    }
}
