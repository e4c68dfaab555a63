import TapCore
import TestSupport
import Testing

@testable import TapFormats

/// No name or text of a file gets through to a terminal, or into another format's grammar, as what it is not.
@Suite struct SafeNamesTests {
    /// What a hostile file may call things: escapes, a bell, C1 controls, reversed reading, a new line, words of VCD.
    static let hostile = [
        "\u{1B}]0;OWNED\u{7}\u{1B}[2J", "\u{9B}31m", "\u{202E}gnp.exe", "a\nsamplerate=1 Hz", "$end",
        "$enddefinitions $end",
        "\u{2028}", "\u{85}x", String(repeating: "n", count: 9_000),
    ]

    private static func isSafe(_ bytes: [UInt8]) -> Bool {
        // Lines of COMTRADE end with CR and LF.
        String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n").unicodeScalars.allSatisfy {
            !isDangerous($0) || $0 == "\n"
        }
    }

    /// A capture in JSON Lines in which everything that has a name has this one.
    private static func capture(_ name: String) -> String {
        let name = JSON.string(name)
        return #"{"tap":"t","format":1,"board":\#(name),"kernel":\#(name),"notes":[\#(name)],"origin_ns":0,"sources":["#
            + #"{"name":\#(name),"clock":{"kind":"file"},"limits":[\#(name)],"lines":[{"name":\#(name),"chip":\#(name),"#
            + #""pin":\#(name)}],"devices":[{"name":\#(name),"context":\#(name),"bytes_per_scan":1,"channels":"#
            + #"[{"name":\#(name),"channel":\#(name),"pin":\#(name),"unit":\#(name),"byte_offset":0,"#
            + #""format":"le:u8/8>>0","offset":0,"scale":1}]}],"tags":[{"source":\#(name),"tag":\#(name),"#
            + #""unit":\#(name)}]}]}"# + "\n"
            + #"{"t_ns":1,"line":\#(name),"level":0,"reason":"first","not_before_ns":0,"not_after_ns":1}"# + "\n"
            + #"{"t_ns":2,"line":\#(name),"edge":"rising","seq":1}"# + "\n"
            + #"{"t_ns":3,"device":\#(name),"scan":0,"raw":[5],"stamps":"exact","uncertainty_ns":0}"# + "\n"
            + #"{"t_ns":4,"source":\#(name),"tag":\#(name),"claim":\#(name),"quality":"good"}"# + "\n"
            + #"{"t_ns":5,"note":\#(name),"by":\#(name)}"# + "\n"
            + #"{"t_ns":6,"gap":"ring-full","line":\#(name),"lost":1,"lost_is":"exact","from_ns":5,"to_ns":6}"# + "\n"
    }

    @Test(arguments: hostile)
    func `text, dumps, tables and JSON Lines hold no control character`(name: String) throws {
        let folder = ScratchFolder()
        let input = folder.write("in.jsonl", SafeNamesTests.capture(name))
        for ending in ["vcd", "csv", "jsonl", "cfg"] {
            var conversion = Conversion(version: "1")
            conversion.sampleRate_hz = 1_000_000_000
            _ = try conversion.run(
                input, to: folder.file("out.\(ending)"),
                as: try #require(CaptureFormat(name: ending == "cfg" ? "x.cfg" : "x.\(ending)")))
            #expect(SafeNamesTests.isSafe(folder.read("out.\(ending)")), "\(ending)")
        }
        var reader = try JSONLinesReader(input)
        let memory = MemoryOutput()
        var writer = TextWriter(reader.header, to: ByteWriter(memory))
        var buffer = RecordBuffer()
        _ = try reader.read(into: &buffer)
        buffer.drain(into: &writer)
        try writer.finish(at: .zero)
        #expect(SafeNamesTests.isSafe(memory.bytes))
        // As many lines as there are records and sentences: a name adds none.
        #expect(memory.text.split(separator: "\n").count == 4 + 6)
    }

    @Test(arguments: hostile)
    func `a dump that tap writes of any name can be read back`(name: String) throws {
        let folder = ScratchFolder()
        let input = folder.write("in.jsonl", SafeNamesTests.capture(name))
        _ = try Conversion(version: "1").run(input, to: folder.file("out.vcd"), as: .vcd)
        let captured = try Captured(folder.file("out.vcd"))
        #expect(captured.lines.count == 1 && captured.channels.count == 1)
        #expect(captured.records.count { $0.hasSuffix("rises") } == 1)
    }

    @Test func `names that differ only in what cannot be seen stay two`() throws {
        let folder = ScratchFolder()
        let text =
            #"{"tap":"t","format":1,"origin_ns":0,"sources":[{"clock":{"kind":"file"},"lines":[{"name":"A\u001b"},"#
            + #"{"name":"A\\u{1b}"}]}]}"# + "\n" + #"{"t_ns":2,"line":"A\\u{1b}","edge":"rising","seq":1}"# + "\n"
        let captured = try Captured(folder.write("twins.jsonl", text))
        #expect(captured.lines == [#"A\u{1b}"#, #"A\u{1b}_2"#])
        #expect(captured.records == [#"2 A\u{1b}_2 rises"#])
    }
}
