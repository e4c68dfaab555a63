import TapCore
import Testing

@testable import TapBench

@Suite struct MatchTests {
    /// High and low in turn at these microseconds; a write takes one.
    private func drives(_ times: [UInt64]) -> [DriveRecord] {
        times.enumerated().map { index, time in
            DriveRecord(
                line: 0, isHigh: index % 2 == 0, due: Timestamp(nanoseconds: time * 1_000),
                before: Timestamp(nanoseconds: time * 1_000), after: Timestamp(nanoseconds: time * 1_000 + 1_000))
        }
    }

    /// Rising at positive microseconds, falling at negative ones.
    private func edges(_ times: [Int64]) -> [Edge] {
        times.map {
            Edge(
                time: Timestamp(nanoseconds: $0.magnitude * 1_000), line: LineID(0), sequence: 0,
                flags: $0 > 0 ? .rising : [])
        }
    }

    private func apart(_ times: [UInt64], _ seen: [Int64]) -> (match: EdgeMatch, pairs: [Int64]) {
        var pairs: [Int64] = []
        let match = EdgeMatch.apart(drives(times), edges(seen)) { drive, edge in
            pairs.append((edge.time - drive.before).count / 1_000)
        }
        return (match, pairs)
    }

    @Test func `each change has its edge`() {
        let (match, pairs) = apart([100, 200, 300, 400], [103, -200, 399, -500])
        #expect(match == EdgeMatch(matched: 4) && match.isComplete)
        #expect(pairs == [3, 0, 99, 100])
    }

    @Test func `what is missing, too much, turned round or too early is distinguished`() {
        #expect(apart([100, 200, 300, 400], [103, -450]).match == EdgeMatch(matched: 2, missing: 2))
        #expect(apart([100, 200], [103, -110, -203]).match == EdgeMatch(matched: 2, extra: 1))
        #expect(apart([100, 200], [-103, 203]).match == EdgeMatch(inverted: 2))
        #expect(apart([100, 200], [50, 103, -203]).match == EdgeMatch(matched: 2, early: 1))
        #expect(apart([], [50]).match == EdgeMatch(extra: 1))
        #expect(apart([100, 200], []).match == EdgeMatch(missing: 2))
        #expect(
            EdgeMatch(matched: 1, missing: 1, extra: 2).words(of: 2) == "1 of 2 detected; 1 missing, 2 too many")
    }

    @Test func `in order means all of them, each after its change`() {
        // Faster than they are stamped: the first edge comes after the second change.
        #expect(EdgeMatch.isInOrder(drives([100, 110]), edges([115, -120])))
        #expect(!EdgeMatch.isInOrder(drives([100, 110]), edges([115])))
        #expect(!EdgeMatch.isInOrder(drives([100, 110]), edges([115, 120])))
        #expect(!EdgeMatch.isInOrder(drives([100, 110]), edges([105, -109])))
    }

    @Test func `a pulse is seen if both its edges are, and nothing else`() {
        let pulses = PulseSeen.all(
            drives([100, 110, 200, 210, 300, 310, 400, 410]), edges([101, -112, -211, 301, -312, 320, -330]))
        #expect(pulses.map(\.isSeen) == [true, false, false, false])
        #expect(pulses[0].least == .microseconds(9) && pulses[0].most == .microseconds(11))
    }
}
