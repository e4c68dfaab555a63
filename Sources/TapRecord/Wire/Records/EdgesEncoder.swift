import TapCore

/// Encodes edges as a message Edges of record.proto: a column at a time.
struct EdgesEncoder: Sendable {
    private var states = LineStates()
    /// Packed, without their tags and lengths.
    private var times = VarintColumn()
    private var lines = VarintColumn()
    private var flags = VarintColumn()
    private var sequences = VarintColumn()
    private var markIndexes = VarintColumn()
    private var markTimes = VarintColumn()
    /// The time of the first.
    private(set) var first = Timestamp.zero
    private var last: UInt64 = 0
    private var lastMark: UInt64 = 0
    private var count = 0

    /// A message begins.
    mutating func begin(at time: Timestamp) {
        first = time
        last = time.nanoseconds
        lastMark = last
        states.begin()
    }

    /// What the message takes so far.
    var byteCount: Int {
        guard count > 0 else { return 0 }
        return times.count + lines.count + flags.count + sequences.count + markIndexes.count + markTimes.count + 32
    }

    mutating func append(_ edges: Span<Cell>) {
        times.append(timesOf: edges, after: &last)
        lines.append(linesOf: edges, expecting: &states, flags: &flags, sequences: &sequences)
        count += edges.count
    }

    /// A watermark before the next edge.
    mutating func mark(_ time: Timestamp) {
        markIndexes.append(UInt64(count))
        markTimes.append(Int64(bitPattern: time.nanoseconds &- lastMark).zigzag)
        lastMark = time.nanoseconds
    }

    /// The whole message; the memory of its columns is kept.
    mutating func finish(into writer: inout ProtoWriter) {
        writer.reserve(byteCount + 64)
        writer.bytes(1, times.bytes)
        writer.bytes(2, lines.bytes)
        writer.bytes(3, flags.bytes)
        writer.bytes(4, sequences.bytes)
        writer.uint64(5, first.nanoseconds)
        writer.bytes(6, markIndexes.bytes)
        writer.bytes(7, markTimes.bytes)
        times.removeAll()
        lines.removeAll()
        flags.removeAll()
        sequences.removeAll()
        markIndexes.removeAll()
        markTimes.removeAll()
        count = 0
    }
}
