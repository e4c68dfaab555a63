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
    }

    private var sources: [Source]
    private var isFinishing = false
    private var emitted = Timestamp.zero
    /// There may be records in it.
    private(set) var isOpen: Bool

    init(_ count: Int) {
        sources = Array(repeating: Source(), count: count)
        isOpen = count > 0
    }

    /// Records in the order in which the source gave them.
    mutating func add(_ new: [StoredRecord], of source: Int, upTo watermark: Timestamp, isLast: Bool) {
        guard sources.indices.contains(source) else { return }
        sources[source].records.removeFirst(sources[source].next)
        sources[source].next = 0
        sources[source].records += new
        // Sorting is stable only by a number.
        let numbered = sources[source].records.enumerated().sorted {
            ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
        }
        sources[source].records = numbered.map(\.element)
        sources[source].watermark = max(sources[source].watermark, watermark)
        sources[source].hasEnded = isLast
    }

    /// Nothing follows.
    mutating func finish() { isFinishing = true }

    /// The next one; nil: more must come first, or, once it is finished, there is none.
    mutating func next() -> StoredRecord? {
        guard isOpen else { return nil }
        var best: Int?
        var bound = Timestamp.distantFuture
        for index in sources.indices {
            let source = sources[index]
            if source.next < source.records.count {
                if best.map({ source.records[source.next].time < sources[$0].records[sources[$0].next].time }) ?? true {
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
        guard isFinishing || record.time <= bound else { return nil }
        sources[best].next += 1
        if record.time < emitted { record.markLate() } else { emitted = record.time }
        return record
    }
}
