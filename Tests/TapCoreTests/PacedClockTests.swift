import Synchronization
import TapCore
import Testing

@Suite struct PacedClockTests {
    private final class Hand: TapClock {
        let time = Atomic<UInt64>(7_000)
        func now() -> Timestamp { Timestamp(nanoseconds: time.load(ordering: .relaxed)) }
    }

    @Test func `time begins with the first reading and passes so many times as fast`() {
        let hand = Hand()
        let clock = PacedClock(hand, times: 10)
        hand.time.store(8_000, ordering: .relaxed)
        #expect(clock.now() == .zero)
        hand.time.store(8_003, ordering: .relaxed)
        #expect(clock.now() == Timestamp(nanoseconds: 30))
    }

    @Test func `a span is slept in real time and not too short`() {
        let clock = PacedClock(Hand(), times: 10)
        #expect(clock.realSpan(of: Nanoseconds(50)) == Nanoseconds(5))
        #expect(clock.realSpan(of: Nanoseconds(51)) == Nanoseconds(6))
        #expect(clock.realSpan(of: .zero) == .zero)
        #expect(Hand().realSpan(of: Nanoseconds(51)) == Nanoseconds(51))
    }

    @Test func `stages on threads wake by a paced clock`() {
        // An hour passes in a few milliseconds.
        let clock = PacedClock(MachineClock(), times: 1_000_000)
        let stage = Ticker(every: .seconds(360), times: 10)
        ThreadDriver(clock: clock, sources: [.init("ticker", [stage])], consumers: []).run()
        #expect(stage.seen.count == 10)
        #expect(stage.seen.last.map { $0 >= .zero + .seconds(3_600) } == true)
    }

    private final class Ticker: Stage {
        let name = "ticker"
        let failure: TapError? = nil
        private let interval: Nanoseconds
        private let times: Int
        // Read after the run.
        private(set) var seen: [Timestamp] = []
        init(every interval: Nanoseconds, times: Int) {
            self.interval = interval
            self.times = times
        }
        func start(at now: Timestamp) -> Wake { .at(.zero + interval) }
        func step(at now: Timestamp) -> Wake {
            seen.append(now)
            return seen.count == times ? .ended : .at(.zero + interval * Int64(seen.count + 1))
        }
        func requestStop() {}
    }
}
