import TapCore
import TestSupport
import Testing

@testable import TapFormats

@Suite struct CaptureInfoTests {
    private let folder = ScratchFolder()

    private func info(_ path: String) throws -> CaptureInfo { try Conversion(version: "test").info(of: path) }

    private static let table = """
        t_us,A,B,plant.level [V]
        0,0,1,1.5
        1,1,1,
        3,0,1,2.25
        6,1,1,
        9,0,1,

        """

    @Test func `a table is counted line by line`() throws {
        let info = try info(folder.write("in.csv", Self.table))
        #expect(info.format == .csv && info.provenance == nil && !info.isTorn)
        #expect(info.survey.length == .microseconds(9))
        #expect(info.survey.statistics.lines.map(\.edges) == [4, 0])
        #expect(info.survey.statistics.lines.map(\.pulses) == [2, 0])
        #expect(info.survey.statistics.lines[0].frequency_hz == 200_000)
        #expect(info.survey.lines.map(\.levels) == [1, 1])
        #expect(info.survey.lines[0].first == at(0) && info.survey.lines[0].last == at(9_000))
        #expect(info.survey.lines[1].last == at(0))
        #expect(info.survey.statistics.scans == [2])
        let path = folder.file("in.csv")
        #expect(
            info.text == """
                file     \(path), CSV
                signals  of unknown origin: the file does not say, board in.csv
                from     it has no date: times count from its beginning
                lasts    9 us
                ends     whole

                line  edges  pulses      Hz  level  min pulse  period: min  median   max  levels  gaps
                A         4       2  200000    low       2 us         5 us    5 us  5 us       1     0
                B         0       0       -   high          -            -       -     -       1     0

                channel      unit  scans  a second  gaps
                plant.level  V         2         -     0

                losses: none recorded in the file

                """)
    }

    @Test func `a torn file says so and nothing is known behind its end`() throws {
        let info = try info("\(caseFolder)/break/torn.jsonl")
        #expect(info.provenance == .simulated)
        #expect(info.isTorn)
        #expect(info.survey.length == .milliseconds(46))
        #expect(info.survey.lines.map(\.gaps) == [1, 1, 1, 1, 1, 1, 1])
        #expect(info.survey.lines.map(\.levels) == [1, 1, 1, 1, 1, 1, 1])
        #expect(info.survey.statistics.edges == 16)
        #expect(info.remarks.count == 1)
        #expect(info.text.contains("\nsignals  simulated, scenario bounce, seed 1\n"))
        #expect(info.text.contains("\nends     TORN, within a record: what followed is lost\n"))
        #expect(info.text.contains("\n! ends within a record, in line 25"))
        #expect(info.json.contains("\"ends\":\"torn\""))
        #expect(info.json.contains("{\"gap\":\"not-recorded\",\"of\":\"HAND\",\"gaps\":1,\"lost\":null,"))
    }

    @Test func `a date gives when it began and ended`() throws {
        let memory = MemoryOutput()
        var writer = JSONLinesWriter(Fixture.header, to: ByteWriter(memory))
        try Fixture.play(&writer)
        let info = try info(folder.write("in.jsonl", memory.text))
        #expect(info.provenance == .hardware || info.provenance == .remote)
        #expect(info.beginUTC == 1_795_464_131_500_000_000)
        #expect(info.endUTC == 1_795_464_134_500_000_000)
        #expect(info.text.contains("\nfrom     2026-11-23T20:02:11.500000000Z\n"))
        #expect(info.text.contains("\nto       2026-11-23T20:02:14.500000000Z\n"))
        #expect(info.text.contains("\nclock    of the machine that captured, synchronised\n"))
        #expect(info.survey.clockFixes == 2)
        #expect(info.survey.devices[0].gaps == 3)
        #expect(info.json.contains("\"utc\":\"2026-11-23T20:02:11.500000000Z\",\"utc_ns\":1795464131500000000,"))
    }
}
