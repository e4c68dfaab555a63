import Glibc
import TapCore
import TestSupport
import Testing

@testable import TapFormats

@Suite struct ByteWriterTests {
    /// What is there after `body` wrote and everything was flushed.
    private func written(_ body: (inout ByteWriter) -> Void) -> String {
        let memory = MemoryOutput()
        var writer = ByteWriter(memory)
        body(&writer)
        writer.flush()
        #expect(writer.failure == nil)
        return memory.text
    }

    @Test func `decimals of every length are right, at both ends of it`() {
        var values: [UInt64] = [0, 9, 10, .max, .max - 1]
        var power: UInt64 = 1
        for _ in 0..<19 {
            power *= 10
            values += [power - 1, power, power + 1]
        }
        let text = written { writer in
            for value in values {
                writer.append(decimal: value)
                writer.append(UInt8(ascii: "\n"))
            }
            for value in [Int64.min, -10, -1, 0, .max] {
                writer.append(decimal: value)
                writer.append(UInt8(ascii: "\n"))
            }
        }
        let wanted = values.map { "\($0)" } + ["-9223372036854775808", "-10", "-1", "0", "9223372036854775807"]
        #expect(text.split(separator: "\n").map(String.init) == wanted)
    }

    @Test(
        arguments: [
            (0, 1, "0"), (0, 9, "000000000"), (5, 9, "000000005"), (10, 3, "010"), (99, 2, "99"), (100, 2, "100"),
            (1_234_567_890, 9, "1234567890"), (.max, 20, "18446744073709551615"), (1, 20, "00000000000000000001"),
        ] as [(UInt64, Int, String)])
    func `a decimal is filled with zeros to its width and never cut`(_ value: UInt64, _ width: Int, _ wanted: String) {
        #expect(written { $0.append(decimal: value, width: width) } == wanted)
    }

    @Test func `a record may be longer than the buffer`() {
        let long = String(repeating: "0123456789", count: 40_000)
        let piece = Array("abcdefg".utf8)
        let text = written { writer in
            writer.append(long)
            writer.append(Array(long.utf8))
            for _ in 0..<50_000 { writer.append(piece) }
            writer.endRecord(at: at(1))
            #expect(writer.lastWhole == at(1))
            for _ in 0..<300_000 { writer.append(UInt8(ascii: "x")) }
            for _ in 0..<20_000 { writer.append(decimal: UInt64.max) }
        }
        #expect(
            text == long + long + String(repeating: "abcdefg", count: 50_000) + String(repeating: "x", count: 300_000)
                + String(repeating: "\(UInt64.max)", count: 20_000))
    }

    @Test func `nothing is whole before it is written, everything after it`() {
        let memory = MemoryOutput()
        var writer = ByteWriter(memory)
        writer.append("one\n")
        writer.endRecord(at: at(1))
        writer.append("tw")
        #expect(writer.lastWhole == nil)
        writer.flush()
        #expect(writer.lastWhole == at(1))
        writer.append("o\n")
        writer.endRecord(at: at(2))
        writer.flush()
        #expect(writer.lastWhole == at(2))
        #expect(memory.text == "one\ntwo\n")
    }

    @Test func `a pipe without a reader is reported as such`() throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [-1, -1]
        try #require(unsafe pipe(&ends) == 0)
        close(ends[0])
        defer { close(ends[1]) }
        var writer = ByteWriter(DescriptorOutput(ends[1], name: "standard output"))
        writer.append("one\n")
        writer.endRecord(at: at(1))
        writer.flush()
        #expect(writer.failure == TapError(.closedPipe, "standard output", "its reader has closed it", remedy: ""))
        #expect(writer.lastWhole == nil)
        writer.append("two\n")
        writer.endRecord(at: at(2))
        writer.flush()
        #expect(writer.lastWhole == nil)
    }

    @Test func `a full device is reported as such`() throws {
        let device = unsafe open("/dev/full", O_WRONLY)
        try #require(device >= 0)
        defer { close(device) }
        var writer = ByteWriter(DescriptorOutput(device, name: "x.jsonl"))
        writer.append("one\n")
        writer.endRecord(at: at(1))
        writer.flush()
        #expect(
            writer.failure?.description
                == "x.jsonl: cannot be written: No space left on device; make room or write elsewhere")
        #expect(writer.failure?.kind == .output)
        #expect(writer.lastWhole == nil)
    }

    /// A file in memory that cannot grow beyond its size: a write stops within it with EPERM (fcntl(2), F_SEAL_GROW).
    private func sealed(_ size: Int, from start: Int = 0) throws -> Int32 {
        // Swift's Glibc module does not show it.
        typealias Create = @convention(c) (UnsafePointer<CChar>, UInt32) -> Int32
        let symbol = unsafe try #require(unsafe dlsym(nil, "memfd_create"))
        let create = unsafe unsafeBitCast(symbol, to: Create.self)
        let allowSealing: UInt32 = 2
        let file = unsafe create("tap-formats", allowSealing)
        try #require(file >= 0)
        try #require(ftruncate(file, off_t(size)) == 0)
        let addSeals: Int32 = 1_033
        let sealGrow: Int32 = 4
        try #require(fcntl(file, addSeals, sealGrow) == 0)
        lseek(file, off_t(start), SEEK_SET)
        return file
    }

    @Test(arguments: [0, 100])
    func `a file that cannot grow ends with its last whole record`(_ start: Int) throws {
        let file = try sealed(8_192, from: start)
        defer { close(file) }
        var writer = ByteWriter(DescriptorOutput(file, name: "x.jsonl"))
        for number in 0..<1_000 {
            writer.append("record \(number)\n")
            writer.endRecord(at: at(UInt64(number)))
            // What was flushed before counts, too.
            if number == 300 { writer.flush() }
        }
        writer.flush()
        #expect(writer.failure?.kind == .output)
        let text = String(contents(of: file).dropFirst(start))
        let whole = writer.lastWhole
        let last = try #require(whole).nanoseconds
        #expect(text == (0...last).map { "record \($0)\n" }.joined())
        #expect(start + text.utf8.count > 8_192 - 12 && start + text.utf8.count <= 8_192)
    }

    @Test func `memory that is full ends with its last whole record`() {
        let memory = MemoryOutput(capacity: 10)
        var writer = ByteWriter(memory)
        for number: UInt64 in 1...3 {
            writer.append("four")
            writer.endRecord(at: at(number))
        }
        writer.flush()
        #expect(writer.failure == TapError(.output, "memory", "is full", remedy: "make room or write elsewhere"))
        #expect(writer.lastWhole == at(2))
        #expect(memory.text == "fourfour")
    }

    @Test func `what stood in a file that is appended to stays, also when nothing more can be written`() throws {
        let file = try sealed(6)
        defer { close(file) }
        put("first\n", to: file)
        _ = fcntl(file, F_SETFL, O_APPEND)
        lseek(file, 0, SEEK_SET)
        var writer = ByteWriter(DescriptorOutput(file, name: "x.jsonl"))
        writer.append("second\n")
        writer.endRecord(at: at(1))
        writer.flush()
        #expect(writer.failure?.kind == .output)
        #expect(writer.lastWhole == nil)
        #expect(contents(of: file) == "first\n")

        let room = ScratchFile()
        put("first\n", to: room.descriptor)
        _ = fcntl(room.descriptor, F_SETFL, O_APPEND)
        lseek(room.descriptor, 0, SEEK_SET)
        var other = ByteWriter(DescriptorOutput(room.descriptor, name: "x.jsonl"))
        other.append("second\n")
        other.endRecord(at: at(1))
        other.flush()
        #expect(room.text == "first\nsecond\n")
    }
}
