import Glibc
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import TapCore
@testable import TapServe

/// What goes over the socket between what watches and the process that serves its window.
@Suite(.serialized)
struct ViewTests {
    private let folder = ScratchFolder()
    private var path: String { folder.path + "/view" }

    private func frames(_ text: [UInt8], longest: Int = 100, pieces: Int) throws -> [ViewFrame] {
        var reader = ViewReader(longest: longest)
        var found: [ViewFrame] = []
        for begin in stride(from: 0, to: text.count, by: pieces) {
            reader.append(text[begin..<min(text.count, begin + pieces)])
            while let frame = try reader.next() { found.append(frame) }
        }
        return found
    }

    @Test func `frames come whole, however they are cut`() throws {
        let sent = [
            ViewFrame(head: "state"), ViewFrame(head: "ack 1 x", content: Array("a\nb\u{0}".utf8)),
            ViewFrame(head: "none"), ViewFrame(head: "answer 200 text/plain; version=0.0.4", content: [0xFF, 0x0A]),
        ]
        let bytes = sent.flatMap(\.bytes)
        #expect(bytes.starts(with: Array("0 state\n4 ack 1 x\na\nb\u{0}0 none\n".utf8)))
        for pieces in 1...bytes.count { #expect(try frames(bytes, pieces: pieces) == sent) }
    }

    @Test func `what is no frame, or too long, is malformed`() {
        for text in [
            "state\n", " state\n", "x state\n", "-1 state\n", "+1 state\n", "101 state\n", "123456789 state\n", "0\n",
            "0 \n",
            "0 sta\tte\n", "0 \u{E9}\n", "\n", String(repeating: "0", count: 4_097),
        ] {
            #expect(throws: ViewReader.Malformed.self, "\(text.prefix(20))") {
                try frames(Array(text.utf8), pieces: text.utf8.count)
            }
        }
    }

    @Test func `there are requests to see, to acknowledge and to note, and no others`() throws {
        var statement = try #require(WindowStatement(target: "/api/incidents/12/ack"))
        statement.content = Array("{}".utf8)
        var counts = WindowContent.Counts()
        (counts.viewers, counts.connections, counts.turnedAway) = (1, 2, 3)
        (counts.requests, counts.refused, counts.skipped) = (4, 5, 6)
        let question = try #require(WindowQuestion(target: "/api/timeline?lanes=a%20b&from=0"))
        let requests: [(ViewRequest, String)] = [
            (.state, "0 state\n"), (.next(42), "0 next 42\n"),
            (.get(question, counts), "0 get 1 2 3 4 5 6 /api/timeline?lanes=a%20b&from=0\n"),
            (.say(statement, token: "abc"), "2 ack 12 abc\n{}"),
        ]
        for (request, text) in requests {
            #expect(String(decoding: request.frame.bytes, as: UTF8.self) == text)
            #expect(ViewRequest(request.frame) == request)
        }
        for head in [
            "shelve pump", "permit x", "reload", "state 1", "next", "next x", "next -1", "next 1 2", "get / 1",
            "get 1 2 3 4 5 6", "get 1 2 3 4 5 6 7",
            "get 1 2 3 4 5 -6 /", "ack 1", "ack x y", "ack 1/../x y", "ack 1 a b", "shelve 1 abc",
            "ack 1 \(String(repeating: "x", count: 129))",
        ] {
            #expect(ViewRequest(ViewFrame(head: head)) == nil, "\(head)")
        }
    }

    /// What is served, and how often a state was made.
    private final class Plant: Sendable {
        private let made = Mutex<UInt64>(0)

        var states: UInt64 { made.withLock { $0 } }

        var content: WindowContent {
            WindowContent(
                state: { [self] in
                    let number = made.withLock { made in
                        made += 1
                        return made
                    }
                    return WindowContent.State(
                        sequence: number, now_ns: Int64(number), isEnded: false, text: "{\"number\":\(number)}")
                }
            ) { question, counts in
                question.path == "/api/counts"
                    ? WindowAnswer(text: "\(counts.viewers) \(question.query["a"] ?? "")") : nil
            }
        }
    }

    private func wait<Value>(_ body: () -> Value?) throws -> Value {
        for _ in 0..<1_000 {
            if let value = body() { return value }
            usleep(10_000)
        }
        throw TapError(.device, "the view", "gave nothing within 10 s", remedy: "look at the test")
    }

    private func ask(_ content: WindowContent, _ target: String) throws -> WindowAnswer? {
        let found = Mutex<WindowAnswer??>(nil)
        let question = try #require(WindowQuestion(target: target))
        var counts = WindowContent.Counts()
        counts.viewers = 7
        content.answer(question, counts) { answer in found.withLock { $0 = .some(answer) } }
        return try wait { found.withLock { $0 } }
    }

    /// What came over a connection of its own.
    private func answer(_ request: ViewRequest, of content: WindowContent) throws -> ViewAnswer {
        let server = ViewServer(path: path, content)
        try server.start()
        defer { server.stop() }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { try? group.syncShutdownGracefully() }
        let found = Mutex<ViewAnswer??>(nil)
        ViewLink(path, on: group.next(), limit: .seconds(10)).ask(request) { answer in
            found.withLock { $0 = .some(answer) }
        }
        return try #require(try wait { found.withLock { $0 } })
    }

    @Test func `the next state comes with a change, or after its time`() throws {
        let plant = Plant()
        var content = plant.content
        let looks = Mutex(0)
        content.changes = {
            looks.withLock { looks in
                looks += 1
                return looks > 2 ? 43 : 42
            }
        }
        guard case .state(let state, let changes, let waited) = try answer(.next(42), of: content) else {
            throw TapError(.device, "the view", "gave no state", remedy: "look at the test")
        }
        // Looked at twice in vain, and once more for the answer.
        #expect((state.sequence, changes, looks.withLock { $0 }) == (1, 43, 4))
        #expect(waited >= .milliseconds(49))
        content.changes = { 43 }
        guard case .state(_, 43, let all) = try answer(.next(43), of: content) else {
            throw TapError(.device, "the view", "gave no state of that number", remedy: "look at the test")
        }
        #expect(all >= .milliseconds(149))
    }

    @Test func `a state has its age, and none is left once what watches has gone`() throws {
        let plant = Plant()
        let client = ViewClient(path)
        defer { client.stop() }
        let content = client.content
        #expect(content.state() == nil)
        #expect(try ask(content, "/api/state")?.status == 503)
        let server = ViewServer(path: path, plant.content)
        try server.start()
        let state = try wait { content.state() }
        #expect(state.text == "{\"number\":\(state.sequence)}")
        #expect(state.held >= .zero && state.held < .seconds(2))
        #expect(state.served.hasPrefix("{\"held_ms\":\(state.held_ms),\"number\":"))
        // Newer ones come while somebody asks.
        _ = try wait { content.state().flatMap { $0.sequence > state.sequence + 1 ? $0 : nil } }
        #expect(try ask(content, "/api/counts?a=b%20c") == WindowAnswer(text: "7 b c"))
        #expect(try ask(content, "/api/nothing") == nil)
        server.stop()
        _ = try wait { content.state() == nil ? true : nil }
        // Another one takes its place.
        let next = ViewServer(path: path, plant.content)
        try next.start()
        defer { next.stop() }
        #expect(try wait { content.state() }.sequence > state.sequence)
    }
}
