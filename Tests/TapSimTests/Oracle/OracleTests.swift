import TapConfig
import TapCore
import Testing

@testable import TapSim

/// What the oracle says of attacks on a tank, whose level goes from 1.5 m to 2 m in 50 s, then to 1 m and back in 200 s.
@Suite struct OracleTests {
    private func verdict(_ kinds: [Tank.Kind], strength: Double = 1, channel: ClaimChannel? = nil) throws -> [Verdict] {
        try #require(Oracle(Tank().scenario(kinds, strength: strength, channel: channel), until: .seconds(600)).judge())
    }

    /// Each as its relation, when it is first seen after the attack begins, and the subject.
    private func words(_ verdict: Verdict) -> [String] {
        verdict.evidence.map {
            "\($0.relation.rawValue) +\(($0.since - verdict.label.from).count / 1_000_000_000) \($0.subject)"
        }
    }

    @Test func `a claim that is farther from its signal than honest ones are is seen at once`() throws {
        let found = try verdict([.bias], strength: 0.5)[0]
        #expect(words(found) == ["claim-wire +0 LEVEL"])
        #expect(abs(found.evidence[0].by - 0.5) < 0.03 && found.evidence[0].accuracy == 0.05)
        #expect(found.evidence[0].against == "LT" && found.differsBefore == nil)
    }

    @Test func `one within the accuracy of its sensor leaves no trace, and is said to be there`() throws {
        let found = try verdict([.bias], strength: 0.04)[0]
        #expect(!found.isVisible)
        #expect(found.within.map(\.subject) == ["LEVEL"])
        #expect(abs(found.within[0].by - 0.04) < 1e-9)
    }

    @Test func `a command that the approved program would not give is seen when it is due, once`() throws {
        let found = try verdict([.forced])[0]
        // The pump should start at 450 s; at 300 s, where it runs down to 1 m until 350 s, it stops.
        #expect(words(found).first?.hasPrefix("wire-program +") == true)
        #expect(found.evidence.map(\.relation) == [.wireAgainstProgram])
        #expect(found.evidence[0].subject == "CMD")
    }

    @Test func `an alarm that is swallowed is seen where there is one to be swallowed`() throws {
        let found = try verdict([.swallowed])[0]
        #expect(found.evidence.map(\.relation) == [.claimAgainstClaim])
        #expect(found.evidence.map(\.subject) == ["ALARM"])
        #expect(found.evidence[0].since > found.label.from)
    }

    @Test func `a counter that goes back is seen against the signals and against itself`() throws {
        // By half a start, so that no report is one of before.
        let found = try verdict([.recount], strength: 0.5)[0]
        #expect(words(found) == ["claim-claim +0 STARTS", "claim-claim +0 STARTS"])
        #expect(found.evidence.map(\.against) == ["the same signals", "what it was before"])
    }

    @Test func `silence is longer than any other pause`() throws {
        let found = try verdict([.mute])[0]
        #expect(words(found) == ["silence +0 4 tags"])
        #expect(abs(found.evidence[0].by - 201) < 1.5 && found.evidence[0].accuracy == 1)
    }

    @Test func `an attack that does nothing leaves no trace`() throws {
        let found = try verdict([.nothing])[0]
        #expect(!found.isVisible && found.within.isEmpty && found.differsBefore == nil)
    }

    @Test func `each of several attacks is judged by the run that lacks it alone`() throws {
        let found = try verdict([.bias, .nothing, .mute])
        #expect(found.map(\.isVisible) == [false, false, true])
    }

    @Test func `what a channel loses, delays and repeats is no evidence`() throws {
        var channel = ClaimChannel()
        channel.delay.jitter = .seconds(3)
        channel.loss = 0.1
        channel.repeats = 0.1
        channel.duplicates = 0.1
        channel.keepsOrder = false
        #expect(try verdict([.nothing], channel: channel)[0].evidence.isEmpty)
        #expect(try words(verdict([.bias], channel: channel)[0]).count == 1)
        // What differs by less than the level may have moved on its way is not seen.
        #expect(try verdict([.bias], strength: 0.06, channel: channel)[0].evidence.count < 2)
    }

    @Test func `runs that differ before the attack begins are reported`() throws {
        var tank = Tank()
        tank.isEarly = true
        let found = try #require(Oracle(tank.scenario([.bias]), until: .seconds(400)).judge())
        #expect(found[0].differsBefore == .zero + .seconds(100))
    }

    @Test func `a fault is seen where a signal departs from the sound one by more than its accuracy`() throws {
        // From 300 s on the level falls from 1.51 m; 0.05 m are lost after 5 s.
        var tank = Tank()
        tank.leak = 0.01
        let found = try #require(Oracle(tank.scenario([]), until: .seconds(600)).judge())
        #expect(found.count == 1 && found[0].label.kind == .fault && found[0].label.name == "leak")
        #expect(words(found[0]) == ["wire-machine +5 LT"])
        #expect(found[0].evidence[0].accuracy == 0.05 && found[0].evidence[0].by > 0.05)
        #expect(found[0].differsBefore == nil)
    }

    @Test func `a fault within the accuracy of all sensors leaves no trace, and is said to be there`() throws {
        var tank = Tank()
        tank.leak = 0.000_001
        let found = try #require(Oracle(tank.scenario([]), until: .seconds(600)).judge())[0]
        #expect(!found.isVisible && found.within.map(\.subject) == ["LT"])
        #expect(found.within[0].by > 0 && found.within[0].by < 0.001)
    }

    @Test func `attacks and faults are judged by the run that lacks them alone`() throws {
        var tank = Tank()
        tank.leak = 0.01
        let found = try #require(Oracle(tank.scenario([.bias], strength: 0.5), until: .seconds(600)).judge())
        #expect(found.map(\.label.kind) == [.attack, .fault])
        #expect(words(found[0]) == ["claim-wire +0 LEVEL"])
        #expect(words(found[1]) == ["wire-machine +5 LT"])
    }

    @Test func `it stops where it may not go on`() {
        #expect(Oracle(Tank().scenario([.bias]), until: .seconds(600)).judge { $0 < 0.5 } == nil)
    }

    @Test func `the hull of a signal is never narrower than it was`() {
        var hull = FilteredHull(1, constants_s: 0...0, past: 10_000)
        hull.go(to: 3, at: 2_000)
        hull.jump(to: 0, at: 4_000)
        hull.stay(until: 9_000)
        #expect(hull.distance(of: 3, from: 1_500, to: 3_000) == 0)
        #expect(hull.distance(of: 4, from: 0, to: 9_000) == 1)
        #expect(hull.distance(of: -1, from: 0, to: 9_000) == 1)
        #expect(hull.distance(of: 3, from: 5_000, to: 9_000) == 3)
        #expect(hull.distance(of: 2, from: 2_500, to: 3_500) == 1)
    }

    @Test func `behind a filter the hull is what any honest one gives, and narrower than the signal's past`() {
        let second: UInt64 = 1_000_000_000
        var hull = FilteredHull(0, constants_s: 1...10, past: 10 * second)
        hull.stay(until: 100 * second)
        // It rises by 2 a second for 100 s: a filter is behind by its time constant.
        hull.go(to: 200, at: 200 * second)
        for constant in [1.0, 2, 5, 10] {
            #expect(hull.distance(of: 200 - 2 * constant, from: 199 * second, to: 200 * second) < 0.1)
        }
        #expect(hull.distance(of: 199, from: 200 * second, to: 200 * second) > 0.5)
        #expect(abs(hull.distance(of: 170, from: 200 * second, to: 200 * second) - 10) < 0.3)
        // Once it stands, what it was 20 s ago is seen to be old.
        hull.stay(until: 260 * second)
        #expect(hull.distance(of: 190, from: 258 * second, to: 260 * second) > 9)
    }

    @Test func `a stretch is repeated where enough of it changes`() {
        var watch = RepeatWatch(capacity: 100)
        var found: [UInt64?] = []
        for time in 0..<60 as Range<UInt64> { found.append(watch.add(time % 40 + 1, at: time)) }
        #expect(found.firstIndex { $0 != nil } == 59 && found[59] == 40)
        var still = RepeatWatch(capacity: 100)
        #expect((0..<300 as Range<UInt64>).allSatisfy { still.add(7, at: $0) == nil })
        var long = RepeatWatch(capacity: 50)
        #expect((0..<400 as Range<UInt64>).allSatisfy { long.add($0 % 100, at: $0) == nil })
    }
}
