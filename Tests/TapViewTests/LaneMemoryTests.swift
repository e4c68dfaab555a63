import TestSupport
import Testing

@testable import TapView

struct LaneMemoryTests {
    private struct Entry {
        var time: Int64
        var value: Double
        var counts: Bool
        var isLoss: Bool
    }

    /// Smallest, greatest, number and losses of what was recorded from `from` to before `to`.
    private static func expected(_ entries: [Entry], _ from: Int64, _ to: Int64) -> Bucket {
        let part = entries.filter { $0.time >= from && $0.time < to }
        let known = part.map(\.value).filter { $0 == $0 }
        return Bucket(
            at: from, until: to, min: known.min(), max: known.max(), first: known.first,
            last: part.last.flatMap { $0.value == $0.value ? $0.value : nil }, count: UInt64(part.count { $0.counts }),
            isLost: part.contains(where: \.isLoss), isKnown: !known.isEmpty)
    }

    @Test(arguments: 0..<8)
    func `every bucket has what was recorded within it, at any zoom`(_ seed: UInt64) {
        var dice = Dice(seed)
        var memory = LaneMemory(capacity: 1 << 20, changes: 0)
        var entries: [Entry] = []
        var time: Int64 = 0
        for _ in 0..<2_000 {
            time += Int64.random(
                in: 1...[1_000, 1_000_000, 400_000_000, 90_000_000_000][Int.random(in: 0..<4, using: &dice)],
                using: &dice)
            let isLoss = Int.random(in: 0..<30, using: &dice) == 0
            let entry = Entry(
                time: time, value: isLoss ? .nan : Double(Int.random(in: -9...9, using: &dice)), counts: !isLoss,
                isLoss: isLoss)
            entries.append(entry)
            memory.add(entry.value, at: entry.time, counts: entry.counts, isLoss: isLoss)
        }
        for _ in 0..<100 {
            let from = Int64.random(in: 0..<time, using: &dice)
            let to = Int64.random(in: from + 1...time + 1, using: &dice)
            let count = Int.random(in: 1...500, using: &dice)
            let span = memory.span(from: from, to: to, count: count, isHeld: false)
            let recorded = span.buckets.filter { $0.count > 0 || $0.isLost && $0.until - $0.at < to }
            // Together they have every record of the span, and each has those of its own.
            for bucket in span.buckets where bucket.count > 0 {
                #expect(bucket == Self.expected(entries, bucket.at, bucket.until))
            }
            let covered = entries.filter { entry in
                entry.counts && entry.time >= from && entry.time < to
                    && !recorded.contains { $0.at <= entry.time && entry.time < $0.until }
            }
            #expect(covered.isEmpty)
            #expect(span.buckets.count <= 2 * count + 4)
        }
    }

    @Test func `samples of a block are recorded as they are one by one`() {
        var (one, all) = (LaneMemory(capacity: 64, changes: 0), LaneMemory(capacity: 64, changes: 0))
        for block in 0..<50 {
            let samples = (0..<37).map { $0 == 5 && block == 9 ? Double.nan : Double(($0 * 31 + block * 7) % 23) }
            let begin = Int64(block) * 370_000_000
            all.add(samples, at: begin, each: 10_000_000)
            for (place, sample) in samples.enumerated() {
                one.add(sample, at: begin + Int64(place) * 10_000_000, counts: true)
            }
        }
        let (first, second) = (
            one.span(from: 0, to: 20_000_000_000, count: 150, isHeld: false),
            all.span(from: 0, to: 20_000_000_000, count: 150, isHeld: false)
        )
        #expect(first.buckets == second.buckets)
        #expect(one.value == all.value)
    }

    @Test func `a pulse of a microsecond in sixty days is visible at every zoom`() {
        var memory = LaneMemory(capacity: 256, changes: 16)
        let (day, pulse): (Int64, Int64) = (86_400_000_000_000, 31 * 86_400_000_000_000 + 7)
        memory.add(0, at: 0, counts: false)
        memory.add(1, at: pulse, counts: true)
        memory.add(0, at: pulse + 1_000, counts: true)
        memory.add(0, at: 60 * day, counts: false)
        for (from, to) in [(0, 60 * day), (31 * day, 32 * day), (pulse - 50, pulse + 2_000)] {
            let span = memory.span(from: from, to: to, count: 100, isHeld: true)
            let found = span.buckets.filter { $0.max == 1 }
            #expect(found.count == 1)
            #expect(found.first?.min == 0)
            #expect(found.first?.count == 2)
        }
        let changes = memory.changes(from: pulse - 50, to: pulse + 2_000, most: 10)
        #expect(changes?.map(\.time) == [pulse, pulse + 1_000])
        #expect(changes?.map(\.value) == [1, 0])
    }

    @Test func `what was forgotten in one resolution is there in a coarser one, and a memory says how far it reaches`()
    {
        var memory = LaneMemory(capacity: 8, changes: 4)
        for second in 0..<4_000 { memory.add(Double(second), at: Int64(second) * 1_000_000_000, counts: true) }
        let span = memory.span(from: 0, to: 4_000_000_000_000, count: 4_000, isHeld: false)
        #expect(memory.reach == 0)
        #expect(span.buckets.reduce(0) { $0 + $1.count } == 4_000)
        // The newest ones are there as finely as they came.
        let near = memory.span(from: 3_997_000_000_000, to: 4_000_000_000_000, count: 30, isHeld: false)
        #expect(near.buckets.map(\.min) == [3_997, 3_998, 3_999])
        #expect(memory.changes(from: 0, to: 4_000_000_000_000, most: 100) == nil)
        #expect(memory.changes(from: 3_996_000_000_000, to: 4_000_000_000_000, most: 100)?.count == 4)
    }

    @Test func `what is not known is a bucket of its own, and what is lost says so`() {
        var memory = LaneMemory(capacity: 64, changes: 16)
        memory.add(1, at: 10_000_000_000, counts: true)
        memory.add(.nan, at: 20_000_000_000, counts: false, isLoss: true)
        memory.add(0, at: 50_000_000_000, counts: true)
        let span = memory.span(from: 0, to: 60_000_000_000, count: 600, isHeld: true)
        #expect(span.before == nil)
        #expect(span.buckets.map(\.isKnown) == [false, true, true, false, true])
        #expect(span.buckets.map(\.isLost) == [false, false, true, true, false])
        #expect(span.buckets.map(\.at) == [0, 10_000_000_000, 20_000_000_000, 20_100_000_000, 50_000_000_000])
        #expect(memory.span(from: 11_000_000_000, to: 12_000_000_000, count: 10, isHeld: true).before == 1)
        let within = memory.span(from: 30_000_000_000, to: 40_000_000_000, count: 10, isHeld: true)
        #expect(within.before == nil)
        #expect(within.buckets == [Bucket(at: 30_000_000_000, until: 40_000_000_000, isLost: true)])
    }
}
