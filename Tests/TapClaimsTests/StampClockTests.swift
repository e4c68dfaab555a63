import TapCore
import Testing

@testable import TapClaims

struct StampClockTests {
    private static func wall(ahead: Int64) -> ClockDomain {
        ClockDomain(.realtime, offsetToMonotonic: Nanoseconds(-ahead), uncertainty: Nanoseconds(50))
    }
    private static func at(_ nanoseconds: UInt64) -> Timestamp { Timestamp(nanoseconds: nanoseconds) }

    @Test func `a stamp is brought to the monotonic clock and back to UTC`() {
        let clock = StampClock(Self.wall(ahead: 1_000_000))
        let time = clock.time(of: 1_000_700)
        #expect(time == Self.at(1_000_700))
        #expect(clock.monotonic(time) == Self.at(700))
        #expect(clock.utc(time) == Self.at(1_000_700))
        #expect(clock.time(monotonic: Self.at(700)) == time)
        #expect(clock.uncertainty == Nanoseconds(50))
    }

    @Test func `times go on where the wall clock is set back`() {
        var clock = StampClock(Self.wall(ahead: 1_000_000))
        clock.take(Self.wall(ahead: 400_000), at: Self.at(2_000))
        let time = clock.time(of: 402_100)
        #expect(clock.monotonic(time) == Self.at(2_100))
        #expect(time == Self.at(1_002_100))
        #expect(clock.utc(time) == Self.at(402_100))
    }

    @Test func `a step is part of the uncertainty until what was stamped before it has been read`() {
        var clock = StampClock(Self.wall(ahead: 1_000_000))
        clock.take(Self.wall(ahead: 1_700_000), at: Self.at(2_000))
        #expect(clock.uncertainty == Nanoseconds(700_050))
        clock.drained(at: Self.at(3_000))
        #expect(clock.uncertainty == Nanoseconds(700_050))
        clock.drained(at: Self.at(2_001) + StampClock.grace)
        #expect(clock.uncertainty == Nanoseconds(50))
    }

    @Test func `two readings that differ by what each may be off are no step`() {
        var clock = StampClock(Self.wall(ahead: 1_000_000))
        clock.take(Self.wall(ahead: 1_000_100), at: Self.at(2_000))
        #expect(clock.uncertainty == Nanoseconds(50))
    }

    @Test func `a reading that took long moves no time`() {
        var clock = StampClock(Self.wall(ahead: 1_000_000))
        var interrupted = Self.wall(ahead: 995_000)
        interrupted.uncertainty = Nanoseconds(6_000)
        clock.take(interrupted, at: Self.at(2_000))
        #expect(clock.time(of: 1_000_700) == Self.at(1_000_700))
        #expect(clock.uncertainty == Nanoseconds(50))
    }
}
