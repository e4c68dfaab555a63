import TapCore
import TestSupport
import Testing

@testable import TapFormats

/// What a power cut, a lost piece or a stranger's hand leaves of a capture.
@Suite struct TornFileTests {
    /// Records as lines of text, and what reading found.
    private static func read(_ path: String) throws -> (records: [String], remarks: [String], end: UInt64?) {
        let reader = try CaptureFormat.open(path)
        return try drain(reader)
    }

    private static func drain(
        _ reader: consuming any CaptureReader & ~Copyable
    ) throws -> (records: [String], remarks: [String], end: UInt64?) {
        var reader = reader
        var sink = Notes(reader.header)
        var buffer = RecordBuffer(capacity: 64)
        var isMore = true
        while isMore {
            isMore = try reader.read(into: &buffer)
            buffer.drain(into: &sink)
        }
        return (sink.notes, reader.remarks, reader.end?.nanoseconds)
    }

    private static func whole(_ name: String) throws -> [UInt8] {
        var file = try InputFile("\(caseFolder)/\(name)")
        _ = try file.need(InputFile.capacity)
        return Array(file.bytes[file.start..<file.end])
    }

    private static let tornAt25 =
        "ends within a record, in line 25: it was read up to there, and what followed is lost"

    @Test func `a torn file is read up to its last whole record, and says how it ends`() throws {
        let (records, remarks, end) = try TornFileTests.read("\(caseFolder)/break/torn.jsonl")
        // 23 records follow the header; then each of its seven lines is unknown.
        #expect(records.count == 23 + 7)
        #expect(records[22] == "46000000 SUPPLIED falls")
        #expect(records[23...].allSatisfy { $0.hasPrefix("46000000 ") && $0.hasSuffix(" not-recorded") })
        #expect(remarks == [TornFileTests.tornAt25])
        #expect(end == 46_000_000)
    }

    @Test(arguments: [1, 4_096, 700_000])
    func `zeros where the rest was to be written are a torn end, however many`(count: Int) throws {
        let folder = ScratchFolder()
        let bytes = try TornFileTests.whole("break/torn.jsonl") + [UInt8](repeating: 0, count: count)
        let (records, remarks, _) = try TornFileTests.read(folder.write("torn.jsonl", bytes))
        #expect(records.count == 23 + 7)
        #expect(remarks == [TornFileTests.tornAt25])
    }

    @Test func `cut anywhere behind its header, a file is read up to the last whole record`() throws {
        let folder = ScratchFolder()
        let bytes = try TornFileTests.whole("break/flip.jsonl")
        let all = try TornFileTests.read(folder.write("all.jsonl", bytes)).records
        let header = try #require(bytes.firstIndex(of: 10))
        for length in header + 1..<bytes.count {
            let (records, remarks, _) = try TornFileTests.read(folder.write("cut.jsonl", Array(bytes[..<length])))
            // A record that lacks nothing but its newline is whole.
            let isTorn = bytes[length - 1] != 10 && bytes[length - 1] != UInt8(ascii: "}")
            let whole = bytes[header + 1..<length].split(separator: 10).count - (isTorn ? 1 : 0)
            #expect(Array(records.prefix(whole)) == Array(all.prefix(whole)))
            #expect(records.count == whole + (isTorn ? 7 : 0))
            #expect(remarks.contains { $0.hasPrefix("ends within") } == isTorn)
        }
    }

    @Test func `edges that were cut out of the middle are a gap with their number, where they are missing`() throws {
        let (records, remarks, _) = try TornFileTests.read("\(caseFolder)/break/del.jsonl")
        let gap = try #require(records.firstIndex { $0.hasSuffix("not-recorded") })
        #expect(records[gap] == "60000000 CONTACT not-recorded" || records[gap].contains("CONTACT not-recorded"))
        #expect(records.count { $0.hasSuffix("not-recorded") } == 1)
        #expect(remarks == ["5 records missing by number or direction: each place has a gap, not-recorded"])
        var reader = try JSONLinesReader("\(caseFolder)/break/del.jsonl")
        var sink = RecordCollector()
        var buffer = RecordBuffer()
        _ = try reader.read(into: &buffer)
        buffer.drain(into: &sink)
        let place = try #require(
            sink.records.firstIndex { if case .event(.gap) = $0 { true } else { false } })
        guard case .event(.gap(let found)) = sink.records[place], case .edge(let edge) = sink.records[place + 1] else {
            Issue.record("no edge follows the gap")
            return
        }
        #expect(found.count == .exactly(5))
        #expect(found.kind == .notRecorded)
        #expect(found.from.nanoseconds == 20_069_218 && found.to == edge.time && found.discovered == edge.time)
        #expect(edge.sequence == 8 && edge.flags.contains(.missedBefore))
    }

    @Test func `what goes back in time stays in its place, is flagged late and reported`() throws {
        let (records, remarks, _) = try TornFileTests.read("\(caseFolder)/break/flip.jsonl")
        #expect(!records.contains { $0.hasSuffix("not-recorded") })
        #expect(
            remarks == ["1 record out of order, the first in line 12: these are flagged late"])
    }

    private static let header =
        #"{"tap":"t","format":1,"origin_ns":100,"sources":[{"clock":{"kind":"monotonic","offset_to_monotonic_ns":0},"#
        + #""lines":[{"name":"A","edges":"both"},{"name":"R","edges":"rising"}],"devices":[{"name":"d","#
        + #""bytes_per_scan":1,"channels":[{"name":"c","byte_offset":0,"format":"le:u8/8>>0"}]}]}]}"#

    struct Audit: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var rows: [String]
        var gaps: [String] = []
        var remarks: [String] = []
    }

    private static func edge(_ time: Int, _ line: String, _ isHigh: Bool, _ number: Int, _ more: String = "") -> String
    {
        #"{"t_ns":\#(time),"line":"\#(line)","edge":"\#(isHigh ? "rising" : "falling")","seq":\#(number)\#(more)}"#
    }

    private static func first(_ line: String, _ level: Int) -> String {
        #"{"t_ns":110,"line":"\#(line)","level":\#(level),"reason":"first","not_before_ns":105,"not_after_ns":110}"#
    }

    private static func gap(_ kind: String, _ line: String, at time: Int, _ from: Int, _ to: Int) -> String {
        #"{"t_ns":\#(time),"gap":"\#(kind)","line":"\#(line)","lost":3,"lost_is":"exact","from_ns":\#(from),"#
            + #""to_ns":\#(to)}"#
    }

    private static func scan(_ time: Int, _ number: Int) -> String {
        #"{"t_ns":\#(time),"device":"d","scan":\#(number),"raw":[1],"stamps":"exact","uncertainty_ns":0}"#
    }

    static let audits: [Audit] = [
        Audit(
            testDescription: "the first edges are cut off", rows: [first("A", 0), edge(200, "A", true, 5)],
            gaps: ["200 A not-recorded"],
            remarks: ["4 records missing by number or direction: each place has a gap, not-recorded"]),
        Audit(
            testDescription: "a direction that repeats", rows: [first("A", 0), edge(200, "A", false, 1)],
            gaps: ["200 A not-recorded"],
            remarks: ["1 record missing by number or direction: each place has a gap, not-recorded"]),
        Audit(
            testDescription: "tap's own gap further down speaks of it",
            rows: [
                first("A", 0), edge(200, "A", true, 1), edge(300, "A", true, 5),
                gap("ring-full", "A", at: 350, 200, 300),
            ],
            gaps: ["350 A ring-full"]),
        Audit(
            testDescription: "tap's own flag speaks of it",
            rows: [
                first("A", 0), edge(200, "A", true, 1), edge(300, "A", true, 5, #","missed_before":true"#),
                gap("kernel-queue-overflow", "A", at: 350, 200, 300), edge(400, "A", false, 6),
            ], gaps: ["350 A kernel-queue-overflow"]),
        Audit(
            testDescription: "another line's gap does not",
            rows: [
                first("A", 0), edge(200, "A", true, 1), edge(300, "A", true, 5),
                gap("ring-full", "R", at: 350, 200, 300),
            ],
            gaps: ["300 A not-recorded", "350 R ring-full"],
            remarks: ["3 records missing by number or direction: each place has a gap, not-recorded"]),
        Audit(
            testDescription: "a line that is taken up again is numbered anew",
            rows: [
                first("A", 0), edge(200, "A", true, 1), gap("source-gone", "A", at: 250, 200, 250),
                gap("source-back", "A", at: 300, 200, 300), edge(310, "A", true, 1),
            ], gaps: ["250 A source-gone", "300 A source-back"]),
        Audit(
            testDescription: "numbers wrap", rows: [edge(200, "A", true, 4_294_967_295), edge(210, "A", false, 0)]),
        Audit(
            testDescription: "a scan is cut out", rows: [scan(200, 7), scan(210, 8), scan(240, 11)],
            gaps: ["240 d not-recorded"],
            remarks: ["2 records missing by number or direction: each place has a gap, not-recorded"]),
        Audit(
            testDescription: "a direction that is not captured", rows: [first("R", 0), edge(200, "R", false, 1)],
            remarks: ["1 edge in a direction that the header says is not captured, the first in line 3"]),
        Audit(
            testDescription: "two records twice",
            rows: [
                edge(200, "A", true, 1), edge(300, "A", false, 2), edge(200, "A", true, 1), edge(300, "A", false, 2),
            ],
            remarks: ["2 records out of order, the first in line 4: these are flagged late"]),
    ]

    @Test(arguments: audits)
    func `numbers, order and what the header promises are checked`(_ audit: Audit) throws {
        let folder = ScratchFolder()
        let text = ([TornFileTests.header] + audit.rows).joined(separator: "\n") + "\n"
        let (records, remarks, _) = try TornFileTests.read(folder.write("audit.jsonl", text))
        let gaps = records.filter { record in
            Gap.Kind.allCases.contains { record.hasSuffix(" \(Words.kind($0))") }
        }
        #expect(gaps == audit.gaps)
        #expect(remarks == audit.remarks)
        #expect(records.count == audit.rows.count + gaps.count { $0.hasSuffix("not-recorded") })
    }

    @Test(arguments: [
        ("#5\n1\"", false, 5), ("#5\n1!", true, 5), ("#5\nb10", true, 5), ("#5\nr1.5 ", true, 5),
        ("#5\n1!\n#", true, 5),
        ("#5\n1!!\n#9", false, 9), ("#5\n$comment x", true, 5), ("#5\n1!!\0\0\0\0", false, 5),
        ("#5\nb1\0\0", true, 5),
    ])
    func `a torn dump is read up to its last whole change`(text: String, isTorn: Bool, end: UInt64) throws {
        let folder = ScratchFolder()
        let head =
            "$timescale 1 ns $end\n$var wire 1 ! A $end\n$var wire 1 !! B $end\n$var wire 1 \" C $end\n"
            + "$enddefinitions $end\n#0\n0!\n0!!\n0\"\n"
        let (records, remarks, found) = try TornFileTests.read(folder.write("torn.vcd", head + text))
        #expect(remarks.contains { $0.hasPrefix("ends within a record") } == isTorn)
        #expect(records.count { $0.hasSuffix("not-recorded") } == (isTorn ? 3 : 0))
        #expect(found == end)
    }
}

/// Small files that are kept with the tests.
let caseFolder = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Cases"
