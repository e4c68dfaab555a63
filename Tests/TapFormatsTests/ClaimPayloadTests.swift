import TapCore
import TestSupport
import Testing

@testable import TapFormats

struct ClaimPayloadTests {
    private func value(_ text: String, member: String? = nil) throws(ClaimPayload.Problem) -> Claim.Value {
        var payload = ClaimPayload()
        return try payload.value(Array(text.utf8), member: member)
    }

    private func problem(_ text: String, member: String? = nil) -> String? {
        do throws(ClaimPayload.Problem) { _ = try value(text, member: member) } catch { return error.what }
        return nil
    }

    @Test func `a message is a number, a truth or a text`() throws {
        #expect(try value("3.62") == .number(3.62))
        #expect(try value(" -1e-3\n") == .number(-0.001))
        #expect(try value("true") == .bool(true))
        #expect(try value("false") == .bool(false))
        #expect(try value("auto") == .text("auto"))
        #expect(try value(#""\u00e4b""#) == .text("äb"))
        // What Swift alone takes for numbers.
        for text in ["inf", "nan", "0x10", "1e", "TRUE"] { #expect(try value(text) == .text(ShortText(text))) }
    }

    @Test func `a member of an object is the value, whatever stands beside it`() throws {
        let text = #"{"at": [1, {"x": null}], "value": 12.5, "on": true, "mode": "a\"b", "none": null}"#
        #expect(try value(text, member: "value") == .number(12.5))
        #expect(try value(text, member: "on") == .bool(true))
        #expect(try value(text, member: "mode") == .text("a\"b"))
        guard case .number(let none) = try value(text, member: "none") else { return #expect(Bool(false)) }
        #expect(none.isNaN)
    }

    @Test func `what says nothing of a tag has a reason`() {
        #expect(problem("") == "is empty")
        #expect(problem(" \n") == "is empty")
        #expect(problem("{}") == "is JSON of several values: name the 'member' of the tag")
        #expect(problem("[1]") == "is JSON of several values: name the 'member' of the tag")
        #expect(problem(#""a"#) == "an unterminated string")
        #expect(problem("{}", member: "value") == "has no member 'value'")
        #expect(problem(#"{"value": 1, "value": 2}"#, member: "value") == "has 'value' twice")
        #expect(problem("12", member: "value") == "no object at column 1")
        #expect(problem(#"{"value": {}}"#, member: "value") == "no text or number at column 11")
        var payload = ClaimPayload()
        #expect(throws: ClaimPayload.Problem(what: "is no UTF-8")) { try payload.value([0x31, 0xFF], member: nil) }
    }

    @Test func `any bytes are a value or have a reason`() {
        var dice = Dice(5 + Soak.seed << 32)
        let rounds = (Soak.number("TAP_FUZZ") ?? 100) * 200
        var payload = ClaimPayload()
        let seeds = ["3.62", "true", #""auto""#, #"{"a": [1, {"b": null}], "value": -1.5e3, "c": "\u00e4"}"#].map {
            Array($0.utf8)
        }
        var values = 0
        for round in 0..<rounds {
            var bytes = seeds[round % seeds.count]
            for _ in 0...dice.below(3) {
                switch dice.below(3) {
                case 0: bytes[dice.below(bytes.count)] = UInt8(truncatingIfNeeded: dice.next())
                case 1: bytes.insert(UInt8(truncatingIfNeeded: dice.next()), at: dice.below(bytes.count + 1))
                default: if bytes.count > 1 { bytes.removeLast(dice.below(bytes.count)) }
                }
            }
            do throws(ClaimPayload.Problem) {
                _ = try payload.value(bytes, member: round % seeds.count == 3 ? "value" : nil)
                values += 1
            } catch { #expect(!error.what.isEmpty) }
        }
        #expect((1..<rounds).contains(values))
        Soak.count("changed plain messages", rounds)
    }
}
