import Foundation
import TapCore
import TestSupport
import Testing

@testable import TapFormats

@Suite struct JSONLinesWriterTests {
    @Test func `every kind of record has its line`() throws {
        let memory = MemoryOutput()
        var writer = JSONLinesWriter(Fixture.header, to: ByteWriter(memory))
        try Fixture.play(&writer)
        let lines = memory.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let wanted = JSONLinesWriterTests.golden
        #expect(lines.count == wanted.count)
        for (line, want) in zip(lines, wanted) { #expect(line == want) }
    }

    @Test func `every line is an object for another JSON reader`() throws {
        let memory = MemoryOutput()
        var writer = JSONLinesWriter(Fixture.header, to: ByteWriter(memory))
        try Fixture.play(&writer)
        for line in memory.text.split(separator: "\n") {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            let members = try #require(object)
            #expect(members["t_ns"] is NSNumber || members["format"] as? Int == 1)
        }
    }

    @Test func `a session without a date says so with null`() throws {
        let header = SessionHeader(
            version: "1", board: "b", origin: at(5), fix: nil, kernel: "",
            sources: [SourceInfo(name: "s", provenance: .simulated, clock: ClockDomain(.virtual), capabilities: [])],
            shortestPulse: .microseconds(20))
        let text = JSONLinesWriter.text(of: header)
        #expect(text.hasPrefix("{\"tap\":\"1\",\"format\":1,\"provenance\":\"simulated\",\"board\":\"b\","))
        #expect(text.contains("\"origin_ns\":5,\"clock_fix\":null,\"kernel\":\"\",\"shortest_pulse_ns\":20000,"))
    }

    @Test func `what the board's file notes is in the header, and comes back from it`() throws {
        let notes = ["Inputs take 3.3 V.", "DOOR: \"X5:4\""]
        let header = SessionHeader(
            version: "1", board: "b", origin: at(5), fix: nil, kernel: "", sources: [], notes: notes)
        let text = JSONLinesWriter.text(of: header)
        #expect(text.contains(#","notes":["Inputs take 3.3 V.","DOOR: \"X5:4\""],"sources":[]"#))
        let folder = ScratchFolder()
        let reader = try JSONLinesReader(folder.write("notes.jsonl", text + "\n"))
        #expect(reader.header.notes == notes)
    }

    private static let head =
        #"{"tap":"1.2.3","format":1,"provenance":"remote","board":"rig","origin_ns":1000000000,"#
        + #""clock_fix":{"t_ns":1000000000,"utc":"2026-11-23T20:02:11.500000000Z","utc_ns":1795464131500000000,"#
        + #""bracket_ns":640,"boot":"01234567-89ab-cdef-fedc-ba9876543210","synchronised":true,"#
        + #""since_synchronised_ns":0,"kernel_maximum_error_ns":1500000},"kernel":"6.12.0","#
        + #""shortest_pulse_ns":null,"sources":[{"name":"gpiod","provenance":"hardware","#
        + #""clock":{"kind":"monotonic","offset_to_monotonic_ns":0,"uncertainty_ns":0},"#
        + #""capabilities":["edges","counts-queue-loss","reads-levels"],"limits":["costs $end nothing"],"#
        + #""lines":[{"name":"DOOR \"A\"","chip":"pinctrl-bcm2711","offset":17,"pin":"J8-11","edges":"both","#
        + #""bias":"as-is","active_low":false,"debounce_ns":0,"queue_asked":1024,"queue_held":1024},"#
        + #"{"name":"PUMP","chip":"pinctrl-bcm2711","offset":27,"pin":"","edges":"rising","bias":"pull-up","#
        + #""active_low":true,"debounce_ns":5000000,"queue_asked":null,"queue_held":null}],"devices":[]},"#
        + #"{"name":"iio","provenance":"remote","#
        + #""clock":{"kind":"remote","offset_to_monotonic_ns":500,"uncertainty_ns":null},"#
        + #""capabilities":["scans"],"limits":[],"lines":[],"devices":[{"name":"adc","context":"ip:192.0.2.7","#
        + #""how":"buffered","timestamped":false,"rate_hz":1000.0,"bytes_per_scan":4,"channels":["#
        + #"{"name":"AIN0","channel":"voltage0","pin":"P1.19","unit":"V","format":"be:s16/16>>0","byte_offset":0,"#
        + #""offset":0.0,"scale":0.5},{"name":"PAIR","channel":"voltage1","pin":"","unit":"raw","#
        + #""format":"le:u8/8X2>>0","byte_offset":2,"offset":1.0,"scale":1.0}]}]}]}"#

    private static func gap(_ kind: String, _ subject: String, _ lost: String, _ to: String = "2300000000") -> String {
        #"{"t_ns":2300000000,"gap":"\#(kind)",\#(subject),"lost":\#(lost),"from_ns":2250000000,"to_ns":\#(to)}"#
    }

    private static let golden: [String] =
        [
            head,
            #"{"t_ns":1000000000,"utc":"2026-11-23T20:02:11.500000000Z","utc_ns":1795464131500000000,"#
                + #""bracket_ns":640,"boot":"01234567-89ab-cdef-fedc-ba9876543210","synchronised":true,"#
                + #""since_synchronised_ns":0,"kernel_maximum_error_ns":1500000}"#,
            #"{"t_ns":1000005000,"line":"DOOR \"A\"","level":1,"reason":"first","not_before_ns":1000001000,"not_after_ns":1000005000}"#,
            #"{"t_ns":1000005000,"line":"PUMP","level":0,"reason":"first","not_before_ns":1000001000,"not_after_ns":1000005000}"#,
            #"{"t_ns":1002000000,"line":"DOOR \"A\"","edge":"falling","seq":1}"#,
            #"{"t_ns":2234567890,"line":"PUMP","edge":"rising","seq":1}"#,
            #"{"t_ns":2234567890,"line":"DOOR \"A\"","edge":"rising","seq":4,"missed_before":true}"#,
            #"{"t_ns":2200000000,"line":"DOOR \"A\"","edge":"falling","seq":4294967295,"late":true,"seq_counted_here":true}"#,
            gap("kernel-queue-overflow", #""line":"DOOR \"A\"""#, #"2,"lost_is":"exact""#),
            gap("repeated-polarity", #""line":"PUMP""#, #"1,"lost_is":"at-least""#),
            gap("level-disagreement", #""line":"DOOR \"A\"""#, #"null,"lost_is":"unknown""#),
            gap("scans-missing", #""device":"adc""#, #"1,"lost_is":"estimated""#),
            gap("ring-full", #""line":"DOOR \"A\"""#, #"7,"lost_is":"at-least""#),
            gap("muted", #""line":"DOOR \"A\"""#, #"null,"lost_is":"unknown""#, "null"),
            gap("muted", #""line":"DOOR \"A\"""#, #"900,"lost_is":"estimated""#),
            gap("source-gone", #""device":"adc""#, #"null,"lost_is":"unknown""#),
            gap("source-back", #""device":"adc""#, #"null,"lost_is":"unknown""#),
            #"{"t_ns":2300000000,"line":"DOOR \"A\"","reread":2,"failed":1,"last_level":null,"from_ns":2250000000,"to_ns":2300000000}"#,
            #"{"t_ns":3000000100,"line":"DOOR \"A\"","level":0,"reason":"resumed","not_before_ns":3000000000,"not_after_ns":3000000100}"#,
            #"{"t_ns":3000999500,"device":"adc","scan":41,"raw":[-2,0,255],"values":[-1.0,1.0,256.0],"stamps":"arrival","uncertainty_ns":250000}"#,
            #"{"t_ns":3001999500,"device":"adc","scan":42,"raw":[256,7,8],"values":[128.0,8.0,9.0],"stamps":"arrival","uncertainty_ns":250000}"#,
            #"{"t_ns":4000000000,"utc":"2026-11-23T20:02:14.500000007Z","utc_ns":1795464134500000007,"#
                + #""bracket_ns":700,"boot":"01234567-89ab-cdef-fedc-ba9876543210","synchronised":false,"#
                + #""since_synchronised_ns":null,"kernel_maximum_error_ns":16000000000}"#,
            "",
        ]
}
