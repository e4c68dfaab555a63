import TapCore

/// Records of several sources, each behind its watermarks, on their way into one order of time.
struct MergedRecords: Sendable {
    private struct Source: Sendable {
        /// In order of time from `next` on.
        var records: [StoredRecord] = []
        var next = 0
        /// Nothing earlier follows, but for what is late.
        var watermark = Timestamp.zero
        var hasEnded = false
        var number: UInt64 = 0
        /// It gave its records in one order, which stays: see `SourceInfo.Capabilities.ordered`.
        var isOrdered = false
        var newest = Timestamp.zero

        mutating func append(_ new: consuming [StoredRecord]) {
            records.removeFirst(next)
            next = 0
            var isSorted = true
            var last = records.last?.place ?? .zero
            for index in new.indices {
                new[index].number = number
                number += 1
                newest = max(newest, new[index].time)
                if isOrdered { new[index].place = newest }
                if new[index].place < last { isSorted = false }
                last = new[index].place
            }
            if records.isEmpty { records = new } else { records += new }
            if !isSorted { records.sort { ($0.place, $0.number) < ($1.place, $1.number) } }
        }

        /// Place of the next record; nil: there is none.
        var first: Timestamp? { next < records.count ? records[next].place : nil }

        /// What is left of a block of scans goes where its time belongs.
        mutating func putBack(_ rest: StoredRecord) {
            var place = next - 1
            records[place] = rest
            while place + 1 < records.count,
                (records[place + 1].place, records[place + 1].number) < (rest.place, rest.number)
            {
                records.swapAt(place, place + 1)
                place += 1
            }
            next -= 1
        }
    }

    private var sources: [Source]
    private var isFinishing = false
    private var emitted = Timestamp.zero
    /// There may be records in it.
    private(set) var isOpen: Bool

    /// - Parameters:
    ///   - isEmpty: of each source, whether it has no records.
    ///   - isOrdered: of each, whether what went back in time when it came is late here too.
    init(isEmpty: [Bool] = [], isOrdered: [Bool] = []) {
        sources = isEmpty.map { Source(hasEnded: $0) }
        for (index, isOrdered) in zip(sources.indices, isOrdered) { sources[index].isOrdered = isOrdered }
        isOpen = !isEmpty.isEmpty
    }

    /// Records in the order in which the source gave them.
    mutating func add(_ new: [StoredRecord], of source: Int, upTo watermark: Timestamp, isLast: Bool) {
        guard sources.indices.contains(source) else { return }
        sources[source].append(new)
        sources[source].watermark = max(sources[source].watermark, watermark)
        sources[source].hasEnded = isLast
    }

    /// Nothing follows.
    mutating func finish() { isFinishing = true }

    /// Before which scans of a block may be given at once: the next record of any source, or what may still come.
    private func limit(behind best: Int, _ bound: Timestamp) -> Timestamp {
        var limit = isFinishing ? Timestamp.distantFuture : bound + Nanoseconds(1)
        for index in sources.indices { if let place = sources[index].first { limit = min(limit, place) } }
        return limit
    }

    /// The next one; nil: more must come first, or, once it is finished, there is none.
    mutating func next() -> StoredRecord? {
        guard isOpen else { return nil }
        var best: Int?
        var first = Timestamp.distantFuture
        var bound = Timestamp.distantFuture
        for index in sources.indices {
            if let place = sources[index].first, place < first || best == nil { (best, first) = (index, place) }
            if !sources[index].hasEnded { bound = min(bound, sources[index].watermark) }
        }
        guard let best else {
            if isFinishing { isOpen = false }
            return nil
        }
        guard isFinishing || first <= bound else { return nil }
        var record = sources[best].records[sources[best].next]
        sources[best].next += 1
        if let rest = record.split(before: limit(behind: best, bound)) { sources[best].putBack(rest) }
        if record.time < emitted { record.markLate() } else { emitted = record.time }
        return record
    }
}
