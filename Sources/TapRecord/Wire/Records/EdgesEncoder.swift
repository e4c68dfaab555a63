import TapCore

/// Encodes edges as a message Edges of record.proto.
///
/// Edges are staged, so that a column is open for many of them at once.
struct EdgesEncoder: Sendable {
    private static let stage = 256

    private var staged: [Edge] = []
    private var states = LineStates()
    /// Packed, without their tags and lengths.
    private var times = VarintColumn()
    private var lines = VarintColumn()
    private var flags = VarintColumn()
    private var sequences = VarintColumn()
    private var markIndexes = VarintColumn()
    private var markTimes = VarintColumn()
    private var first: UInt64 = 0
    private var last: UInt64 = 0
    private var lastMark: UInt64 = 0
    /// Of those encoded.
    private var count = 0

    init() { staged.reserveCapacity(EdgesEncoder.stage) }

    /// A message begins.
    mutating func begin(at time: Timestamp) {
        first = time.nanoseconds
        last = first
        lastMark = first
        states.begin()
    }

    /// What the message takes so far; what is staged is estimated.
    var byteCount: Int {
        guard count + staged.count > 0 else { return 0 }
        return times.count + lines.count + flags.count + sequences.count + markIndexes.count + markTimes.count
            + 4 * staged.count + 32
    }

    @inline(__always)
    mutating func append(_ edge: Edge) {
        staged.append(edge)
        if staged.count == EdgesEncoder.stage { encodeStaged() }
    }

    /// A watermark before the next edge.
    mutating func mark(_ time: Timestamp) {
        let delta = Int64(bitPattern: time.nanoseconds &- lastMark)
        lastMark = time.nanoseconds
        markIndexes.reserve(10)
        markTimes.reserve(10)
        markIndexes.append(UInt64(count + staged.count))
        markTimes.append(delta.zigzag)
    }

    @inline(never)
    private mutating func encodeStaged() {
        times.reserve(10 * staged.count)
        lines.reserve(10 * staged.count)
        flags.reserve(10 * staged.count)
        sequences.reserve(10 * staged.count)
        for edge in staged {
            let time = edge.time.nanoseconds
            times.append(Int64(bitPattern: time &- last).zigzag)
            last = time
            let line = UInt64(edge.line.index)
            let (sequence, raw) = (edge.sequence, edge.flags.rawValue)
            let expected = states.exchange(Int(line), sequence: sequence, flags: raw)
            guard expected != states.word(sequence: sequence, flags: raw) else {
                lines.append(line << 1)
                continue
            }
            lines.append(line << 1 | 1)
            flags.append(UInt64(raw))
            sequences.append(UInt64(sequence))
        }
        count += staged.count
        staged.removeAll(keepingCapacity: true)
    }

    /// The whole message; the memory of its columns is kept.
    mutating func finish() -> SpanMessage {
        encodeStaged()
        var writer = ProtoWriter()
        writer.reserve(byteCount + 64)
        writer.bytes(1, times.bytes)
        writer.bytes(2, lines.bytes)
        writer.bytes(3, flags.bytes)
        writer.bytes(4, sequences.bytes)
        writer.uint64(5, first)
        writer.bytes(6, markIndexes.bytes)
        writer.bytes(7, markTimes.bytes)
        let message = SpanMessage(kind: .edges, firstTime: Timestamp(nanoseconds: first), bytes: writer.bytes)
        times.removeAll()
        lines.removeAll()
        flags.removeAll()
        sequences.removeAll()
        markIndexes.removeAll()
        markTimes.removeAll()
        count = 0
        return message
    }
}
