extension LogEntry {
    /// Eight decimal digits.
    private static let segments: Range<UInt64> = 0..<100_000_000
    /// Channels of its messages are 16-bit numbers.
    private static let sources: Range<UInt32> = 0..<16_380
    /// Behind its last chunk a segment has a free space's header and its ending.
    static let leastBehindChunks = UInt64(MCAP.recordHeader + MCAP.ending.count)

    /// Whether numbers, places and counts are such as the format allows: a segment is less than 4 GiB. What holds here is
    /// not looked at again where they are added up.
    var isWithinLimits: Bool {
        func isPlace(_ offset: UInt64, _ length: UInt64) -> Bool { offset >> 32 == 0 && length >> 32 == 0 }
        switch self {
        case .segment(let entry):
            return LogEntry.segments.contains(entry.number) && LogEntry.sources.contains(entry.source)
                && isPlace(entry.length, entry.size) && entry.length + LogEntry.leastBehindChunks <= entry.size
        case .chunk(let entry):
            return LogEntry.segments.contains(entry.segment) && LogEntry.sources.contains(entry.source)
                && isPlace(entry.offset, entry.length)
                && [entry.edges, entry.scans, entry.events].allSatisfy { $0 >> 32 == 0 }
        case .seal(let entry):
            return LogEntry.segments.contains(entry.segment) && isPlace(entry.offset, entry.length)
        case .drop(let entry):
            return LogEntry.segments.contains(entry.first) && LogEntry.segments.contains(entry.last)
        case .cut(let entry): return LogEntry.segments.contains(entry.segment)
        default: return true
        }
    }
}
