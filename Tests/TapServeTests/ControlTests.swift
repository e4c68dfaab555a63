import Glibc
import TestSupport
import Testing

@testable import TapCore
@testable import TapServe

private struct Notes: RecordSink {
    var lines: [String] = []

    mutating func edge(_ edge: Edge) {}
    mutating func scans(_ block: ScanBlock, raw: RawSpan) {}
    mutating func event(_ event: Event) {
        if case .note(let note) = event { lines.append("\(note.time.nanoseconds) \(note.author) \(note.text)") }
    }
}

/// What people ask of a session over its socket.
@Suite
struct ControlTests {
    private let folder = ScratchFolder()
    private var path: String { folder.path + "/control" }
    private static let me = ControlUser(id: getuid())

    @Test func `a line is answered by a line, and the kernel says who asks`() throws {
        let server = ControlServer(path: path) { question, user in "\(user.name) asks: \(question)" }
        try server.start()
        defer { server.stop() }
        for question in ["permit w for 2h: why", "", "naïve"] {
            #expect(try ControlClient.ask(path, question) == "\(Self.me.name) asks: \(question)")
        }
    }

    @Test func `a line of 4,096 bytes is taken, and a longer one refused`() throws {
        let server = ControlServer(path: path) { question, _ in "\(question.utf8.count)" }
        try server.start()
        defer { server.stop() }
        let long = String(repeating: "x", count: 4_096)
        #expect(try ControlClient.ask(path, long) == "4096")
        #expect(try ControlClient.ask(path, long + "x") == "refused: the line has more than 4096 bytes")
    }

    @Test func `a socket belongs to one process at a time, and one that was left behind is replaced`() throws {
        let server = ControlServer(path: path) { _, _ in "first" }
        try server.start()
        let other = ControlServer(path: path) { _, _ in "second" }
        #expect { try other.start() } throws: { "\($0)".contains("is listened on by another process") }
        #expect(try ControlClient.ask(path, "?") == "first")
        server.stop()
        #expect(unsafe access(path, F_OK) != 0)
        #expect { try ControlClient.ask(path, "?") } throws: { "\($0)".contains("does not answer") }
        other.stop()
        let abandoned = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(abandoned) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let bound = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(abandoned, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(bound == 0)
        let third = ControlServer(path: path) { _, _ in "third" }
        try third.start()
        #expect(try ControlClient.ask(path, "?") == "third")
        third.stop()
    }

    @Test func `what is no socket is left as it is`() throws {
        let file = folder.write("control", "text")
        let server = ControlServer(path: file) { _, _ in "" }
        #expect(throws: TapError.self) { try server.start() }
        #expect(unsafe access(file, F_OK) == 0)
        server.stop()
    }

    @Test func `what is said becomes notes of the instant at which it is taken, in order`() throws {
        let inbox = ControlInbox()
        var source = ControlSource(inbox)
        #expect(source.info.lines.isEmpty && source.info.tags.isEmpty)
        for number in 1...70 { #expect(inbox.put(author: "anna", texts: ["\(number)"]) == (number <= 64)) }
        #expect(inbox.take().map(\.text.text) == (1...64).map(String.init))
        #expect(inbox.put(author: "anna", texts: ["one"]))
        #expect(inbox.put(author: "ben", texts: ["two"]))
        let ring = RingStorage(capacity: 256)
        var writer = RecordWriter(RingProducer(ring), lines: 0..<0, devices: 0..<0)
        _ = try source.start(at: Timestamp(nanoseconds: 5), into: &writer)
        _ = source.step(at: Timestamp(nanoseconds: 7), into: &writer)
        #expect(inbox.put(author: "anna", texts: ["three"]))
        source.stop(at: Timestamp(nanoseconds: 9), into: &writer)
        _ = writer.end(at: Timestamp(nanoseconds: 9))
        let merge = MergeStage([MergeInput(RingConsumer(ring), of: source.info)], into: Notes())
        _ = merge.step(at: Timestamp(nanoseconds: 9))
        #expect(merge.withSink { $0.lines } == ["7 anna one", "7 ben two", "9 anna three"])
    }

    @Test func `where a session has a length, nobody is heard after it`() throws {
        let inbox = ControlInbox()
        var source = ControlSource(inbox, for: Nanoseconds(4))
        let ring = RingStorage(capacity: 256)
        var writer = RecordWriter(RingProducer(ring), lines: 0..<0, devices: 0..<0)
        let wake = Wake.readable(inbox.arrived.descriptor, orAt: Timestamp(nanoseconds: 9))
        #expect(try source.start(at: Timestamp(nanoseconds: 5), into: &writer) == wake)
        #expect(source.step(at: Timestamp(nanoseconds: 8), into: &writer) == wake)
        #expect(inbox.put(author: "anna", texts: ["one"]))
        #expect(source.step(at: Timestamp(nanoseconds: 9), into: &writer) == .ended)
        _ = writer.end(at: Timestamp(nanoseconds: 9))
        let merge = MergeStage([MergeInput(RingConsumer(ring), of: source.info)], into: Notes())
        _ = merge.step(at: Timestamp(nanoseconds: 9))
        #expect(merge.withSink { $0.lines } == ["9 anna one"])
    }
}
