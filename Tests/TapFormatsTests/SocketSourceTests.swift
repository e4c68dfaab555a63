import Glibc
import TapConformance
import TapCore
import TestSupport
import Testing

@testable import TapFormats

/// Claims that others write into a Unix socket.
@Suite struct SocketSourceTests {
    private let folder = ScratchFolder()

    // A writer whose reader has gone is what is tested.
    init() { _ = signal(SIGPIPE, SIG_IGN) }

    private func run() -> HandRun {
        let tags = [("LEVEL", "hmi"), ("RUN", "hmi"), ("P", "scada")].map { name, source in
            ClaimTag(TagInfo(id: TagID(0), name: name, source: source), name == "RUN" ? .bool : .number)
        }
        let plan = Plan([], length: .seconds(10))
        let run = HandRun(Rig(SocketSource(folder.file("s"), ClaimsOptions(tags), firstTag: 0), plan), plan)
        run.begin()
        return run
    }

    private func connected() throws -> UnixSocket {
        let socket = try UnixSocket.make()
        try socket.connect(to: folder.file("s"))
        return socket
    }

    private func say(_ lines: String..., to socket: UnixSocket) throws {
        let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
        #expect(try socket.send(bytes[...]) == bytes.count)
    }

    /// Without its end.
    private func line(_ value: Claim.Value, _ tag: TagInfo, at time: Timestamp) -> String {
        var bytes: [UInt8] = []
        SocketClaimLine(tag).append(
            Claim(tag: tag.id, value: value, quality: .good, time: time), at: time, to: &bytes)
        #expect(bytes.last == UInt8(ascii: "\n"))
        return String(decoding: bytes.dropLast(), as: UTF8.self)
    }

    private let hello = SocketLine.hello(sources: ["hmi"], boot: SocketSource.boot)

    /// In milliseconds since the start: the time, tag and value of each claim, and the spans of gaps.
    private func said(_ run: HandRun) -> [String] {
        func ms(_ time: Timestamp) -> Int64 { (time - run.start).count / 1_000_000 }
        return run.recording.records.compactMap { record in
            switch record {
            case .event(.claim(let claim)):
                guard case .number(let number) = claim.value else { return nil }
                return "\(ms(claim.time)) \(claim.tag.index) \(number)"
            case .event(.gap(let gap)):
                guard case .tag(let tag) = gap.subject else { return nil }
                return "\(ms(gap.discovered)) \(tag.index) gap \(ms(gap.from))..\(ms(gap.to))"
            default: return nil
            }
        }
    }

    @Test func `a claim has the time at which its line was read, and its source is unknown before and behind`() throws {
        let run = run()
        let socket = try connected()
        run.go(to: .milliseconds(100))
        try say("{\"tag\":\"LEVEL\",\"value\":1}", to: socket)
        run.go(to: .milliseconds(200))
        socket.close()
        run.go(to: .milliseconds(300))
        run.finish()
        let found = said(run)
        #expect(
            Array(found.prefix(3)) == ["150 0 gap 0..150", "150 1 gap 0..150", "150 0 1.0"])
        #expect(Array(found[3..<5]) == ["250 0 gap 150..250", "250 1 gap 150..250"])
        #expect(found.suffix(1).allSatisfy { $0.contains("2 gap 0..") })
    }

    @Test func `what tap heard elsewhere has the times of its packets, and what it lost is a gap`() throws {
        let run = run()
        let socket = try connected()
        try say(hello, to: socket)
        run.go(to: .milliseconds(100))
        let at = run.start + .milliseconds(70)
        let tag = TagInfo(id: TagID(0), name: "LEVEL", source: "hmi")
        try say(
            line(.number(0.1), tag, at: at), SocketLine.lost(tag, from: at, to: at + .milliseconds(10)),
            line(.number(2), tag, at: at + .milliseconds(20)),
            SocketLine.reached(at + .milliseconds(20), uncertainty: .microseconds(3)), to: socket)
        run.go(to: .milliseconds(200))
        run.finish()
        #expect(
            said(run).filter { $0.contains(" 0 ") && !$0.contains("gap 0..") } == [
                "70 0 0.1", "80 0 gap 70..80", "90 0 2.0",
            ])
    }

    @Test func `a claim is one JSON object, whatever its tag is called and its value is`() {
        let tag = TagInfo(id: TagID(3), name: "A\"B", source: "plc")
        func written(_ value: Claim.Value, _ time: UInt64 = 7) -> String {
            line(value, tag, at: Timestamp(nanoseconds: time))
        }
        let head = #"{"source":"plc","tag":"A\"B","value":"#
        #expect(written(.number(-0.1)) == head + #"-0.1,"quality":"good","monotonic_ns":7}"#)
        #expect(written(.number(.nan), 0) == head + #"null,"quality":"good","monotonic_ns":0}"#)
        #expect(
            written(.bool(true), 10_203_000_000_000)
                == head + #"true,"quality":"good","monotonic_ns":10203000000000}"#)
        #expect(
            written(.text(ShortText("a\\n", isCut: true)), .max)
                == head + #""a\\n","quality":"good","monotonic_ns":18446744073709551615,"cut":true}"#)
    }

    @Test func `a writer of tap that says nothing for two seconds is disconnected, and its tags have a gap`() throws {
        let run = run()
        let socket = try connected()
        try say(hello, SocketLine.reached(run.start + .milliseconds(20), uncertainty: .zero), to: socket)
        run.go(to: .seconds(3))
        #expect(throws: Errno.brokenPipe) {
            _ = try socket.send([10])
            _ = try socket.send([10])
        }
        run.finish()
        let gaps = said(run).filter { $0.contains(" 0 gap") }
        #expect(gaps.count == 3, "\(gaps)")
        #expect(gaps[1].hasPrefix("2150 0 gap 50..2150") || gaps[1].hasPrefix("2100 0 gap 50..2100"), "\(gaps)")
    }

    @Test func `the file is for its owner and its group, and goes with the source`() {
        let run = run()
        var found = stat()
        #expect(unsafe stat(folder.file("s"), &found) == 0)
        #expect(found.st_mode & 0o777 == 0o660)
        run.finish()
        #expect(unsafe stat(folder.file("s"), &found) != 0)
    }

    @Test func `whatever is written, the source goes on and takes no more memory`() throws {
        var dice = Dice(1)
        let run = run()
        let parts = [
            hello, "{\"reached_ns\":", "{\"lost\":\"hmi\",", "\"from_monotonic_ns\":0,\"monotonic_ns\":1}", "\n", "{",
            "}", "\"tag\":\"LEVEL\"",
            ",\"value\":1e999}\n", "{\"reached_ns\":18446744073709551615}\n", "\u{0}",
            String(repeating: "x", count: 300_000),
            "{\"tag\":\"LEVEL\",\"value\":1}\n", "{\"tap-claims\":2,\"boot_id\":\"\"}\n",
        ]
        var socket = try connected()
        for step in 1...300 {
            var text = ""
            for _ in 0..<4 { text += parts[dice.below(parts.count)] }
            do { _ = try socket.send(Array(text.utf8)[...]) } catch {
                socket.close()
                socket = try connected()
            }
            run.go(to: .milliseconds(Int64(step) * 20))
        }
        socket.close()
        run.finish()
        #expect(said(run).contains { $0.hasSuffix(" 0 1.0") })
    }
}
