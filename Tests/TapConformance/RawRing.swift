public import TapCore

/// The records of a ring as a source wrote them, watermarks and end among them.
///
/// Reads the first cell of each as `RecordHeader` documents it: time, then from the low end 32 bits of count, 16 of
/// subject, 8 of kind, 8 of flags.
public struct RawRing: ~Copyable {
    public struct Entry: Sendable, Hashable {
        public var kind: RecordKind
        public var time: Timestamp
        public var subject: Int
        /// When it was found.
        public var seen: Timestamp
    }

    var ring: RingConsumer?
    public private(set) var entries: [Entry] = []

    init() {}

    mutating func drain(at now: Timestamp) {
        var toSkip = 0
        while let cell = ring?.pop() {
            guard toSkip == 0 else {
                toSkip -= 1
                continue
            }
            guard let kind = RecordKind(rawValue: UInt8(truncatingIfNeeded: cell.word1 >> 48)) else {
                preconditionFailure("a cell of no known kind")
            }
            if kind != .edge { toSkip = Int(UInt32(truncatingIfNeeded: cell.word1)) - 1 }
            guard kind != .pad else { continue }
            entries.append(
                Entry(
                    kind: kind, time: Timestamp(nanoseconds: cell.word0),
                    subject: Int(UInt16(truncatingIfNeeded: cell.word1 >> 32)), seen: now))
        }
    }
}
