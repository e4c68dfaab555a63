import TapCore
import TestSupport
import Testing

@testable import TapFormats

@Suite struct ZoneRulesTests {
    /// Seconds since 1970 of what a clock shows, as if it were UTC's.
    private func seconds(_ clock: String) throws -> Int64 {
        Int64(try #require(Words.nanoseconds(utc: clock + "Z")) / 1_000_000_000)
    }

    private func times(_ zone: String, _ clock: String) throws -> [String] {
        try ZoneRules(zone).times(ofLocal: seconds(clock)).map { Words.utc(UInt64($0) * 1_000_000_000) }
            .map { String($0.prefix(19)) }
    }

    @Test func `a clock shows each time once, but for an hour that it shows twice and one that it never shows`() throws
    {
        #expect(try times("Europe/Berlin", "2024-07-01T12:00:00") == ["2024-07-01T10:00:00"])
        #expect(try times("Europe/Berlin", "2024-01-01T12:00:00") == ["2024-01-01T11:00:00"])
        #expect(try times("Europe/Berlin", "2024-10-27T01:59:59") == ["2024-10-26T23:59:59"])
        #expect(
            try times("Europe/Berlin", "2024-10-27T02:30:00") == ["2024-10-27T00:30:00", "2024-10-27T01:30:00"])
        #expect(try times("Europe/Berlin", "2024-10-27T03:00:00") == ["2024-10-27T02:00:00"])
        #expect(try times("Europe/Berlin", "2024-03-31T02:30:00") == [])
        #expect(try times("Europe/Berlin", "2024-03-31T03:00:00") == ["2024-03-31T01:00:00"])
    }

    @Test func `the rule holds for years after those of the table, on both halves of the earth`() throws {
        #expect(try times("Europe/Berlin", "2060-07-01T12:00:00") == ["2060-07-01T10:00:00"])
        #expect(try times("Europe/Berlin", "2060-12-01T12:00:00") == ["2060-12-01T11:00:00"])
        #expect(try times("Australia/Sydney", "2060-01-01T12:00:00") == ["2060-01-01T01:00:00"])
        #expect(try times("Australia/Sydney", "2060-07-01T12:00:00") == ["2060-07-01T02:00:00"])
        #expect(try times("America/New_York", "2024-07-01T12:00:00") == ["2024-07-01T16:00:00"])
        #expect(try times("Asia/Kolkata", "2024-07-01T12:00:00") == ["2024-07-01T06:30:00"])
        #expect(try times("Pacific/Chatham", "2060-01-01T12:00:00") == ["2059-12-31T22:15:00"])
        #expect(try times("UTC", "2024-07-01T12:00:00") == ["2024-07-01T12:00:00"])
    }

    @Test func `the table and the rule agree where both say something`() throws {
        // Berlin's rule is that of 1996 and after.
        let rule = try #require(ZoneRule("CET-1CEST,M3.5.0,M10.5.0/3"))
        let zone = try ZoneRules("Europe/Berlin")
        for hour in stride(from: try seconds("1997-01-01T00:30:00"), to: try seconds("2036-01-01T00:00:00"), by: 3_600)
        {
            guard zone.offset(at: hour) != rule.offset(at: hour) else { continue }
            Issue.record("at \(hour)")
            return
        }
    }

    @Test func `what is no zone is refused in one line`() throws {
        for name in ["Europe/Nowhere", "../../etc/passwd", "/etc/passwd", ""] {
            let error = #expect(throws: TapError.self) { try ZoneRules(name) }
            #expect("\(try #require(error))".contains("is not in this machine's tz database"))
        }
        #expect(ZoneRule("CET-1CEST,J60,J300") == nil)
        #expect(ZoneRule("") == nil)
        #expect(ZoneRules("cut", Array("TZif2".utf8)) == nil)
    }
}
