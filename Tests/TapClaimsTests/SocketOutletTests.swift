import Glibc
import TapCore
import TestSupport
import Testing

@testable import TapClaims
@testable import TapFormats

/// Claims on their way to a session.
@Suite struct SocketOutletTests {
    private let folder = ScratchFolder()
    private static let tag = TagInfo(id: TagID(0), name: "LEVEL", source: "hmi")

    init() { _ = signal(SIGPIPE, SIG_IGN) }

    private func outlet() throws -> SocketOutlet {
        var outlet = try SocketOutlet(folder.file("s"))
        outlet.names = ["hmi"]
        outlet.tags = [Self.tag]
        return outlet
    }

    private func at(_ ms: Int64) -> Timestamp { .zero + .milliseconds(ms) }

    /// Everything that is there, as lines.
    private func lines(_ socket: UnixSocket) throws -> [String] {
        var (text, bytes) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
        while let count = try socket.receive(into: &bytes, from: 0), count > 0 { text += bytes[..<count] }
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func `a session is waited for, and the next one`() throws {
        var outlet = try outlet()
        #expect(outlet.connect(at: at(0))?.contains("no session listens there yet") == true)
        for round in 1...2 {
            let listener = try UnixListener(folder.file("s"))
            // Half a second after it looked last.
            #expect(outlet.connect(at: at(Int64(round) * 1_000 - 900)) == nil)
            #expect(outlet.connect(at: at(Int64(round) * 1_000))?.contains("a session listens") == true)
            outlet.append("said", at: at(0))
            #expect(outlet.send() == nil)
            let accepted = listener.accept()
            let session = try #require(accepted)
            let found = try lines(session)
            #expect(found == [SocketLine.hello(sources: ["hmi"], boot: SocketSource.boot), "said"])
            session.close()
            outlet.append("lost", at: at(0))
            #expect(outlet.send()?.contains("the session has ended") == true)
        }
        #expect(outlet.failure == nil)
    }

    @Test func `a session that does not read loses lines, which are counted once it does`() throws {
        var outlet = try outlet()
        let listener = try UnixListener(folder.file("s"))
        _ = outlet.connect(at: at(0))
        let accepted = listener.accept()
        let session = try #require(accepted)
        let line = String(repeating: "x", count: 1 << 16)
        for number in 0..<80 { outlet.append(line, at: at(Int64(number))) }
        #expect(outlet.send() == nil)
        var sentence: String?
        for _ in 0..<2_000 where sentence == nil {
            _ = try lines(session)
            sentence = outlet.send()
        }
        #expect(sentence?.hasSuffix("the session read too slowly, and 16 lines were lost") == true, "\(sentence ?? "")")
        session.close()
    }
}
