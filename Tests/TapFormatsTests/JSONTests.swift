import Foundation
import TestSupport
import Testing

@testable import TapFormats

@Suite struct JSONTests {
    @Test(arguments: [
        ("", "\"\""), ("plain", "\"plain\""), ("a\"b\\c/d", "\"a\\\"b\\\\c/d\""), ("\n\r\t", "\"\\n\\r\\t\""),
        ("\u{0}\u{8}\u{B}\u{1F}", "\"\\u0000\\u0008\\u000b\\u001f\""),
        ("\u{7F}é\u{1F600}", "\"\\u007fé\u{1F600}\""),
        // One grapheme, two scalars.
        ("\r\n", "\"\\r\\n\""),
    ])
    func `a string is escaped as RFC 8259 wants it`(_ text: String, _ wanted: String) {
        #expect(JSON.string(text) == wanted)
    }

    @Test func `whatever the string, another JSON reader gets it back`() throws {
        var dice = Dice(1)
        var texts = ["", String(String.UnicodeScalarView((0..<0x300).compactMap(Unicode.Scalar.init)))]
        for _ in 0..<500 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...40, using: &dice) {
                let limit: UInt32 = [0x20, 0x80, 0x800, 0x1_0000, 0x11_0000].randomElement(using: &dice) ?? 0x80
                if let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &dice)) { scalars.append(scalar) }
            }
            texts.append(String(scalars))
        }
        let json = JSON.array(texts.map(JSON.string))
        #expect(json.utf8.allSatisfy { $0 >= 0x20 })
        let back = try JSONDecoder().decode([String].self, from: Data(json.utf8))
        // By scalars: Swift's == would call different spellings of a letter equal.
        #expect(back.map { Array($0.unicodeScalars) } == texts.map { Array($0.unicodeScalars) })
    }

    @Test func `numbers come back bit by bit, and what JSON has no number for is null`() {
        for value in [0, -0.0, 1, 0.1, 1e300, .leastNonzeroMagnitude, -123_456_789.125, .greatestFiniteMagnitude] {
            #expect(Double(JSON.number(value))?.bitPattern == value.bitPattern)
        }
        #expect([Double.nan, .infinity, -.infinity].map(JSON.number) == ["null", "null", "null"])
    }

    @Test func `a member without a value is left out, one that is null stays`() {
        #expect(JSON.object([]) == "{}")
        #expect(JSON.object([("a", "1"), ("b", nil), ("c\"", "null")]) == "{\"a\":1,\"c\\\"\":null}")
        #expect(JSON.array([]) == "[]")
    }
}
