import TapCore
import TestSupport
import Testing

@testable import TapFormats

@Suite struct ComtradeReaderTests {
    private let folder = ScratchFolder()

    private static func record(
        _ name: String, _ change: (inout ReadOptions) -> Void = { _ in }
    ) throws -> Captured {
        var options = ReadOptions()
        change(&options)
        return try Captured("\(Cases.folder)/comtrade/\(name)", options)
    }

    private static let switches = [
        "0 Schuetz is low (first)", "0 Schaetz is high (first)", "1000000 Schuetz rises", "2000000 Schaetz falls",
    ]

    @Test(arguments: ["rev2000", "from0", "y1991"]) func `years and numbers of other programs are read`(name: String)
        throws
    {
        let record = try Self.record(name + ".cfg")
        #expect(record.records == Self.switches)
        #expect(record.end == 2_000_000)
        #expect(record.remarks == [])
    }

    @Test(
        arguments: [
            ("1991", nil), ("1995", nil), ("1997", nil), ("1999", nil), ("2001", nil), ("2013", nil), ("2023", nil),
            ("", nil), ("12", "COMTRADE of '12'"), ("x", "COMTRADE of 'x'"),
        ] as [(String, String?)]) func `every year is a revision`(year: String, mistake: String?) throws
    {
        let good = String(decoding: try Cases.bytes("comtrade/rev2000.cfg"), as: UTF8.self)
        let path = folder.write("x.cfg", good.replacing("S,D,2000", with: "S,D,\(year)"))
        _ = folder.write("x.dat", "1,0,0,1\n2,1000,1,1\n3,2000,1,0\n")
        guard let mistake else {
            #expect(try Captured(path).records == Self.switches)
            return
        }
        #expect(#expect(throws: TapError.self) { _ = try Captured(path) }?.what == mistake)
    }

    @Test func `a multiplier of zero makes a constant channel`() throws {
        for (data, rows) in [
            ("ASCII", Array("1,0,5,7\n2,1000,6,99999\n".utf8)),
            (
                "BINARY",
                [1, 0, 0, 0, 0, 0, 0, 0, 5, 0, 7, 0, 2, 0, 0, 0, 0xE8, 3, 0, 0, 6, 0, 0, 0x80] as [UInt8]
            ),
        ] {
            let path = folder.write(
                "\(data).cfg",
                "S,D,1999\n2,2A,0D\n1,A,,,V,2,1,0,-99999,99999,1,1,P\n2,B,,,V,0,4.1,0,-99999,99999,1,1,P\n50\n0\n0,2\n"
                    + "01/01/2024,00:00:00.000000\n01/01/2024,00:00:00.000000\n\(data)\n1\n")
            _ = folder.write("\(data).dat", rows)
            let record = try Captured(path)
            #expect(record.records == ["0 analog 11.0 4.1", "1000000 analog 13.0 nan"])
        }
    }

    @Test func `what is there is read whatever the configuration counts`() throws {
        let more = try Self.record("toomany.cfg")
        #expect(
            more.records == [
                "0 T1 is low (first)", "0 analog 1.0", "1000000 T1 rises", "1000000 analog 2.0", "2000000 T1 falls",
                "2000000 analog 3.0", "3000000 analog 4.0",
            ])
        #expect(more.remarks == ["has 4 samples, but its configuration says 3"])
        let fewer = try Self.record("toofew.cfg")
        #expect(
            fewer.records == ["0 T1 is low (first)", "0 analog 3.0", "1000000 T1 rises", "1000000 analog 8.0"])
        #expect(
            fewer.remarks == [
                "ends within sample 3, which is left out", "has 2 samples, but its configuration says 5",
            ])
    }

    @Test func `numbers that are left out are lost samples`() throws {
        let record = try Self.record("jump.cfg")
        #expect(
            record.records == [
                "0 T1 is low (first)", "0 analog 3.0", "1000000 T1 rises", "1000000 analog 8.0",
                "1000000 T1 not-recorded", "4000000 analog scans-missing", "4000000 T1 is high (resumed)",
                "4000000 analog 13.0", "5000000 T1 falls", "5000000 analog 18.0", "6000000 analog 23.0",
            ])
        #expect(record.remarks == ["samples that are missing by their numbers: 2"])
    }

    @Test func `names are never merged`() throws {
        let latin = try Self.record("latin1.cfg")
        #expect(latin.lines == ["Sch\u{FC}tz", "Sch\u{E4}tz"])
        #expect(
            latin.remarks == [
                "names are not UTF-8: they were read as Windows-1252; if they look wrong, give --encoding"
            ])
        #expect(try Self.record("latin1.cfg") { $0.encoding = TextEncoding("latin1") }.remarks == [])
        let chinese = try Self.record("gbk.cfg") { $0.encoding = TextEncoding("gbk") }
        #expect(chinese.lines == ["\u{6C34}\u{6CF5}", "\u{9600}\u{95E8}"])
        #expect(Set(try Self.record("gbk.cfg").lines).count == 2)
        let same = try Self.record("same.cfg")
        #expect(same.lines == ["T", "T_2"])
        #expect(same.remarks == ["names that were taken already have a number added: T_2"])
    }

    @Test(arguments: ["ascii.cff", "binary.cff"]) func `a record in one file is read`(name: String) throws {
        let record = try Self.record(name)
        #expect(record.lines == ["T1"])
        #expect(record.channels == ["analog.IA A"])
        #expect(
            record.records.filter { !$0.contains("T1") } == [
                "0 analog 3.0", "1000000 analog 8.0", "2000000 analog nan",
            ])
        #expect(record.records.contains("1000000 T1 rises"))
        #expect(record.remarks == [])
        let header = try CaptureFormat.open("\(Cases.folder)/comtrade/\(name)").header
        #expect(header.fix?.utcNanoseconds == Words.nanoseconds(utc: "2024-03-01T09:00:00Z"))
        let bytes = try Cases.bytes("comtrade/\(name)")
        #expect(throws: TapError.self) { _ = try Captured(folder.write("x.cff", Array(bytes.prefix(200)))) }
        #expect(throws: TapError.self) { _ = try Captured(folder.write("x.cff", "1,2,3\n")) }
    }

    @Test func `a date needs a zone to be UTC`() throws {
        var options = ReadOptions()
        options.zone = ZoneOffset("-05:30")
        for name in ["gbk.cfg", "b1991.cfg"] {
            #expect(try CaptureFormat.open("\(Cases.folder)/comtrade/\(name)").header.fix == nil)
            let header = try CaptureFormat.open("\(Cases.folder)/comtrade/\(name)", options).header
            #expect(header.fix?.utcNanoseconds == Words.nanoseconds(utc: "2024-03-01T15:30:00Z"))
        }
    }

    @Test func `a missing sample is one`() throws {
        #expect(try Self.record("m.cfg").records == ["0 analog 0.1 nan", "1000000 analog nan 0.2"])
        // In 1991 the pattern was another.
        #expect(
            try Self.record("b1991.cfg").records.filter { $0.contains("analog") } == [
                "0 analog 3.0", "1000000 analog nan", "2000000 analog 13.0",
            ])
        #expect(
            try Self.record("missing.cfg").records.filter { $0.contains("analog") } == [
                "0 analog 3.0 48.0", "1000000 analog nan nan", "2000000 analog 13.0 nan",
            ])
    }

    @Test(arguments: ["csv", "jsonl", "vcd", "sr", "cfg"]) func `a missing sample stays one`(ending: String) throws {
        var conversion = Conversion(version: "test")
        conversion.mayReplace = true
        let path = folder.file("x.\(ending)")
        _ = try conversion.run(
            "\(Cases.folder)/comtrade/missing.cfg", to: path, as: #require(CaptureFormat(name: path)))
        let scans = try Captured(path).records.filter { $0.contains("analog") }
        let wanted = ["0 analog 3.0 48.0", "1000000 analog nan nan", "2000000 analog 13.0 nan"]
        #expect(scans.prefix(3) == wanted[...])
        // And back.
        let back = folder.file("back.cfg")
        _ = try conversion.run(path, to: back, as: .comtrade)
        #expect(try Captured(back).records.filter { $0.contains("analog") }.prefix(3) == wanted[...])
    }

    @Test func `whole numbers stay small`() throws {
        let back = folder.file("back.cfg")
        _ = try Conversion(version: "test").run("\(Cases.folder)/comtrade/missing.cfg", to: back, as: .comtrade)
        let configuration = String(decoding: folder.read("back.cfg"), as: UTF8.self)
        #expect(configuration.contains("\r\nBINARY\r\n"))
        #expect(configuration.contains("1,IA,,,A,0.5,-2.0,0,"))
        #expect(folder.read("back.dat").count == 42)
    }
}
