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
        sources[source].records.removeFirst(sources[source].next)
        sources[source].next = 0
        for var record in new {
            record.number = sources[source].number
            sources[source].number += 1
            sources[source].newest = max(sources[source].newest, record.time)
            if sources[source].isOrdered { record.place = sources[source].newest }
            sources[source].records.append(record)
        }
        sources[source].records.sort { ($0.place, $0.number) < ($1.place, $1.number) }
        sources[source].watermark = max(sources[source].watermark, watermark)
        sources[source].hasEnded = isLast
    }

    /// Nothing follows.
    mutating func finish() { isFinishing = true }

    /// Before which scans of a block may be given at once: the next record of any source, or what may still come.
    private func limit(behind best: Int, _ bound: Timestamp) -> Timestamp {
        var limit = isFinishing ? Timestamp.distantFuture : bound + Nanoseconds(1)
        for source in sources where source.next < source.records.count {
            limit = min(limit, source.records[source.next].place)
        }
        return limit
    }

    /// The next one; nil: more must come first, or, once it is finished, there is none.
    mutating func next() -> StoredRecord? {
        guard isOpen else { return nil }
        var best: Int?
        var bound = Timestamp.distantFuture
        for index in sources.indices {
            let source = sources[index]
            if source.next < source.records.count {
                if best.map({ source.records[source.next].place < sources[$0].records[sources[$0].next].place }) ?? true
                {
                    best = index
                }
            }
            if !source.hasEnded { bound = min(bound, source.watermark) }
        }
        guard let best else {
            if isFinishing { isOpen = false }
            return nil
        }
        var record = sources[best].records[sources[best].next]
        guard isFinishing || record.place <= bound else { return nil }
        sources[best].next += 1
        if let rest = record.split(before: limit(behind: best, bound)) { sources[best].putBack(rest) }
        if record.time < emitted { record.markLate() } else { emitted = record.time }
        return record
    }
}
