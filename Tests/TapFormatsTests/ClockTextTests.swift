import TapFormats
import Testing

@Suite struct ClockTextTests {
    private let berlin: ClockText

    init() throws { berlin = ClockText(zone: try ZoneRules("Europe/Berlin")) }

    /// Each reading's earliest time as UTC, and how many seconds its clock is put too late or too early.
    private func readings(_ text: String) -> [String] {
        berlin.readings(of: text).map { reading in
            "\(Words.utc(UInt64(reading.earliest_ns)).prefix(19)) +\(reading.excess_ns / 1_000_000_000)"
        }
    }

    @Test func `a local time is one of UTC`() {
        #expect(readings("2026-03-26 06:00:01") == ["2026-03-26T05:00:01 +0"])
        #expect(readings("26.07.2026 06:00") == ["2026-07-26T04:00:00 +0"])
    }

    @Test func `a time of an hour that clocks show twice is two`() {
        #expect(readings("2026-10-25 02:30:00") == ["2026-10-25T00:30:00 +0", "2026-10-25T01:30:00 +0"])
    }

    @Test
    func `a time that clocks never show is one of a clock that was not put forward, and of one that was put too early`()
    {
        #expect(readings("2026-03-29 02:00:04") == ["2026-03-29T01:00:04 +5", "2026-03-29T00:00:04 +3596"])
    }

    @Test func `a clock that was not put back shows one time, by how much too late`() {
        #expect(readings("2026-10-25 03:00:04") == ["2026-10-25T01:00:04 +5", "2026-10-25T02:00:04 +0"])
    }

    @Test func `a text that names its zone is of that zone`() {
        #expect(readings("2026-03-26T06:00:01Z") == ["2026-03-26T06:00:01 +0"])
        #expect(readings("2026-03-26T06:00:01-05:00") == ["2026-03-26T11:00:01 +0"])
    }

    @Test func `without a zone texts are UTC`() {
        #expect(
            ClockText(zone: nil).readings(of: "2026-03-26 06:00:01").map(\.earliest_ns) == [1_774_504_801_000_000_000])
    }

    @Test(arguments: [
        ("2026-03-26 06:00", 60_000_000_000), ("2026-03-26 06:00:01", 1_000_000_000),
        ("2026-03-26 06:00:01.25", 10_000_000),
    ])
    func `a text stands until the clock shows the next`(_ text: String, _ step: Int64) {
        #expect(berlin.readings(of: text).map { $0.latest_ns - $0.earliest_ns + 1 } == [step])
    }

    @Test(arguments: ["", "06:00:01", "2026-03-26", "yesterday", "2026-02-30 06:00:00", "9999999999"])
    func `what is no date with a time of day has no reading`(_ text: String) {
        #expect(berlin.readings(of: text).isEmpty)
    }
}
