import Glibc
import TapCore
import TestSupport
import Testing

@testable import TapRecord
@testable import TapView

/// The timeline of a store against what was written into it. TAP_WINDOWS: so many random windows; TAP_SOAK_SEED: others.
@Suite struct RecordTimelineTests {
    private static func number(_ name: String) -> Int? {
        unsafe getenv(name).flatMap { unsafe Int(String(cString: $0)) }
    }

    private static let windows = number("TAP_WINDOWS") ?? 240
    private static let seed = UInt64(number("TAP_SOAK_SEED") ?? 0) &+ 15

    /// What buckets between two times are by brute force: nil where nothing of the lane was recorded and it was known.
    private static func expected(_ entries: [StoredRun.Entry], _ isHeld: Bool, _ from: Int64, _ to: Int64) -> Bucket? {
        let (before, part) = (entries.prefix { $0.time < from }, entries.filter { $0.time >= from && $0.time < to })
        var values = part.map(\.value)
        let entry = before.last?.value ?? .nan
        if part.isEmpty, entry == entry { return nil }
        let first = values.first { $0 == $0 }
        let last = part.last?.value ?? .nan
        if isHeld, !part.isEmpty { values.append(entry) }
        let known = values.filter { $0 == $0 }
        // What is not known because of a loss is lost for as long.
        let cause = before.last { $0.isLoss || $0.value == $0.value }
        return Bucket(
            at: from, until: to, min: known.min(), max: known.max(), first: first, last: last == last ? last : nil,
            count: UInt64(part.count { $0.counts }),
            isLost: part.isEmpty ? cause?.isLoss ?? false : part.contains(where: \.isLoss), isKnown: !known.isEmpty)
    }

    private static func compare(
        _ run: StoredRun, _ timeline: RecordTimeline, from: Int64, to: Int64, count: Int, isCut: Bool = false
    ) throws {
        let spans = try timeline.spans(
            of: Array(timeline.layout.lanes.indices), from: from, to: to, count: count, isCut: isCut)
        let end = min(to, timeline.index.length.count)
        for span in spans {
            guard let entries = run.written[span.lane.name] else { continue }
            let isHeld = span.lane.kind != .analog
            let place: Comment = "\(span.lane.name) \(from) to \(to), \(count) buckets"
            for bucket in span.buckets {
                #expect(bucket == expected(entries, isHeld, bucket.at, bucket.until), place)
            }
            #expect(zip(span.buckets, span.buckets.dropFirst()).allSatisfy { $0.until <= $1.at }, place)
            #expect(span.buckets.count <= 2 * count + 4, place)
            if isCut { #expect(span.buckets.allSatisfy { $0.until <= to }, place) }
            let missing = entries.filter { entry in
                entry.time >= from && entry.time < end
                    && !span.buckets.contains { $0.at <= entry.time && entry.time < $0.until }
            }
            #expect(missing.isEmpty, place)
            let before = entries.last { $0.time < from }.flatMap { $0.value == $0.value ? $0.value : nil }
            if to - from <= RecordTimeline.mostRead { #expect(span.before == before, place) }
            guard let changes = span.changes else { continue }
            var value = before ?? .nan
            var wanted: [(time: Int64, value: Double?)] = []
            for entry in entries where entry.time >= from && entry.time < end {
                if entry.value != value, entry.value == entry.value || value == value {
                    wanted.append((entry.time, entry.value == entry.value ? entry.value : nil))
                }
                value = entry.value
            }
            #expect(changes.map(\.time) == wanted.map(\.time) && changes.map(\.value) == wanted.map(\.value), place)
        }
    }

    private static func whole(_ run: StoredRun, cache: String?) throws -> RecordTimeline {
        let timeline = RecordTimeline(run.site, try StoreIndex(run.path), in: cache)
        timeline.make()
        #expect(timeline.progress.isDone)
        return timeline
    }

    @Test func `random windows are what was recorded, from months down to nanoseconds`() throws {
        let run = try StoredRun(seed: Self.seed)
        let timeline = try Self.whole(run, cache: nil)
        #expect(timeline.layout.lanes.filter { StoredRun.lanes.contains($0.name) && $0.isCaptured }.count == 4)
        var dice = Dice(Self.seed)
        let length = timeline.index.length.count
        let times = run.written.values.flatMap { $0.map(\.time) }.sorted()
        for _ in 0..<Self.windows {
            // Near records, for most of the time nothing happens.
            let near = times[Int.random(in: 0..<times.count, using: &dice)]
            let span = Int64.random(
                in:
                    20...[1_000, 1_000_000, StoredRun.second, 300 * StoredRun.second, StoredRun.hour, length][
                        Int.random(in: 0..<6, using: &dice)], using: &dice)
            let from = max(0, near - Int64.random(in: 0...span, using: &dice))
            try Self.compare(run, timeline, from: from, to: from + span, count: Int.random(in: 1...400, using: &dice))
        }
        if Self.number("TAP_SOAK_SEED") != nil { print("soak: \(Self.windows) windows of the timeline") }
    }

    @Test func `a store that is written is followed, and what is shown of it ends where it is asked to`() throws {
        let cache = ScratchFolder()
        var timeline: RecordTimeline?
        var (dice, looks) = (Dice(Self.seed), 0)
        let run = try StoredRun(seed: Self.seed) { run in
            let mine = try timeline ?? RecordTimeline(run.site, following: StoreIndex(run.path), in: cache.path)
            // Before the first session there is no line, and so none with the same number.
            timeline = try mine.follow() ? mine : nil
            guard let timeline else { return }
            #expect(timeline.progress.isDone && timeline.progress.failure == nil)
            let reached = timeline.progress.reached
            guard reached > StoredRun.second else { return }
            looks += 1
            for _ in 0..<6 {
                let to = reached - Int64.random(in: 0...StoredRun.second, using: &dice)
                let span = Int64.random(
                    in:
                        1...[1_000_000, 100 * StoredRun.second, StoredRun.hour, reached][
                            Int.random(in: 0..<4, using: &dice)],
                    using: &dice)
                try Self.compare(
                    run, timeline, from: max(0, to - span), to: to, count: Int.random(in: 1...400, using: &dice),
                    isCut: true)
            }
        }
        #expect(looks > 20)
        let followed = try #require(timeline)
        #expect(try followed.follow())
        let length = followed.index.length.count
        let entries = try StoreIndex(run.path).entries
        #expect(followed.progress.reached == length && followed.index.entries == entries)
        for _ in 0..<60 {
            let from = Int64.random(in: 0..<length, using: &dice)
            let to = Int64.random(in: from + 1...length, using: &dice)
            try Self.compare(
                run, followed, from: from, to: to, count: Int.random(in: 1...400, using: &dice), isCut: true)
        }
        // As one that is read at once, without a record twice.
        let whole = try Self.whole(run, cache: nil)
        for span in [StoredRun.hour, 100 * StoredRun.hour, length] {
            let lanes = Array(whole.layout.lanes.indices)
            let (one, other) = (
                try whole.spans(of: lanes, from: 0, to: span, count: 500),
                try followed.spans(of: lanes, from: 0, to: span, count: 500)
            )
            #expect(one.map(\.buckets) == other.map(\.buckets))
        }
        #expect(cache.names.isEmpty)
    }

    @Test func `a store that was replaced is found out`() throws {
        let run = try StoredRun(seed: 5, bursts: 6)
        let cache = ScratchFolder()
        let timeline = try RecordTimeline(run.site, following: StoreIndex(run.path), in: cache.path)
        #expect(try timeline.follow())
        let other = try StoredRun(seed: 6, bursts: 24)
        #expect(unsafe rename(run.path, run.path + "-old") == 0 && rename(other.path, run.path) == 0)
        let error = #expect(throws: TapError.self) { try timeline.follow() }
        #expect(error?.description.contains("is another one than before") == true)
    }

    @Test func `a pulse and a loss of a microsecond are seen at every zoom`() throws {
        let run = try StoredRun(seed: 3)
        let timeline = try Self.whole(run, cache: nil)
        let lane = try #require(timeline.layout.lane(named: "FB"))
        var span: Int64 = 20
        while span < 90 * 24 * StoredRun.hour {
            let from = max(0, run.pulse - span / 2)
            let pulse = try timeline.spans(of: [lane], from: from, to: from + span, count: 600)[0]
            let seen = pulse.buckets.first { $0.at <= run.pulse && run.pulse < $0.until }
            #expect(seen?.min == 0 && seen?.max == 1, "\(span) ns")
            let around = max(0, run.loss - span / 2)
            let loss = try timeline.spans(of: [lane], from: around, to: around + span, count: 600)[0]
            #expect(loss.buckets.contains { $0.at <= run.loss && run.loss < $0.until && $0.isLost }, "\(span) ns")
            span = span * 17 / 10
        }
    }

    @Test func `summaries are kept, used again, and found out where they were altered`() throws {
        let run = try StoredRun(seed: 4, bursts: 6)
        let cache = ScratchFolder()
        let made = try Self.whole(run, cache: cache.path)
        #expect(!made.progress.wasFound)
        let path = try #require(made.progress.path)
        let name = String(path.dropFirst(cache.path.utf8.count + 1))
        let index = try StoreIndex(run.path)
        let again = RecordTimeline(run.site, index, in: cache.path)
        #expect(again.progress.wasFound && again.progress.isDone)
        try Self.compare(run, again, from: 0, to: index.length.count, count: 300)
        guard case .same(let buckets) = try RecordTimeline.check(run.site, index, in: cache.path).0, buckets > 0 else {
            Issue.record("they are not the same")
            return
        }
        // A greatest value that never was, with the sum that belongs to it.
        let bytes = cache.read(name)
        var altered = bytes
        let end = bytes.count - 32
        let directory = Int(bytes.word(at: end))
        let lane = try #require(made.layout.lane(named: "LT"))
        var place = directory
        for _ in 0..<lane * LaneCascade.levels { place += 8 + 24 * Int(bytes.word(at: place)) }
        let page = SummaryPage(bytes, at: place + 8)
        func put(_ word: UInt64, at place: Int) {
            for byte in 0..<8 { altered[place + byte] = UInt8(truncatingIfNeeded: word >> (8 * UInt64(byte))) }
        }
        put(9.75.bitPattern, at: Int(page.offset) + 16)
        let sum = CRC32.of(Array(altered[Int(page.offset)..<Int(page.offset) + page.length]))
        put(UInt64(page.count) | UInt64(sum) << 32, at: place + 8 + 16)
        put(UInt64(CRC32.of(Array(altered[directory..<end]))), at: end + 16)
        _ = cache.write(name, altered)
        #expect(RecordTimeline(run.site, index, in: cache.path).progress.wasFound)
        let found = try RecordTimeline.check(run.site, index, in: cache.path).0
        #expect(
            found == .altered(lane: "LT", at: page.first * StoredRun.second, width: StoredRun.second))
        // Without it, and cut at any place, they are doubted at once.
        altered = bytes
        put(9.75.bitPattern, at: Int(page.offset) + 16)
        for doubted in [altered, Array(bytes.dropLast()), Array(bytes.prefix(bytes.count / 2)), []] {
            _ = cache.write(name, doubted)
            #expect(try RecordTimeline.check(run.site, index, in: cache.path).0 == .missing)
            let anew = RecordTimeline(run.site, index, in: cache.path)
            #expect(!anew.progress.wasFound)
            anew.make()
            #expect(cache.read(name) == bytes)
        }
    }

    @Test func `summaries of another state of the store are made anew`() throws {
        let run = try StoredRun(seed: 5, bursts: 3)
        let cache = ScratchFolder()
        _ = try Self.whole(run, cache: cache.path)
        _ = try run.store.enter(
            StoreRequest(.remark("later"), author: "test"),
            clock: StoreClock { .init(monotonic: .zero, utcNanoseconds: 1) })
        let timeline = RecordTimeline(run.site, try StoreIndex(run.path), in: cache.path)
        #expect(!timeline.progress.wasFound)
    }

    @Test func `what is not summed up yet is not known, and what was dropped is lost`() throws {
        let run = try StoredRun(seed: 6, bursts: 4)
        let index = try StoreIndex(run.path)
        let timeline = RecordTimeline(run.site, index, in: nil)
        let length = index.length.count
        for span in try timeline.spans(of: [0, 1], from: 5, to: length, count: 10) {
            #expect(span.buckets == [Bucket(at: 5, until: length)])
        }
        let disk = SystemDisk(run.path)
        for name in try disk.names(in: StoreLayout.segments).dropFirst(1) {
            try disk.remove("\(StoreLayout.segments)/\(name)")
        }
        timeline.make()
        #expect(
            timeline.progress.isDone
                && timeline.progress.remarks == ["some segments were dropped: what they held is missing"])
        let lane = try #require(timeline.layout.lane(named: "hmi.LEVEL"))
        let span = try timeline.spans(of: [lane], from: 0, to: length, count: 10)[0]
        #expect(span.buckets.contains(where: \.isLost) && !span.buckets.contains(where: \.isKnown))
        // The same where records themselves are read.
        let first = try #require(run.written["hmi.LEVEL"]?.first?.time)
        let short = try timeline.spans(of: [lane], from: first, to: first + StoredRun.second, count: 10)[0]
        #expect(short.buckets.contains(where: \.isLost) && !short.buckets.contains(where: \.isKnown))
    }
}
