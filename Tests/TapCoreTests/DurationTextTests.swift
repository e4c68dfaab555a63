import Testing

@testable import TapCore

@Suite struct DurationTextTests {
    @Test(
        arguments: [
            ("0s", 0), ("1ns", 1), ("250us", 250_000), ("10ms", 10_000_000), ("1.5h", 5_400_000_000_000),
            ("10m", 600_000_000_000), ("10min", 600_000_000_000), ("1d", 86_400_000_000_000),
            ("365d", 31_536_000_000_000_000),
        ] as [(String, Int64)])
    func `a number and a unit`(text: String, count: Int64) throws {
        #expect(try DurationText.read(text) == Nanoseconds(count))
        #expect(try DurationText.read(DurationText.exact(Nanoseconds(count))) == Nanoseconds(count))
    }

    @Test(
        arguments: [
            (0, "0s"), (1, "1ns"), (1_500, "1500ns"), (2_000, "2us"), (1_500_000_000, "1500ms"),
            (60_000_000_000, "1min"),
            (5_400_000_000_000, "90min"), (86_400_000_000_000, "24h"),
        ] as [(Int64, String)])
    func `a time as a file has it`(count: Int64, text: String) {
        #expect(DurationText.exact(Nanoseconds(count)) == text)
    }

    @Test(arguments: [
        ("", DurationText.Problem.notTime), ("fast", .notTime), (".5s", .notTime), ("1..5s", .notTime),
        ("10", .noUnit(number: "10")), ("10MS", .unknownUnit(meant: "10ms")), ("2days", .unknownUnit(meant: "2d")),
        ("3y", .unknownUnit(meant: nil)), ("10 ms", .spaceBeforeUnit(meant: "10ms")), ("-1s", .negative),
        ("+1s", .signed(unsigned: "1s")), ("0.5ns", .tooFine), ("366d", .tooLong),
        ("99999999999999999999s", .tooLong),
    ])
    func `what is no length of time`(text: String, problem: DurationText.Problem) {
        #expect(throws: problem) { try DurationText.read(text) }
    }
}
