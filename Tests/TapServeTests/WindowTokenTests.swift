import Glibc
import NIOHTTP1
import TestSupport
import Testing

@testable import TapCore
@testable import TapServe

/// Who may say something through a window.
@Suite
struct WindowTokenTests {
    private let folder = ScratchFolder()
    private var tokens: WindowTokens { WindowTokens(folder.path + "/tokens") }

    private struct Counting: RandomNumberGenerator {
        var last: UInt64 = 0

        mutating func next() -> UInt64 {
            last += 1
            return last
        }
    }

    private func status(_ outcome: WindowGate.Outcome) -> Int {
        if case .refused(let answer) = outcome { answer.status } else { 200 }
    }

    @Test func `a token has 64 digits, and the file its digest alone`() throws {
        var random = Counting()
        let token = try tokens.add("A. Smith", added: "2026-03-26T06:00:00Z", by: &random)
        #expect(token == (1...4).map { String(repeating: "0", count: 15) + "\($0)" }.joined())
        #expect(try tokens.holder(of: token) == "A. Smith")
        #expect(try tokens.holder(of: String(token.dropLast())) == nil)
        let text = String(decoding: try SystemFile.bytes(tokens.path, atMost: 1_000), as: UTF8.self)
        // As sha256sum has it.
        #expect(
            text == """
                tap window tokens 1
                9bb8cf65788c12f73ed86385ad621ddbd48cc118b82863dae84e758797f8caa3 2026-03-26T06:00:00Z A. Smith

                """)
    }

    @Test func `a file that is a link, or that others may read, lets nobody in`() throws {
        var random = Counting()
        let token = try tokens.add("x", added: "2026-03-26T06:00:00Z", by: &random)
        let link = WindowTokens(folder.path + "/link")
        #expect(unsafe symlink(tokens.path, link.path) == 0)
        #expect(throws: TapError.self) { try link.entries() }
        #expect(unsafe chmod(tokens.path, 0o604) == 0)
        #expect(throws: TapError.self) { try tokens.entries() }
        var gate = WindowGate()
        #expect(status(gate.check(token, tokens, at: .zero)) == 503)
    }

    @Test func `ten wrong tokens are answered, then one a second, and a right one always`() throws {
        var random = Counting()
        let token = try tokens.add("x", added: "2026-03-26T06:00:00Z", by: &random)
        var gate = WindowGate()
        let wrong = (0..<12).map { _ in status(gate.check("y", tokens, at: .seconds(5))) }
        #expect(wrong == Array(repeating: 401, count: 10) + [429, 429])
        #expect(gate.check(token, tokens, at: .seconds(5)) == .holder("x"))
        #expect(status(gate.check("y", tokens, at: .milliseconds(5_999))) == 429)
        #expect(status(gate.check("y", tokens, at: .milliseconds(6_000))) == 401)
        #expect(status(gate.check("y", tokens, at: .milliseconds(6_000))) == 429)
    }

    @Test func `only one field with one token counts`() throws {
        var random = Counting()
        let token = try tokens.add("x", added: "2026-03-26T06:00:00Z", by: &random)
        for fields in [
            [], ["Bearer"], [token], ["Basic \(token)"], ["Bearer \(token) \(token)"],
            ["Bearer \(token)", "Bearer \(token)"],
        ] {
            var gate = WindowGate()
            let headers = HTTPHeaders(fields.map { ("Authorization", $0) })
            #expect(status(gate.check(WindowGate.bearer(headers), tokens, at: .zero)) == 401, "\(fields)")
        }
        var gate = WindowGate()
        #expect(
            gate.check(WindowGate.bearer(HTTPHeaders([("authorization", "bearer \(token)")])), tokens, at: .zero)
                == .holder("x"))
    }
}
