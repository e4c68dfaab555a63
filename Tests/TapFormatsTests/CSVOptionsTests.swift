import TapCore
import TestSupport
import Testing

@testable import TapFormats

@Suite struct CSVOptionsTests {
    private let folder = ScratchFolder()

    private static let table = """
        t_us,A,plant.level [V]
        0,0,1.5
        400,1,
        900,0,-2.25
        1000,,
        2500,1,0.00001

        """

    /// A table written anew with these options, and the remarks.
    private func table(
        _ text: String = CSVOptionsTests.table, from ending: String = "csv", _ change: (inout CSVOptions) -> Void
    ) throws -> (text: String, remarks: [String]) {
        var conversion = Conversion(version: "test")
        conversion.mayReplace = true
        change(&conversion.csv)
        let output = folder.file("out.csv")
        let outcome = try conversion.run(folder.write("in.\(ending)", text), to: output, as: .csv)
        return (String(decoding: folder.read("out.csv"), as: UTF8.self), outcome.remarks)
    }

    @Test func `a European spreadsheet reads it`() throws {
        let (text, remarks) = try table {
            $0.separator = .semicolon
            $0.hasDecimalComma = true
            $0.time = .s
        }
        #expect(
            text == """
                t_s;A;plant.level [V]
                0,000000000;0;1,5
                0,000400000;1;
                0,000900000;0;-2,25
                0,001000000;;
                0,002500000;1;1e-05

                """)
        #expect(remarks == [])
    }

    @Test func `tabs separate cells`() throws {
        #expect(try table { $0.separator = .tab }.text.hasPrefix("t_ns\tA\tplant.level [V]\n0\t0\t1.5\n"))
    }

    @Test func `at most one row stands for each interval, the last of it`() throws {
        let (text, remarks) = try table { $0.every = .milliseconds(1) }
        #expect(
            text == """
                t_ns,A,plant.level [V]
                900000,0,-2.25
                1000000,,
                2500000,1,1e-05

                """)
        #expect(remarks == ["rows left out by --every: 2; changes within an interval are not in the table"])
    }

    /// 2026-03-26 13:00:00 UTC at 5 s of the monotonic clock.
    @Test func `the time of day is that of the clock fix`() throws {
        let head = """
            {"tap":"0","format":1,"provenance":"hardware","board":"b","origin_ns":5000000000,"clock_fix":{"t_ns":5000000000,"utc_ns":1774530000000000000,"utc":"2026-03-26T13:00:00.000000000Z","bracket_ns":100,"boot":"00000000-0000-0000-0000-000000000000","synchronised":true,"since_synchronised_ns":0,"kernel_maximum_error_ns":0},"kernel":"","shortest_pulse_ns":null,"sources":[{"name":"s","provenance":"hardware","clock":{"kind":"monotonic","offset_to_monotonic_ns":0,"uncertainty_ns":0},"capabilities":["edges"],"limits":[],"devices":[],"lines":[{"name":"A","chip":"c","offset":0,"pin":"","edges":"both","bias":"as-is","active_low":false,"debounce_ns":0,"queue_asked":null,"queue_held":null}]}]}
            {"t_ns":5001999999,"line":"A","edge":"rising","seq":1}

            """
        let (text, _) = try table(head, from: "jsonl") { $0.time = .utc }
        #expect(text == "time,A\n2026-03-26 13:00:00.000,\n2026-03-26 13:00:00.001,1\n")
    }

    @Test func `what cannot be written is refused`() throws {
        #expect(throws: TapError.self) { try table { $0.hasDecimalComma = true } }
        #expect(throws: TapError.self) { try table { $0.time = .utc } }
    }
}
