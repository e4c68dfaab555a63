import TapConfig
import TapCore
import Testing

@testable import TapWatch

/// Values that people approve, and writes that were heard.
@Suite
struct ApprovalTests {
    private static let tags = [
        TagInfo(id: TagID(0), name: "SP", source: "hmi", unit: "mm"),
        TagInfo(id: TagID(1), name: "writes", source: "hmi"),
    ]

    private func run(_ tag: String = "") throws -> SiteRun {
        try SiteRun(
            "claims: {hmi: {every: 100us, late: 30us, tags: {SP: {at: 14, is: mm, approved: 2 m\(tag)}}, writes: {allowed: none}}}",
            tags: Self.tags)
    }

    private func verdicts(_ claims: [(Double, Int)], approved: [(String, Int)], _ tag: String = "") throws -> [String] {
        let run = try run(tag)
        let steps =
            claims.map { value, time in (time, { run.claim(0, .number(value), at: time) }) }
            + approved.map { text, time in (time, { run.note("approve hmi.SP as \(text): why", at: time) }) }
        for (_, step) in steps.sorted(by: { $0.0 < $1.0 }) { step() }
        return run.verdicts("hmi.SP", upTo: 100_000)
    }

    @Test func `what is approved counts from its time on, and the value before until the new one is claimed`() throws {
        // Approved before it is changed; then it is changed back.
        #expect(
            try verdicts([(2_000, 10), (2_000, 30), (2_100, 40), (2_000, 50)], approved: [("2.1 m within 10ms", 20)])
                == ["10 true", "50 false"])
        // Changed before it is approved: over with the approval, not with the next claim.
        #expect(
            try verdicts([(2_000, 10), (2_100, 20), (2_100, 60)], approved: [("2100 mm within 0s", 30)])
                == ["10 true", "20 false", "30 true"])
        // At the same instant.
        #expect(try verdicts([(2_000, 10), (2_100, 20)], approved: [("2100 mm within 0s", 20)]) == ["10 true"])
    }

    @Test func `what is never changed is a finding at the first instant at which the time is over`() throws {
        #expect(try verdicts([(2_000, 10)], approved: [("2.1 m within 50ns", 20)]) == ["10 true", "70 false"])
        #expect(try verdicts([(2_000, 10)], approved: [("2.1 m within 0s", 20)]) == ["10 true", "20 false"])
        // A value between the two is neither.
        #expect(
            try verdicts([(2_000, 10), (2_050, 30)], approved: [("2.1 m within 1ms", 20)]) == ["10 true", "30 false"])
    }

    @Test func `the last approval counts, and what is no value of the tag changes nothing`() throws {
        #expect(
            try verdicts(
                [(2_000, 10), (2_100, 30), (2_200, 50)],
                approved: [
                    ("2.1 m within 1ms", 20), ("2.2 m within 1ms", 40), ("2.3 bar within 1ms", 60), ("5 within 0s", 61),
                ])
                == ["10 true"])
        #expect(
            try verdicts([(2_000, 10), (2_100, 30)], approved: [("2.1 m within 1ms", 20)], ", hold: 2 polls")
                == ["10 true"])
    }

    @Test func `with a hold each approval counts as a claim of the last value`() throws {
        #expect(
            try verdicts([(2_000, 10), (2_100, 20)], approved: [("2.2 m within 0s", 30)], ", hold: 2 polls")
                == ["10 true", "30 false"])
    }

    private func values(_ steps: (SiteRun) -> Void, at time: Int) throws -> [String] {
        let run = try run()
        steps(run)
        run.close(upTo: time)
        return run.values(["hmi.SP", "approved for hmi.SP", "write to hmi.SP"], at: time)
    }

    @Test func `a finding names what is approved, by whom, and the last write that was heard`() throws {
        #expect(
            try values({ $0.claim(0, .number(2_100), at: 10) }, at: 10)
                == ["hmi.SP says 2100 mm", "approved for hmi.SP: 2000 mm", "write to hmi.SP: not known"])
        #expect(
            try values(
                {
                    $0.claim(1, .text(ShortText("nothing")), at: 10)
                    // Another register, one that was refused, and coils.
                    for text in [
                        "register 15 of unit 1: 9", "refused: register 14 of unit 1: 9", "coil 14 of unit 1: 1",
                    ] {
                        $0.claim(1, .text(ShortText(text)), at: 20)
                    }
                    $0.note("approve hmi.SP as 2.2 m within 0s: why", at: 30)
                }, at: 600_000_000_010)
                == [
                    "hmi.SP is not known", "approved for hmi.SP: 2.2 m, by anna, 599s earlier",
                    "write to hmi.SP: none heard in the 10min before",
                ])
        #expect(
            try values(
                {
                    $0.claim(1, .text(ShortText("nothing")), at: 10)
                    $0.claim(1, .text(ShortText("registers 13..14 of unit 1 by 10.0.0.7: 7 2100")), at: 20)
                    $0.claim(0, .number(2_100), at: 280_000_020)
                }, at: 280_000_020)
                == [
                    "hmi.SP says 2100 mm", "approved for hmi.SP: 2000 mm",
                    "write to hmi.SP: registers 13..14 of unit 1 by 10.0.0.7: 7 2100, 280ms earlier",
                ])
        #expect(
            try values(
                {
                    $0.claim(1, .text(ShortText("register 14 of unit 1: 2100")), at: 20)
                    $0.lose(.tag(TagID(1)), at: 30)
                }, at: 40)[2] == "write to hmi.SP: not known")
    }
}
