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
        #expect(memory({ Double($0) / 8 }, until: 59).rate(beyond: 1_000) == nil)
        let rate = try #require(memory({ Double($0) / 8 }, until: 300).rate(beyond: 1_000))
        #expect(rate.perSecond == 0.125)
        #expect(rate.last == 37.5)
        #expect(rate.change == 15)
    }

    @Test func `after two minutes nothing is left of another rate`() throws {
        let rate = try #require(
            memory({ $0 < 100 ? 100 - Double($0) : Double($0) / 4 - 25 }, until: 220).rate(beyond: 1_000))
        #expect(rate.perSecond == 0.25)
    }

    @Test func `what is unknown, or was silent, forgets what was before`() {
        var first = memory({ Double($0) }, until: 120)
        first.add(.nan, at: 130 * Self.second)
        #expect(first.rate(beyond: 0) == nil)
        var second = memory({ Double($0) }, until: 120)
        second.add(0, at: 200 * Self.second)
        #expect(second.rate(beyond: 0) == nil)
    }

    @Test func `what moves faster of late than its accuracy explains has the rate of the last 20 s, a step has not`()
        throws
    {
        let turned = memory({ $0 < 100 ? 0 : Double($0 - 100) / 2 }, until: 129)
        #expect(try #require(turned.rate(beyond: 9)).perSecond == 0.5)
        #expect(try #require(turned.rate(beyond: 10)).perSecond < 0.1)
        let stepped = memory({ $0 < 110 ? 0 : 100 }, until: 129)
        #expect(try #require(stepped.rate(beyond: 1)).change != 100)
    }
}
