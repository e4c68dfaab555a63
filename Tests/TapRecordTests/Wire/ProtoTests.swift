import TapCore
import Testing

@testable import TapRecord

@Suite struct ProtoTests {
    private func written(_ body: (inout ProtoWriter) -> Void) -> [UInt8] {
        var writer = ProtoWriter()
        body(&writer)
        return writer.bytes
    }

    /// The examples of protobuf's own description of the encoding.
    @Test func `encodes as documented`() {
        #expect(written { $0.uint64(1, 150) } == [0x08, 0x96, 0x01])
        #expect(written { $0.string(2, "testing") } == [0x12, 0x07] + Array("testing".utf8))
        #expect(written { writer in writer.nested(3) { $0.uint64(1, 150) } } == [0x1A, 0x03, 0x08, 0x96, 0x01])
        #expect(
            written { $0.packed(6, [3, 270, 86942]) } == [0x32, 0x06, 0x03, 0x8E, 0x02, 0x9E, 0xA7, 0x05])
        let zigzags: [(Int64, UInt64)] = [(0, 0), (-1, 1), (1, 2), (-2, 3), (.max, .max - 1), (.min, .max)]
        for (value, word) in zigzags {
            #expect(value.zigzag == word)
            #expect(Int64(zigzag: word) == value)
        }
    }

    @Test func `defaults are left out unless they are present`() {
        #expect(
            written {
                $0.uint64(1, 0)
                $0.sint64(2, 0)
                $0.bool(3, false)
                $0.double(4, 0)
                $0.string(5, "")
                $0.bytes(6, [UInt8]())
                $0.packed(7, [])
                $0.uint64(8, ifPresent: nil)
            }.isEmpty)
        #expect(written { $0.uint64(1, ifPresent: 0) } == [0x08, 0])
        #expect(written { $0.double(1, -0.0) } == [0x09, 0, 0, 0, 0, 0, 0, 0, 0x80])
        #expect(written { $0.string(1, ifPresent: "") } == [0x0A, 0])
        #expect(written { writer in writer.nested(1) { _ in } } == [0x0A, 0])
    }

    @Test(arguments: [0, 1, 127, 128, 16_383, 16_384, 2_100_000])
    func `lengths of nested messages are right`(count: Int) throws {
        let bytes = written { writer in
            writer.nested(1) { writer in writer.nested(2) { $0.bytes(3, Array(repeating: 7, count: count)) } }
        }
        var reader = ProtoReader(bytes[...])
        #expect(try reader.next() == 1)
        var inner = try reader.nested()
        #expect(try inner.next() == 2)
        var innermost = try inner.nested()
        if count > 0 {
            #expect(try innermost.next() == 3)
            #expect(try innermost.slice().count == count)
        }
        #expect(innermost.isAtEnd && inner.isAtEnd && reader.isAtEnd)
    }

    @Test func `varints of every length round trip`() throws {
        for shift in 0..<64 as Range<UInt64> {
            for value in [1 << shift, (1 << shift) &- 1, UInt64.max >> shift] {
                var bytes: [UInt8] = []
                bytes.append(varint: value)
                var reader = ProtoReader(bytes[...])
                #expect(try reader.varint() == value)
                #expect(reader.isAtEnd)
                for count in 0..<bytes.count {
                    var short = ProtoReader(bytes[..<count])
                    #expect(throws: ProtoProblem.self) { _ = try short.varint() }
                }
            }
        }
    }

    @Test func `what is not a field is a problem`() {
        let bad: [[UInt8]] = [
            [0x00, 0x00], [0x07], [0x0B], [0x0C], [0x0E, 0], [0x80], [0x08], [0x08, 0x80],
            [0x08] + Array(repeating: 0x80, count: 10) + [0],
            [0x08] + Array(repeating: 0xFF, count: 9) + [0x02],
            [0x09, 0, 0, 0, 0, 0, 0, 0], [0x0D, 0, 0, 0], [0x0A, 0x01], [0x0A, 0x80, 0x80],
            [0x0A] + Array(repeating: 0xFF, count: 9) + [0x01],
            Array(repeating: 0xFF, count: 5) + [0],
        ]
        for bytes in bad {
            #expect(throws: ProtoProblem.self, "\(bytes)") {
                var reader = ProtoReader(bytes[...])
                while try reader.next() != nil { try reader.skip() }
            }
        }
    }

    @Test func `a value of another type or size is a problem`() {
        #expect(throws: ProtoProblem(offset: 1, what: "wire type 0 instead of 2")) {
            _ = try RemarkEntry(decoding: [0x08, 1])
        }
        #expect(throws: ProtoProblem(offset: 6, what: "4294967296 in 32 bits")) {
            _ = try InitEntry(decoding: [0x08, 0x80, 0x80, 0x80, 0x80, 0x10])
        }
        #expect(throws: ProtoProblem(offset: 3, what: "text that is no UTF-8")) {
            _ = try RemarkEntry(decoding: [0x0A, 1, 0xFF])
        }
        #expect(throws: ProtoProblem(offset: 4, what: "number 65536, above 65535")) {
            _ = try LineInfo(decoding: [0x08, 0x80, 0x80, 0x04])
        }
    }

    @Test func `offsets count from the outermost message`() {
        let bytes: [UInt8] = [9, 9, 0x52, 0x03, 0x0A, 1, 0xFF]
        #expect(throws: ProtoProblem(offset: 5, what: "text that is no UTF-8")) {
            _ = try LogEntry(decoding: bytes.dropFirst(2))
        }
    }

    /// Repeated varints may come packed, in several pieces, and one by one.
    @Test func `packed or not is the same`() throws {
        let bytes: [UInt8] = [0x28, 1, 0x2A, 2, 2, 3, 0x28, 0x80, 0x01, 0x2A, 0]
        #expect(try StopEntry(decoding: bytes).lastWatermarks == [1, 2, 3, 128])
    }
}
