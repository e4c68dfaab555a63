import TapCore
import TestSupport
import Testing

@testable import TapFormats

/// What the header of a JSON Lines capture promises is compared with its records.
@Suite struct PromisesTests {
    private func remarks(_ capabilities: String, _ records: [String]) throws -> [String] {
        let folder = ScratchFolder()
        let head =
            #"{"tap":"t","format":1,"board":"b","origin_ns":0,"sources":[{"name":"s",\#(capabilities)"lines":"#
            + #"[{"name":"A"},{"name":"B"}],"devices":[{"name":"adc","bytes_per_scan":1,"channels":[{"name":"x","#
            + #""byte_offset":0,"format":"le:u8/8>>0","offset":0,"scale":1}]}],"tags":[{"source":"hmi","tag":"T"}]}]}"#
        let text = ([head] + records).joined(separator: "\n") + "\n"
        return try Captured(folder.write("x.jsonl", text)).remarks
    }

    private static let edge = #"{"t_ns":2,"line":"A","edge":"rising","seq":1}"#
    private static let counted = #"{"t_ns":3,"line":"A","edge":"falling","seq":2,"seq_counted_here":true}"#
    private static let scan = #"{"t_ns":4,"device":"adc","scan":0,"raw":[5],"stamps":"exact","uncertainty_ns":0}"#
    private static let claim = #"{"t_ns":5,"source":"hmi","tag":"T","claim":1,"quality":"good"}"#
    private static func level(_ line: String) -> String {
        #"{"t_ns":1,"line":"\#(line)","level":0,"reason":"first","not_before_ns":0,"not_after_ns":1}"#
    }

    @Test func `a header that promises nothing is not checked`() throws {
        #expect(try remarks("", [Self.edge, Self.counted, Self.scan, Self.claim]) == [])
    }

    @Test func `what a source does not give is reported with its line`() throws {
        let all = [Self.edge, Self.counted, Self.scan, Self.claim]
        #expect(try remarks(#""capabilities":["edges","scans","claims"],"#, all) == [])
        #expect(
            try remarks(#""capabilities":["newer"],"#, all) == [
                "2 edges, of a source without 'edges' in the header, the first in line 2",
                "1 scan, of a source without 'scans' in the header, the first in line 4",
                "1 claim, of a source without 'claims' in the header, the first in line 5",
            ])
        #expect(
            try remarks(#""capabilities":["edges","scans","claims","counts-queue-loss"],"#, all) == [
                "1 edge without the kernel's numbers, of a source with 'counts-queue-loss' in the header, the first in line 3"
            ])
    }

    @Test func `levels that were to be read are there`() throws {
        let promised = #""capabilities":["edges","reads-levels"],"#
        #expect(try remarks(promised, [Self.level("A"), Self.level("B"), Self.edge]) == [])
        #expect(
            try remarks(promised, [Self.level("A"), Self.edge]) == [
                "no level of B, of a source with 'reads-levels' in the header"
            ])
    }
}
