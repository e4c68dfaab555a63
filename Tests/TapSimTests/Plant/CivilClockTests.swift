import TapConfig
import TapCore
import Testing

@testable import TapSim

@Suite struct CivilClockTests {
    private func clock(_ year: Int, _ month: Int, _ day: Int, _ second: Int, _ saving: Bool = true) -> CivilClock {
        var wall = CivilClock.Setting()
        wall.start = .init(year: year, month: month, day: day, secondOfDay: second)
        wall.daylightSaving = saving ? .eu : .none
        return CivilClock(wall)
    }

    private static let second: UInt64 = 1_000_000_000

    @Test func `the clocks go forward on the last Sunday of March`() throws {
        let clock = clock(2026, 3, 28, 72_000)
        let change = try #require(clock.change(after: 0))
        #expect(change.time == 6 * 3_600 * Self.second && change.isForward)
        #expect(clock.text(at: change.time - 1) == "2026-03-29 01:59:59")
        #expect(clock.text(at: change.time) == "2026-03-29 03:00:00")
        #expect(clock.midnight(after: 0) == 4 * 3_600 * Self.second)
        #expect(clock.midnight(after: 4 * 3_600 * Self.second) == 27 * 3_600 * Self.second)
    }

    @Test func `and back on that of October, where an hour comes twice`() throws {
        let clock = clock(2026, 10, 25, 0)
        let change = try #require(clock.change(after: 0))
        #expect(change.time == 3 * 3_600 * Self.second && !change.isForward)
        #expect(clock.text(at: change.time - Self.second) == "2026-10-25 02:59:59")
        #expect(clock.text(at: change.time) == "2026-10-25 02:00:00")
        #expect(clock.midnight(after: 0) == 25 * 3_600 * Self.second)
        #expect(clock.text(at: clock.midnight(after: 0)) == "2026-10-26 00:00:00")
        let next = try #require(clock.change(after: change.time))
        #expect(next.isForward && clock.text(at: next.time) == "2027-03-28 03:00:00")
    }

    @Test func `without daylight saving there is none`() {
        let clock = clock(2026, 3, 29, 0, false)
        #expect(clock.change(after: 0) == nil)
        #expect(clock.text(at: 7_200 * Self.second) == "2026-03-29 02:00:00")
    }

    @Test(arguments: [
        (1970, 1, 1, 0, 3), (2000, 2, 29, 11_016, 1), (2024, 12, 31, 20_088, 1), (2026, 11, 25, 20_782, 2),
        (2100, 3, 1, 47_541, 0),
    ])
    func `dates are days and weekdays`(_ year: Int, _ month: Int, _ day: Int, _ count: Int, _ weekday: Int) {
        #expect(CivilClock.days(year, month, day) == count)
        #expect(CivilClock.date(count) == (year, month, day))
        #expect(clock(year, month, day, 40_000, false).local(at: 0).weekday == weekday)
    }

    @Test func `an agenda gives in order of time, equal times as they came`() {
        var agenda = Agenda<Int>()
        for (time, number) in [(5, 1), (3, 2), (5, 3), (9, 4), (3, 5)] { agenda.add(number, at: UInt64(time)) }
        #expect(agenda.next == 3)
        #expect(agenda.take(before: 3) == nil)
        var taken: [Int] = []
        while let entry = agenda.take(before: 9) { taken.append(entry.action) }
        #expect(taken == [2, 5, 1, 3])
        #expect(agenda.next == 9)
    }
}
