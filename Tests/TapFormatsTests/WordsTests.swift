import TapCore
import Testing

@testable import TapFormats

@Suite struct WordsTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000000000Z"), (946_684_799, "1999-12-31T23:59:59.000000000Z"),
        (951_782_400, "2000-02-29T00:00:00.000000000Z"), (1_709_208_000, "2024-02-29T12:00:00.000000000Z"),
        (1_795_464_131, "2026-11-23T20:02:11.000000000Z"), (4_107_542_400, "2100-03-01T00:00:00.000000000Z"),
        (13_574_563_200, "2400-02-29T00:00:00.000000000Z"),
    ])
    func `UTC is written as RFC 3339 with nanoseconds`(_ seconds: UInt64, _ wanted: String) {
        #expect(Words.utc(seconds * 1_000_000_000) == wanted)
    }

    @Test func `UTC holds every nanosecond`() {
        #expect(Words.utc(1_795_464_131_500_000_000) == "2026-11-23T20:02:11.500000000Z")
        #expect(Words.utc(1_795_464_131_000_000_001) == "2026-11-23T20:02:11.000000001Z")
        #expect(Words.utc(.max) == "2554-07-21T23:34:33.709551615Z")
    }

    @Test(arguments: [
        (0, "0 ns"), (1, "1 ns"), (999, "999 ns"), (1_000, "1 us"), (1_234, "1.234 us"), (12_345, "12.35 us"),
        (999_949, "999.9 us"), (999_950, "1 ms"), (999_999, "1 ms"), (1_000_000, "1 ms"), (2_500_000, "2.5 ms"),
        (999_949_999, "999.9 ms"), (999_950_000, "1 s"), (1_500_000_000, "1.5 s"), (59_996_000_000, "60 s"),
        (86_400_000_000_000, "86400 s"), (-1_500, "-1.5 us"), (-999_999_999, "-1 s"),
    ])
    func `a span has the unit that fits and four digits`(_ nanoseconds: Int64, _ wanted: String) {
        #expect(Words.span(Nanoseconds(nanoseconds)) == wanted)
    }

    @Test(
        arguments: [
            (0.0, 4, "0"), (-0.0, 4, "0"), (5.0000762951094835, 6, "5.00008"), (0.02, 6, "0.02"), (24, 6, "24"),
            (0.1 + 0.2, 6, "0.3"), (1_234.5678, 4, "1235"), (123_456.7, 3, "123457"), (0.00012345, 3, "0.000123"),
            (9.9999, 3, "10"), (99.96, 3, "100"), (-1.5, 3, "-1.5"), (-0.001, 1, "-0.001"), (1e20, 3, "1e+20"),
            (1e-300, 3, "1e-300"), (.infinity, 3, "inf"), (.nan, 3, "nan"),
        ] as [(Double, Int, String)])
    func `a number has at most so many digits and no trailing zeros`(_ value: Double, _ count: Int, _ wanted: String) {
        #expect(Words.digits(value, count) == wanted)
    }

    @Test func `no two kinds of anything have one name`() {
        #expect(Set(Gap.Kind.allCases.map(Words.kind)).count == Gap.Kind.allCases.count)
        #expect(Set(Level.Reason.allCases.map(Words.reason)).count == Level.Reason.allCases.count)
        #expect(Set(ScanBlock.Stamps.allCases.map(Words.stamps)).count == ScanBlock.Stamps.allCases.count)
        #expect(
            [Gap.Count.exactly(1), .atLeast(1), .about(1), .unknown].map(Words.certainty)
                == ["exact", "at-least", "estimated", "unknown"])
        #expect(
            Words.capabilities(SourceInfo.Capabilities(rawValue: .max)) == [
                "edges", "scans", "counts-queue-loss", "reads-levels", "mutes", "returns", "finds-missing-scans",
                "waits-for-room", "ordered", "claims",
            ])
    }
}
