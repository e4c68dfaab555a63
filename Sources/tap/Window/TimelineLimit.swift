import TapCore
import TapView

/// How much an answer of the timeline has: about 1 MB, which a phone takes.
enum TimelineLimit {
    /// As many may be asked for of each lane, and are answered of all together.
    static let buckets = 4_000
    private static let changes = 8_000

    /// - Parameter isCut: the last bucket ends at `to`.
    static func spans(
        _ record: RecordTimeline, _ places: [Int], from: Int64, to: Int64, count: Int, isCut: Bool = false
    ) throws(TapError) -> [WindowMemory.Span] {
        func asked(_ count: Int) throws(TapError) -> [WindowMemory.Span] {
            try record.spans(of: places, from: from, to: to, count: count, isCut: isCut)
        }
        guard to - from > RecordTimeline.mostRead else {
            // Records are read once for an answer.
            var spans = try asked(max(1, min(count, buckets / max(1, places.count))))
            leaveOut(&spans)
            return spans
        }
        var spans = try asked(count)
        var count = count
        while let fewer = fewer(spans, count) {
            count = fewer
            spans = try asked(count)
        }
        leaveOut(&spans)
        return spans
    }

    /// - Parameter width: of a bucket, in place of the count, in nanoseconds.
    static func spans(
        _ memory: WindowMemory, _ places: [Int], from: Int64, to: Int64, count: Int, width: Int64?
    ) -> [WindowMemory.Span] {
        func asked(_ count: Int) -> [WindowMemory.Span] {
            memory.spans(of: places, from: from, to: to, count: count, width: width)
        }
        var spans = asked(count)
        var count = count
        while width == nil, let fewer = fewer(spans, count) {
            count = fewer
            spans = asked(count)
        }
        leaveOut(&spans)
        return spans
    }

    /// How many of each lane would be few enough; nil: they are.
    private static func fewer(_ spans: [WindowMemory.Span], _ count: Int) -> Int? {
        let all = spans.reduce(0) { $0 + $1.buckets.count }
        guard count > 1, all > buckets else { return nil }
        return max(1, min(count / 2, count * buckets / all))
    }

    /// Changes of the lanes that have most of them.
    private static func leaveOut(_ spans: inout [WindowMemory.Span]) {
        var left = changes
        for place in spans.indices.sorted(by: { spans[$0].changes?.count ?? 0 < spans[$1].changes?.count ?? 0 }) {
            left -= spans[place].changes?.count ?? 0
            if left < 0 { spans[place].changes = nil }
        }
    }
}
