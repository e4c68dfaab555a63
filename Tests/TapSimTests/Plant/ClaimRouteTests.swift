import TapConfig
import TapCore
import Testing

@testable import TapSim

/// What a claim channel makes of claims.
@Suite struct ClaimRouteTests {
    private static let tags = [
        TagInfo(id: TagID(0), name: "RUN", source: "hmi"),
        TagInfo(id: TagID(1), name: "LEVEL", source: "hmi", unit: "m"),
    ]

    private func route(_ channel: ClaimChannel, seed: UInt64 = 1) -> ClaimRoute {
        ClaimRoute(Scenario(name: "s", channel: channel), seed: seed, tags: Self.tags, keepsTruth: true)
    }

    private func claim(_ tag: UInt16, _ value: Claim.Value, at milliseconds: UInt64) -> Claim {
        Claim(tag: TagID(tag), value: value, time: Timestamp(nanoseconds: milliseconds * 1_000_000))
    }

    /// The level is claimed `count` times, once a second: 0, 1, 2 and so on.
    private func levels(_ channel: ClaimChannel, count: Int, seed: UInt64 = 1) -> ClaimRoute {
        var route = route(channel, seed: seed)
        for number in 0..<count {
            let value = Claim.Value.number(Double(number))
            route.put(claim(1, value, at: UInt64(number + 1) * 1_000), truth: value)
        }
        return route
    }

    @Test func `without a channel claims arrive as they are made`() {
        var route = ClaimRoute(Scenario(name: "s"), seed: 1, tags: Self.tags, keepsTruth: true)
        route.put(claim(1, .number(2), at: 5), truth: .number(3))
        #expect(route.claims == [claim(1, .number(2), at: 5)])
        #expect(route.truths.map(\.truth) == [.number(3)])
        #expect(route.truths.map(\.arrived) == [Timestamp(nanoseconds: 5_000_000)])
    }

    @Test func `a fixed delay is exact, and jitter lies within its bounds`() {
        var channel = ClaimChannel()
        channel.delay.fixed = .milliseconds(200)
        #expect(
            levels(channel, count: 3).claims.map(\.time.nanoseconds) == [1_200_000_000, 2_200_000_000, 3_200_000_000])
        channel.delay.jitter = .milliseconds(500)
        let delays = levels(channel, count: 200).claims.map { $0.time.nanoseconds % 1_000_000_000 }
        #expect(delays.allSatisfy { (200_000_000...700_000_000).contains($0) })
        #expect(Set(delays).count == 200)
    }

    @Test func `claims of one instant travel together`() {
        var channel = ClaimChannel()
        channel.delay.jitter = .seconds(1)
        channel.loss = 0.5
        channel.duplicates = 0.5
        var route = route(channel)
        for number in 1...100 as ClosedRange<UInt64> {
            for tag in [0, 1] as [UInt16] { route.put(claim(tag, .number(1), at: number * 3_000), truth: nil) }
        }
        let (first, second) = (route.claims.filter { $0.tag.index == 0 }, route.claims.filter { $0.tag.index == 1 })
        #expect(first.map(\.time) == second.map(\.time))
        #expect((50..<110).contains(first.count))
    }

    @Test func `in order none overtakes another, and free they arrive each at its own time`() {
        var channel = ClaimChannel()
        channel.delay.tail = .seconds(3)
        channel.delay.tailShare = 0.3
        let kept = levels(channel, count: 100).claims
        #expect(kept.map(\.value) == (0..<100).map { .number(Double($0)) })
        channel.keepsOrder = false
        let free = levels(channel, count: 100)
        #expect(free.claims.map(\.value) != kept.map(\.value))
        #expect(free.claims.map(\.time) == free.claims.map(\.time).sorted())
        #expect(free.claims.count == 100)
        // The same delays, but for those that waited.
        let times = Set(kept.map(\.time))
        #expect(free.claims.count { times.contains($0.time) } > 30)
    }

    @Test func `what is lost, repeated and doubled is in the truth`() {
        var channel = ClaimChannel()
        channel.loss = 0.1
        channel.duplicates = 0.1
        channel.repeats = 0.1
        channel.keepsOrder = false
        let route = levels(channel, count: 1_000)
        let (lost, stale) = (route.truths.filter { $0.arrived == nil }, route.truths.filter(\.isStale))
        let copies = route.truths.filter(\.isDuplicate)
        #expect((70...130).contains(lost.count) && (70...150).contains(stale.count))
        #expect((60...130).contains(copies.count))
        #expect(route.claims.count == 1_000 - lost.count + copies.count)
        for claim in stale { #expect(claim.value == claim.truth.map { number($0) - 1 }.map { .number($0) }) }
        #expect(route.truths.allSatisfy { $0.isStale || $0.value == $0.truth })
        #expect(route.truths.map(\.claimed) == route.truths.map(\.claimed).sorted())
    }

    private func number(_ value: Claim.Value) -> Double { if case .number(let number) = value { number } else { .nan } }

    @Test func `a message less changes nothing for the others`() {
        var channel = ClaimChannel()
        channel.delay.jitter = .milliseconds(900)
        channel.loss = 0.2
        let all = levels(channel, count: 50).claims
        var route = route(channel)
        for number in 0..<50 where number != 20 {
            route.put(claim(1, .number(Double(number)), at: UInt64(number + 1) * 1_000), truth: nil)
        }
        #expect(route.claims == all.filter { $0.value != .number(20) })
        #expect(levels(channel, count: 50, seed: 2).claims != all)
    }

    @Test func `the clock says when a value was sampled and sent on`() {
        var channel = ClaimChannel()
        channel.clock = ClaimChannel.Clock()
        channel.clock?.offset_s = 2
        channel.clock?.drift_ppm = 100
        let claims = levels(channel, count: 1_000).claims
        #expect(claims[0].serverTime_ns == 3_000_100_000)
        #expect(claims[999].serverTime_ns == 1_002_100_000_000)
        #expect(claims.allSatisfy { $0.sourceTime_ns == $0.serverTime_ns })
        var own = claim(1, .number(1), at: 1_000)
        own.sourceTime_ns = 7
        var route = route(channel)
        route.put(own, truth: nil)
        #expect(route.claims[0].sourceTime_ns == 7 && route.claims[0].serverTime_ns == 3_000_100_000)
    }

    @Test func `by exception only changes beyond the dead band are sent, and one after the longest silence`() {
        var channel = ClaimChannel()
        channel.byException = ClaimChannel.ByException(silence: .seconds(10), deadBands: ["LEVEL": 2])
        #expect(levels(channel, count: 10).claims.map(\.value) == [0, 3, 6, 9].map { .number($0) })
        var still = route(channel)
        for second in 1...25 as ClosedRange<UInt64> {
            still.put(claim(0, .bool(second > 4), at: second * 1_000), truth: nil)
        }
        #expect(still.claims.map { $0.time.nanoseconds / 1_000_000_000 } == [1, 5, 15, 25])
        #expect(still.claims.map(\.value) == [.bool(false), .bool(true), .bool(true), .bool(true)])
    }

    @Test(arguments: [1, 37, 1_000, 20_000] as [Int64])
    func `a run through it is the same however it is cut`(tick: Int64) throws {
        let wave = AnalogWave.periodic(Periodic(.ramp, offset: 4, amplitude: 4, period: .seconds(8)))
        var channel = ClaimChannel()
        channel.delay.jitter = .seconds(3)
        channel.keepsOrder = false
        channel.duplicates = 0.2
        channel.loss = 0.2
        let scenario = Scenario(
            name: "s",
            claimed: [
                ClaimedWave(tag: "LEVEL", unit: "m", every: .milliseconds(50), wave: .analog(wave)),
                ClaimedWave(tag: "ON", every: .milliseconds(70), wave: .digital(.constant(isHigh: true))),
            ], channel: channel)
        func claims(_ tick: Int64) throws -> [Claim] {
            let source = SimSource(scenario, plant: scenario.makePlant(), tick: .milliseconds(tick))
            let stage = CaptureStage(
                source, ringCapacity: 1 << 14, lines: 0..<0, devices: 0..<0, tags: 0..<2, whenFull: .wait)
            try stage.open(at: .zero)
            let merge = MergeStage([stage.makeInput()], into: ClaimList(), tick: .milliseconds(tick))
            StepDriver(clock: VirtualClock(), sources: [stage], consumers: [merge]).run(until: .zero + .seconds(20))
            return merge.withSink { $0.claims }
        }
        let whole = try claims(5)
        #expect(whole.count > 500)
        #expect(whole.map(\.time) == whole.map(\.time).sorted())
        #expect(try claims(tick) == whole)
    }
}

private struct ClaimList: RecordSink {
    var claims: [Claim] = []
    mutating func edge(_ edge: Edge) {}
    mutating func scans(_ block: ScanBlock, raw: RawSpan) {}
    mutating func event(_ event: Event) { if case .claim(let claim) = event { claims.append(claim) } }
}
