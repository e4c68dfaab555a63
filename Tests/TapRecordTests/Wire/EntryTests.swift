import TapCore
import Testing

@testable import TapRecord

@Suite struct EntryTests {
    @Test(arguments: Chance.kinds)
    func `every entry round trips`(kind: Int) throws {
        var chance = Chance(seed: UInt64(kind))
        for _ in 0..<60 {
            let entry = chance.entry(kind)
            #expect(try LogEntry(decoding: entry.encoded()) == entry)
        }
    }

    @Test func `sessions round trip`() throws {
        var chance = Chance(seed: 11)
        for _ in 0..<60 {
            let session = chance.session()
            #expect(try SessionMessage(decoding: session.encoded()) == session)
        }
    }

    /// An empty entry of each kind is one, too.
    @Test(arguments: Chance.kinds)
    func `defaults make an entry`(kind: Int) throws {
        let entry = try LogEntry(decoding: [UInt8(kind) << 3 | 2, 0])
        #expect(try LogEntry(decoding: entry.encoded()) == entry)
    }

    /// At a field's end a message may end; everywhere else it is a problem. Nothing traps.
    @Test func `a cut is detected or between fields`() throws {
        var chance = Chance(seed: 12)
        for _ in 0..<20 {
            let (bytes, decode) = chance.encodedMessage()
            var problems = 0
            for count in 0..<bytes.count {
                do throws(ProtoProblem) { _ = try decode(Array(bytes[..<count])) } catch {
                    #expect(error.offset <= count)
                    problems += 1
                }
            }
            #expect(problems > 0 || bytes.count < 3)
        }
        // An entry is one field: no cut of it is one.
        for kind in Chance.kinds {
            let bytes = chance.entry(kind).encoded()
            for count in 0..<bytes.count {
                #expect(throws: ProtoProblem.self) { _ = try LogEntry(decoding: bytes[..<count]) }
            }
        }
    }

    @Test func `changed bytes never trap`() {
        var chance = Chance(seed: 13)
        for _ in 0..<2_000 {
            var (bytes, decode) = chance.encodedMessage()
            for _ in 0...chance.below(3) where !bytes.isEmpty {
                bytes[chance.below(bytes.count)] = UInt8(truncatingIfNeeded: chance.next())
            }
            _ = try? decode(bytes)
        }
    }

    @Test func `random bytes never trap`() {
        var chance = Chance(seed: 14)
        for _ in 0..<5_000 {
            let bytes = chance.bytes(60)
            _ = try? LogEntry(decoding: bytes)
            _ = try? LogEntry(
                decoding: [UInt8(1 + chance.below(Chance.kinds.count)) << 3 | 2, UInt8(bytes.count)] + bytes)
            _ = try? SessionMessage(decoding: bytes)
        }
    }

    /// Every message with fields of numbers that are not in record.proto, of all wire types.
    @Test func `unknown fields are skipped`() throws {
        let unknown: [UInt8] = [
            0xE0, 0x5D, 0x80, 0x01, 0xE1, 0x5D, 1, 2, 3, 4, 5, 6, 7, 8, 0xE2, 0x5D, 2, 0xFF, 0xFF, 0xE5, 0x5D, 1, 2, 3,
            4,
        ]
        func check<Message: ProtoMessage & Equatable>(_ message: Message) throws {
            #expect(try Message(decoding: unknown + message.encoded() + unknown) == message)
        }
        var chance = Chance(seed: 15)
        for kind in Chance.kinds {
            let entry = chance.entry(kind)
            try check(entry)
            switch entry {
            case .initial(let entry): try check(entry)
            case .handOver(let entry): try check(entry)
            case .start(let entry): try check(entry)
            case .segment(let entry): try check(entry)
            case .chunk(let entry): try check(entry)
            case .seal(let entry): try check(entry)
            case .drop(let entry): try check(entry)
            case .stop(let entry): try check(entry)
            case .cut(let entry): try check(entry)
            case .remark(let entry): try check(entry)
            case .pin(let entry): try check(entry)
            case .unpin(let entry): try check(entry)
            case .change(let entry): try check(entry)
            case .outage(let entry): try check(entry)
            case .pause(let entry): try check(entry)
            }
        }
        try check(chance.session())
        try check(chance.source())
        try check(chance.line())
        try check(chance.device())
        try check(chance.channel())
        try check(chance.lineFacts())
        try check(SourceTable(chance.source()))
        try check(Subject(chance.line()))
        for _ in 0..<50 { try check(EventItem.event(chance.event())) }
        try check(chance.fix())
        try check(chance.gap())
        try check(chance.claim())
    }

    @Test func `an entry of no known kind is a problem`() {
        #expect(throws: ProtoProblem(offset: 3, what: "an entry of no kind that is known")) {
            _ = try LogEntry(decoding: [0x82, 0x0F, 0])
        }
        #expect(throws: ProtoProblem.self) { _ = try LogEntry(decoding: [UInt8]()) }
    }

    /// A configuration is that of the line and not of its number.
    @Test func `configurations are of what is numbered`() {
        var chance = Chance(seed: 16)
        var line = chance.line()
        let subject = Subject(line)
        line.id = LineID(line.id.index &+ 1)
        #expect(Subject(line).configuration == subject.configuration)
        #expect(Subject(line).number != subject.number)
        #expect(subject.configuration.count == 8)
        line.options.isActiveLow.toggle()
        #expect(Subject(line).configuration != subject.configuration)
    }

    @Test func `words of a session are fit for a line`() throws {
        var header = SessionHeader(version: "1", board: "b", origin: .zero, fix: nil, kernel: "", sources: [])
        header.board = "\u{1B}[2J"
        header.notes = ["a\nb"]
        let bytes = SessionMessage(session: 1, header: header, logTimeOffset: .zero).encoded()
        let read = try SessionMessage(decoding: bytes).header
        #expect(read.board == "\\u{1b}[2J")
        #expect(read.notes == ["a\\u{a}b"])
    }

    @Test func `a channel outside its scan is a problem`() {
        var chance = Chance(seed: 17)
        var device = chance.device()
        while device.channels.isEmpty { device = chance.device() }
        device.bytesPerScan = device.channels[0].byteOffset
        #expect(throws: ProtoProblem.self) { _ = try DeviceInfo(decoding: device.encoded()) }
    }
}
