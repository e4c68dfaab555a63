import TapCore
import Testing

@testable import TapRecord

@Suite struct OutsideClockTests {
    private static let origin = "plant/simulated"
    private static let now: UInt64 = 1_800_000_000
    private let keys = (0..<3).map { CosigningKey.make(name: "bench/\($0)") }

    /// Two of the first three have to have cosigned.
    private func policy(_ least: Int = 2) throws -> WitnessPolicy {
        let lines = keys.enumerated().map { "witness w\($0) \($1.witnessKey)\n" }.joined()
        return try WitnessPolicy(parsing: Array("\(lines)group g \(least) w0 w1 w2\nquorum g\n".utf8))
    }

    private static func root(_ size: UInt64) -> Digest { Digest.leaf([UInt8(size)]) }

    private func cosignature(by place: Int, _ size: UInt64, _ time_s: UInt64) throws -> EnteredCosignature {
        let checkpoint = Checkpoint(origin: Self.origin, size: size, root: Self.root(size))
        return EnteredCosignature(
            try #require(keys[place].cosign(checkpoint.text, time_s: time_s)), by: keys[place].witnessKey,
            of: checkpoint)
    }

    /// A log in which each entry is one of these; the gateway's clock says `now` plus its index, and another where one is given.
    private enum Step {
        case start
        case stop(own_s: UInt64? = nil)
        case cosigned(Int, UInt64, at: UInt64)
    }

    private func run(_ steps: [Step], _ policy: WitnessPolicy?) throws -> (
        problems: [OutsideClock.Problem], sessions: [Verification.Outside]
    ) {
        var clock = OutsideClock(policy, isPart: false)
        var initial = InitEntry()
        initial.origin = Self.origin
        var problems = clock.take(.initial(initial), at: 0) { _ in nil }
        for (place, step) in steps.enumerated() {
            let index = UInt64(place + 1)
            let own_ns = (Self.now + index) * 1_000_000_000
            let entry: LogEntry
            switch step {
            case .start:
                var start = StartEntry()
                (start.session, start.utc_ns) = (index, own_ns)
                entry = .start(start)
            case .stop(let own_s):
                var stop = StopEntry()
                stop.utc_ns = own_s.map { $0 * 1_000_000_000 } ?? own_ns
                entry = .stop(stop)
            case .cosigned(let witness, let size, let time_s):
                entry = .remark(
                    RemarkEntry(
                        author: "tap", text: "", utc_ns: own_ns, id: [1],
                        cosignature: try cosignature(by: witness, size, time_s)))
            }
            problems += clock.take(entry, at: index, root: Self.root)
        }
        return (problems, clock.sessions)
    }

    @Test func `a quorum bounds a session, not one witness of it`() throws {
        let steps: [Step] = [
            .cosigned(0, 1, at: Self.now - 20), .cosigned(1, 1, at: Self.now - 30), .start, .stop(),
            .cosigned(0, 5, at: Self.now + 60), .cosigned(2, 5, at: Self.now + 90),
        ]
        let two = try run(steps, policy(2))
        #expect(two.problems.isEmpty)
        #expect(two.sessions.map(\.noOlder_s) == [Self.now - 30])
        #expect(two.sessions.map(\.by_s) == [Self.now + 90])
        #expect(two.sessions.map(\.isWhole) == [true])
        let one = try run(steps, policy(1))
        #expect(one.sessions.map(\.noOlder_s) == [Self.now - 20])
        #expect(one.sessions.map(\.by_s) == [Self.now + 60])
        let three = try run(steps, policy(3))
        #expect(three.sessions.map(\.noOlder_s) == [nil])
        #expect(three.sessions.map(\.by_s) == [nil])
    }

    @Test func `what was cosigned before a session ended covers a part of it`() throws {
        let found = try run(
            [.start, .cosigned(0, 2, at: Self.now + 9), .stop(), .start, .stop()], policy(1))
        #expect(found.sessions.map(\.size) == [2, 0])
        #expect(found.sessions.map(\.isWhole) == [false, false])
        #expect(found.sessions.map(\.noOlder_s) == [nil, Self.now + 9])
    }

    @Test func `a clock beyond what a quorum says is found, and one liar is none`() throws {
        let year: UInt64 = 31_536_000
        func kinds(_ steps: [Step], _ least: Int) throws -> [UInt64] {
            let problems = try run(steps, policy(least)).problems
            #expect(problems.allSatisfy { $0.kind == .contradiction })
            return problems.map(\.index)
        }
        // The gateway's clock was a year back when the session began, or the witness's is ahead.
        let ahead: [Step] = [.cosigned(0, 1, at: Self.now + year), .start, .stop()]
        #expect(try kinds(ahead, 1) == [1, 2])
        #expect(try kinds(ahead, 2) == [])
        let behind: [Step] = [.start, .stop(), .cosigned(0, 3, at: Self.now - year)]
        #expect(try kinds(behind, 1) == [1])
        #expect(try kinds(behind, 2) == [])
        // As far as clocks may be apart, and a second more; the entry's own clock is one of its index.
        #expect(try kinds([.start, .cosigned(0, 2, at: Self.now + 1 - 900)], 1) == [])
        #expect(try kinds([.start, .cosigned(0, 2, at: Self.now + 1 - 901)], 1) == [1])
        #expect(try kinds([.start, .cosigned(0, 2, at: Self.now + 902)], 1) == [])
        #expect(try kinds([.start, .cosigned(0, 2, at: Self.now + 903)], 1) == [2])
        #expect(try run(ahead, nil).problems.isEmpty)
        // Without a date there is nothing to compare.
        #expect(try kinds([.stop(own_s: 0), .cosigned(0, 2, at: Self.now)], 1) == [])
    }

    @Test func `a cosignature that is entered has to hold and to be of this log`() throws {
        var clock = OutsideClock(nil, isPart: false)
        var initial = InitEntry()
        initial.origin = Self.origin
        _ = clock.take(.initial(initial), at: 0) { _ in nil }
        let good = try cosignature(by: 0, 4, Self.now)
        func kinds(_ cosignature: EnteredCosignature, at index: UInt64 = 4) -> [Verification.Finding.Kind] {
            var clock = clock
            let entry = LogEntry.remark(
                RemarkEntry(author: "", text: "", utc_ns: 1, id: [1], cosignature: cosignature))
            return clock.take(entry, at: index, root: Self.root).map(\.kind)
        }
        #expect(kinds(good) == [])
        #expect(kinds(good, at: 3) == [.contradiction])
        for bit in 0..<8 * good.signature.count {
            var changed = good
            changed.signature[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(kinds(changed) == [.contradiction], "bit \(bit)")
        }
        let other = Checkpoint(origin: Self.origin, size: 4, root: .emptyRoot)
        let forked = EnteredCosignature(
            try #require(keys[0].cosign(other.text, time_s: Self.now)), by: keys[0].witnessKey, of: other)
        #expect(kinds(forked) == [.forked])
        for change in [
            { $0.root.removeLast() }, { $0.root = [] }, { $0.size = 5 }, { $0.witness = "" }, { $0.signature = [] },
            { $0.signature.removeLast() },
        ] as [(inout EnteredCosignature) -> Void] {
            var changed = good
            change(&changed)
            #expect(kinds(changed, at: 9) == [.contradiction])
        }
    }

    @Test func `seconds since 1970 are written as dates`() {
        #expect(OutsideClock.date(0) == "1970-01-01T00:00:00Z")
        #expect(OutsideClock.date(951_782_399) == "2000-02-28T23:59:59Z")
        #expect(OutsideClock.date(951_782_400) == "2000-02-29T00:00:00Z")
        #expect(OutsideClock.date(4_107_542_400) == "2100-03-01T00:00:00Z")
        #expect(OutsideClock.date(1_800_000_000) == "2027-01-15T08:00:00Z")
        #expect(OutsideClock.date(253_402_300_800) == "10000-01-01T00:00:00Z")
        #expect(OutsideClock.date(UInt64(Int64.max)).hasSuffix("Z"))
    }
}
