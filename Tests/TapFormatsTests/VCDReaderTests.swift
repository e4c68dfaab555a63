import TapCore
import TestSupport
import Testing

@testable import TapFormats

/// Dumps as simulators and converters write them.
@Suite struct VCDReaderTests {
    private struct Dump: Equatable {
        var lines: [String] = []
        var channels: [String] = []
        var records: [String] = []
        var remarks: [String] = []
        var end: UInt64?
    }

    private static func read(_ path: String) throws -> Dump {
        var reader = try VCDReader(path)
        var sink = Notes(reader.header)
        var buffer = RecordBuffer(capacity: 64)
        var isMore = true
        while isMore {
            isMore = try reader.read(into: &buffer)
            buffer.drain(into: &sink)
        }
        return Dump(
            lines: reader.header.lines.map(\.name),
            channels: reader.header.devices.flatMap { $0.channels.map(\.name) }, records: sink.notes,
            remarks: reader.remarks, end: reader.end?.nanoseconds)
    }

    private static func dump(_ timescale: String, _ variables: String, _ changes: String) throws -> Dump {
        let folder = ScratchFolder()
        return try read(
            folder.write("x.vcd", "$timescale \(timescale) $end\n\(variables)\n$enddefinitions $end\n\(changes)\n"))
    }

    private static let rises = ["0 a is low (first)", "150 a rises"]

    @Test func `a mark of byte order is passed over`() throws {
        let dump = try VCDReaderTests.read("\(caseFolder)/vcd/bom.vcd")
        #expect(dump == Dump(lines: ["D0"], records: ["0 D0 is low (first)", "100 D0 rises"], end: 100))
    }

    @Test func `what tap cannot use is skipped and named, and the rest is read`() throws {
        var dump = try VCDReaderTests.read("\(caseFolder)/vcd/string0.vcd")
        #expect(dump.lines == ["a"] && dump.records == VCDReaderTests.rises)
        #expect(dump.remarks == ["skipped, as tap cannot use them: st (string)"])
        dump = try VCDReaderTests.read("\(caseFolder)/vcd/wires4097.vcd")
        #expect(dump.lines == ["a"] && dump.records == ["0 a is low (first)", "5 a rises"])
        #expect(dump.remarks == ["skipped, as tap cannot use them: big[4095:0] (4096 bits, more than 4096 in all)"])
        dump = try VCDReaderTests.dump(
            "1 ns",
            "$var wire 1 ! a $end $var event 1 % go $end $var wire 0 & none $end $var string 8 ' s $end "
                + "$var reg 99999 ( big $end $var real 64 ) r $end",
            "#0 0! 1% bx & sA\\040B ' b\(String(repeating: "1", count: 99_999)) ( r1.5 ) #150 1! 1% 1% b0 (")
        #expect(dump.lines == ["a"] && dump.channels == ["r"])
        #expect(dump.records == ["0 a is low (first)", "0 analog 1.5", "150 a rises"])
        #expect(
            dump.remarks == [
                "skipped, as tap cannot use them: go (event), none (no bits), s (string), "
                    + "big (99999 bits, more than 4096 in all)"
            ])
    }

    @Test func `what is named comes before the others where there are more than tap reads`() throws {
        let folder = ScratchFolder()
        let path = folder.write(
            "x.vcd",
            "$timescale 1 ns $end $var wire 4090 ! big $end $var wire 8 \" bus $end $var wire 1 # last $end "
                + "$enddefinitions $end #0 b0 ! b1 \" 0# #5 1#\n")
        var reader = try VCDReader(path)
        #expect(reader.header.lines.map(\.name).suffix(2) == ["big.0", "last"])
        #expect(reader.remarks == ["skipped, as tap cannot use them: bus (8 bits, more than 4096 in all)"])
        reader = try VCDReader(path, wanted: ["bus.3"])
        #expect(reader.header.lines.map(\.name) == (0..<8).reversed().map { "bus.\($0)" } + ["last"])
        #expect(reader.remarks == ["skipped, as tap cannot use them: big (4090 bits, more than 4096 in all)"])
    }

    @Test func `values of VHDL are levels, or unknown`() throws {
        let dump = try VCDReaderTests.dump(
            "1 ns", "$var wire 1 ! a $end $var wire 4 b v $end", "#0 U! bUL-H b #1 L! #2 H! #3 W! #4 -! #5 1!")
        #expect(
            dump.records == [
                "0 v.2 is low (first)", "0 v.0 is high (first)", "1 a is low (first)", "2 a rises",
                "3 a not-recorded", "5 a is high (resumed)",
            ])
    }

    @Test func `identifiers may be of any length and of any characters`() throws {
        #expect(
            try VCDReaderTests.read("\(caseFolder)/vcd/longid.vcd").records == [
                "0 SW1 is low (first)", "150 SW1 rises",
            ])
        let dump = try VCDReaderTests.dump(
            "1 ns", "$var wire 1 0123456789 a $end $var wire 1 0123456789x b $end $var wire 2 é_long_one c $end",
            "#0 00123456789 10123456789x b10 é_long_one #5 10123456789")
        #expect(
            dump.records == [
                "0 a is low (first)", "0 b is high (first)", "0 c.1 is high (first)", "0 c.0 is low (first)",
                "5 a rises",
            ])
    }

    @Test func `each of thousands of identifiers, short and long, finds its line`() throws {
        let lines = 0..<4_000
        func identifier(_ line: Int) -> String { line % 3 == 0 ? "v\(line)" : "\(line)" }
        let dump = try VCDReaderTests.dump(
            "1 ns", lines.map { "$var wire 1 \(identifier($0)) L\($0) $end" }.joined(separator: "\n"),
            "#0\n" + lines.map { "0\(identifier($0))" }.joined(separator: "\n") + "\n#5\n"
                + lines.reversed().map { "1\(identifier($0))" }.joined(separator: "\n"))
        #expect(
            dump.records == lines.map { "0 L\($0) is low (first)" } + lines.reversed().map { "5 L\($0) rises" })
    }

    @Test(arguments: [
        ("Channel 0", "Channel 0"), ("bus [3]", "bus[3]"), ("a b c", "a b c"),
    ])
    func `names keep their spaces`(written: String, name: String) throws {
        #expect(try VCDReaderTests.dump("1 ns", "$var wire 1 ! \(written) $end", "#0 0!").lines == [name])
    }

    @Test(
        arguments: [
            ("6666 ps", 150, 1_000, "times are in units of 6666 ps: 1 of them rounded to the nearest nanosecond"),
            ("3 ns", 150, 450, nil), ("1.5us", 150, 225_000, nil), ("20 ms", 3, 60_000_000, nil),
            ("1 s", 2, 2_000_000_000, nil),
            ("1 NS", 7, 7, nil), ("2 fs", 500_000_000, 1_000, nil),
        ] as [(String, UInt64, UInt64, String?)])
    func `a unit of time is any number of femtoseconds`(unit: String, time: UInt64, end: UInt64, remark: String?) throws
    {
        let dump = try VCDReaderTests.dump(unit, "$var wire 1 ! a $end", "#0 0! #\(time) 1!")
        #expect(dump.end == end)
        #expect(dump.remarks == [remark].compactMap { $0 })
    }

    @Test func `times may have fractions`() throws {
        let dump = try VCDReaderTests.dump("1 us", "$var wire 1 ! a $end", "#0 0! #0.5 1! #1.25e0 0! #2.0001 1! #3 0!")
        #expect(
            dump.records == ["0 a is low (first)", "500 a rises", "1250 a falls", "2000 a rises", "3000 a falls"])
        #expect(dump.remarks == ["times are in units of 1 us: 1 of them rounded to the nearest nanosecond"])
    }

    @Test func `picoseconds are not rounded to nothing in silence`() throws {
        let dump = try VCDReaderTests.dump("1 ps", "$var wire 1 ! a $end", "#0 0! #100 1! #200 0! #2000 1!")
        #expect(dump.records == ["0 a is low (first)", "0 a rises", "0 a falls", "2 a rises"])
        #expect(
            dump.remarks == [
                "times are in units of 1 ps: 2 of them rounded to the nearest nanosecond, and 2 fell together with the "
                    + "one before"
            ])
        #expect(try VCDReaderTests.dump("1 ps", "$var wire 1 ! a $end", "#0 0! #3000 1!").remarks == [])
    }

    @Test(arguments: [
        ("1 ms", [0, 20, 40], "10 ms"), ("1 ns", [0, 100, 1_000], "100 ns"), ("1 ns", [0, 100, 1_001], "1 ns"),
        ("1 s", [0, 100], "1 s"), ("1 us", [3, 5, 70], "1 us"),
    ])
    func `a dump gets the coarsest unit that loses nothing`(unit: String, times: [Int], expected: String) throws {
        let folder = ScratchFolder()
        let changes = times.enumerated().map { "#\($1) \($0 % 2)!" }.joined(separator: "\n")
        let input = folder.write(
            "in.vcd", "$timescale \(unit) $end\n$var wire 1 ! a $end\n$enddefinitions $end\n\(changes)\n")
        _ = try Conversion(version: "1").run(input, to: folder.file("out.vcd"), as: .vcd)
        let text = String(decoding: folder.read("out.vcd"), as: UTF8.self)
        #expect(text.contains("$timescale \(expected) $end"))
        #expect(try VCDReaderTests.read(folder.file("out.vcd")) == VCDReaderTests.read(input))
    }
}
