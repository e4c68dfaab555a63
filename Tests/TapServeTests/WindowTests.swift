import Glibc
import Synchronization
import TapCore
import Testing

@testable import TapServe

@Suite(.serialized) struct WindowTests {
    /// A connection to a server; closed with its value.
    private final class Client {
        private let connection: Int32

        /// - Parameter buffer: bytes that the system holds for it; nil: as many as it likes.
        init(port: Int, buffer: Int32? = nil) throws {
            connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            if var buffer {
                unsafe setsockopt(connection, SOL_SOCKET, SO_RCVBUF, &buffer, socklen_t(MemoryLayout<Int32>.size))
            }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            address.sin_port = UInt16(port).bigEndian
            let size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let status = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe connect(connection, $0, size)
                }
            }
            try #require(status == 0)
            var limit = timeval(tv_sec: 10, tv_usec: 0)
            unsafe setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        }

        deinit { close(connection) }

        func say(_ text: String) {
            let bytes = Array(text.utf8)
            _ = unsafe send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        }

        /// What comes next; empty: the end; nil: nothing within 10 s.
        func hear() -> String? {
            var bytes = [UInt8](repeating: 0, count: 1 << 16)
            let count = unsafe recv(connection, &bytes, bytes.count, 0)
            return count < 0 && errno == EAGAIN ? nil : String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        }

        /// Everything up to the end, or to a text; runs of the filler as one letter.
        func hear(upTo end: String? = nil) -> String {
            var all: [UInt8] = []
            var bytes = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = unsafe recv(connection, &bytes, bytes.count, 0)
                guard count > 0 else { break }
                for byte in bytes.prefix(count) where byte != UInt8(ascii: "~") || all.last != byte { all.append(byte) }
                if let end, String(decoding: all, as: UTF8.self).contains(end) { break }
            }
            return String(decoding: all, as: UTF8.self)
        }
    }

    private final class Source: Sendable {
        private let number = Mutex<UInt64>(0)
        let size: Int

        init(size: Int) { self.size = size }

        var made: UInt64 { number.withLock { $0 } }

        func next() -> WindowContent.State {
            let sequence = number.withLock { number in
                number += 1
                return number
            }
            let text = "{\"sequence\":\"\(sequence)\",\"filler\":\"\(String(repeating: "~", count: size))\"}"
            return WindowContent.State(sequence: sequence, now_ns: Int64(sequence), isEnded: false, text: text)
        }
    }

    private func serve(
        size: Int = 10, changes: @escaping @Sendable () -> UInt64 = { 0 },
        _ change: (inout WindowServer.Options) -> Void = { _ in },
        _ body: (Int, Source, WindowServer) throws -> Void
    ) throws {
        let source = Source(size: size)
        var options = WindowServer.Options()
        options.place = .tcp(host: "127.0.0.1", port: 0)
        options.names = ["plant.example"]
        change(&options)
        let content = WindowContent(state: { source.next() }, changes: changes) { question, _ in
            question.path == "/echo" ? WindowAnswer(text: question.query["a"] ?? "none") : nil
        }
        let server = WindowServer(content, options: options)
        defer { server.stop() }
        try body(try server.start(), source, server)
    }

    private static func get(_ target: String, _ lines: String = "") -> String {
        "GET \(target) HTTP/1.1\r\nHost: 127.0.0.1:8160\r\n\(lines)\r\n"
    }

    private static func post(_ target: String, _ lines: String, _ content: String) -> String {
        "POST \(target) HTTP/1.1\r\nHost: 127.0.0.1:8160\r\n\(lines)\r\n\(content)"
    }

    @Test func `what is hostile or not understood is refused with a word`() throws {
        let long = String(repeating: "x", count: 3_000)
        let asked: [(String, Int)] = [
            (Self.get("/api/state"), 200), (Self.get("/"), 200), (Self.get("/echo?a=b%20c"), 200),
            (Self.get("/nothing"), 404), (Self.get("/../etc/passwd"), 404), (Self.get("/%2e%2e/page.html"), 404),
            (Self.get("//page.html"), 404), (Self.get("/page.css/"), 404), (Self.get("/echo?a=%f"), 400),
            (Self.get("/echo?a=%ff"), 400), (Self.get("http://127.0.0.1/"), 400), (Self.get("*"), 400),
            (Self.get("/" + long), 414), (Self.get("/", "A: \(long)\(long)\(long)\(long)\r\n"), 431),
            ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: attacker.example\r\n\r\n", 421),
            ("GET / HTTP/1.1\r\nHost: 127.0.0.1.attacker.example\r\n\r\n", 421),
            ("GET / HTTP/1.1\r\nHost: plant.example:443\r\n\r\n", 200),
            (Self.get("/", "Origin: http://127.0.0.1:8160\r\n"), 200),
            (Self.get("/", "Origin: http://attacker.example\r\n"), 403), (Self.get("/", "Origin: null\r\n"), 403),
            (Self.get("/api/state", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n"), 403),
            (Self.get("/", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"), 200),
            (Self.get("/", "Content-Length: 1000000000\r\n"), 413),
            (Self.get("/", "Transfer-Encoding: chunked\r\n"), 413),
            ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc", 405),
            (Self.get("/api/incidents/1/ack"), 405), (Self.get("/api/incidents/x/ack"), 404),
            (Self.post("/api/incidents/1/ack", "Content-Length: 2\r\n", "{}"), 415),
            (Self.post("/api/incidents/1/ack", "Content-Type: application/json\r\n", ""), 411),
            (
                Self.post(
                    "/api/incidents/1/ack", "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n",
                    "0\r\n\r\n"),
                411
            ),
            (
                Self.post("/api/incidents/1/ack", "Content-Type: application/json\r\nContent-Length: 8193\r\n", ""), 413
            ),
            (Self.post("/api/incidents/1/ack", "Content-Type: application/json\r\nContent-Length: 2\r\n", "{}"), 403),
            ("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n", 405), ("BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
            ("nonsense\r\n\r\n", 400), ("\u{16}\u{3}\u{1}\r\n\r\n", 400),
        ]
        try serve { port, _, _ in
            for (text, status) in asked {
                let client = try Client(port: port)
                client.say(text)
                let answer = client.hear()
                #expect(answer?.hasPrefix("HTTP/1.1 \(status) ") == true, "\(text.prefix(60)): \(answer ?? "nothing")")
                #expect(answer?.contains("default-src 'none'") == true)
                #expect(answer?.contains("Access-Control") == false)
                if status >= 400 { #expect(answer?.contains("{\"error\":\"") == true) }
            }
        }
    }

    @Test func `a viewer that takes nothing gets the newest state afterwards, and costs others none`() throws {
        try serve(size: 1 << 18) { port, source, _ in
            let slow = try Client(port: port, buffer: 4_096)
            let quick = try Client(port: port)
            for client in [slow, quick] { client.say(Self.get("/api/events")) }
            _ = slow.hear(upTo: "event: state")
            let begin = source.made
            _ = quick.hear(upTo: "\"sequence\":\"\(begin + 8)\"")
            let newest = source.made
            #expect(newest >= begin + 8)
            let text = slow.hear(upTo: "\"sequence\":\"\(newest + 2)\"")
            let states = text.split(separator: "event: state").count
            // What was on its way, what the system held, and then the newest.
            #expect(states <= 6, "\(states) states of \(newest + 2)")
        }
    }

    @Test func `what changes all the time is sent ten times a second at most, and what does not four times`() throws {
        let changes = Mutex<UInt64>(0)
        let next: @Sendable () -> UInt64 = {
            changes.withLock { changes in
                changes += 1
                return changes
            }
        }
        func ten(_ changes: @escaping @Sendable () -> UInt64) throws -> Duration {
            var took = Duration.zero
            try serve(changes: changes) { port, source, _ in
                let client = try Client(port: port)
                client.say(Self.get("/api/events"))
                _ = client.hear(upTo: "event: state")
                let (begin, first) = (ContinuousClock.now, source.made)
                _ = client.hear(upTo: "\"sequence\":\"\(first + 11)\"")
                took = .now - begin
            }
            return took
        }
        let (quick, slow) = (try ten(next), try ten { 0 })
        // Ten pauses lie between eleven states.
        #expect(quick >= .seconds(1) && slow >= .milliseconds(2_500))
        #expect(quick < slow)
    }

    @Test func `a question that does not come whole in time ends, and so do connections beyond the limit`() throws {
        try serve({ options in
            options.patience = .milliseconds(300)
            options.connections = 3
        }) { port, _, server in
            let slow = try Client(port: port)
            slow.say("GET / HTTP/1.1\r\nHost: ")
            #expect(slow.hear(upTo: nil) == "")
            let open = try (0..<3).map { _ in try Client(port: port) }
            for client in open { client.say(Self.get("/api/events")) }
            for client in open { #expect(client.hear()?.hasPrefix("HTTP/1.1 200") == true) }
            #expect(try Client(port: port).hear() == "")
            #expect(server.counts.viewers == 3)
        }
    }

    @Test func `a stream too many is told to poll`() throws {
        try serve({ $0.streams = 1 }) { port, _, _ in
            let (first, second) = (try Client(port: port), try Client(port: port))
            first.say(Self.get("/api/events"))
            #expect(first.hear()?.contains("text/event-stream") == true)
            second.say(Self.get("/api/events"))
            #expect(second.hear()?.hasPrefix("HTTP/1.1 429 ") == true)
        }
    }

    @Test func `the end sends the newest state to whoever looks`() throws {
        var last = ""
        var client: Client?
        try serve { port, _, _ in
            let viewer = try Client(port: port)
            viewer.say(Self.get("/api/events"))
            last = viewer.hear(upTo: "event: beat")
            client = viewer
        }
        last += client?.hear(upTo: nil) ?? ""
        #expect(last.split(separator: "event: state").count >= 2)
        #expect(last.contains("event: beat"))
    }

    @Test func `hosts are addresses, localhost and names that were given`() {
        let own = [
            "127.0.0.1", "127.0.0.1:8160", "192.168.0.7:80", "[::1]:8160", "[fe80::1]", "localhost:1", "LOCALHOST",
            "a.b:5",
        ]
        let foreign = [
            "", "a.c", "localhost.a.c", "1.2.3.4.5", "1.2.3", "127.0.0.1:", "127.0.0.1:x", "[::1]x", "[]", "[a.c]",
            "a.b@c.d", "localhost:80:80",
        ]
        for host in own { #expect(WindowGuard.isOwn(host, ["a.b"]), "\(host)") }
        for host in foreign { #expect(!WindowGuard.isOwn(host, ["a.b"]), "\(host)") }
    }
}
