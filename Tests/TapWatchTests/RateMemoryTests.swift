import Testing

@testable import TapWatch

@Suite
struct RateMemoryTests {
    private static let second: Int64 = 1_000_000_000

    private func memory(_ value: (Int64) -> Double, until end: Int64) -> RateMemory {
        var memory = RateMemory()
        for time in 0...end where time * Self.second >= memory.due { memory.add(value(time), at: time * Self.second) }
        return memory
    }

    @Test func `a value that rises evenly has its rate, after a minute`() throws {
        #expect(memory({ Double($0) / 8 }, until: 59).rate == nil)
        let rate = try #require(memory({ Double($0) / 8 }, until: 300).rate)
        #expect(rate.perSecond == 0.125)
        #expect(rate.last == 37.5)
        #expect(rate.change == 15)
    }

    @Test func `after two minutes nothing is left of another rate`() throws {
        let rate = try #require(memory({ $0 < 100 ? 100 - Double($0) : Double($0) / 4 - 25 }, until: 220).rate)
        #expect(rate.perSecond == 0.25)
    }

    @Test func `what is unknown, or was silent, forgets what was before`() {
        var first = memory({ Double($0) }, until: 120)
        first.add(.nan, at: 130 * Self.second)
        #expect(first.rate == nil)
        var second = memory({ Double($0) }, until: 120)
        second.add(0, at: 200 * Self.second)
        #expect(second.rate == nil)
    }
}
