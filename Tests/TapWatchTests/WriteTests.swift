import TapConfig
import TapCore
import TapWatch
import Testing

@Suite
struct WriteTests {
    private static let tags = [
        TagInfo(id: TagID(0), name: "RUN", source: "hmi"), TagInfo(id: TagID(1), name: "writes", source: "hmi"),
    ]

    private func run(_ allowed: String, tags: [TagInfo] = WriteTests.tags) throws -> SiteRun {
        try SiteRun(
            "claims: {hmi: {every: 100us, late: 30us, tags: {RUN: {}}, writes: {allowed: \(allowed)}}}", tags: tags)
    }

    private func verdicts(_ run: SiteRun, _ claims: [(Int, String)]) -> [String] {
        for (time, text) in claims { run.claim(1, .text(ShortText(text)), at: time) }
        return run.verdicts("hmi writes", upTo: 1_000)
    }

    @Test func `each write is one finding, and nothing is known before the bus is heard`() throws {
        #expect(
            verdicts(
                try run("none"), [(10, "nothing"), (20, "register 14 of unit 1: 4900"), (30, "coil 3 of unit 1: 1")])
                == ["10 true", "20 false", "21 true", "30 false", "31 true"])
    }

    @Test func `what is allowed is no finding, all of it must be`() throws {
        let claims = [
            (10, "register 19 of unit 1: 1"), (20, "registers 11..13 of unit 1: 1 2 3"),
            (30, "registers 11..14 of unit 1: 1 2 3 4"), (40, "coil 19 of unit 1: 1"),
            (50, "refused: register 20 of unit 1: 7"), (60, "register 12 of all units: 1"),
        ]
        #expect(
            verdicts(try run("[11..13, 19]"), claims)
                == ["10 true", "30 false", "31 true", "40 false", "41 true", "50 false", "51 true"])
    }

    @Test func `after a loss it is unknown until the bus is heard again`() throws {
        let run = try run("none")
        run.claim(1, .text(ShortText("nothing")), at: 10)
        run.lose(.tag(TagID(1)), at: 20)
        run.claim(0, .bool(true), at: 30)
        run.claim(1, .text(ShortText("nothing")), at: 40)
        #expect(run.verdicts("hmi writes", upTo: 100) == ["10 true", "20 unknown", "40 true"])
    }

    @Test func `where no bus is heard it is named`() throws {
        #expect(try run("none", tags: [Self.tags[0]]).unmatched == ["hmi.writes"])
    }
}
