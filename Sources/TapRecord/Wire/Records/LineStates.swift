import TapCore

/// The edge that each line is expected to continue with in one message: its direction turned, its number one more.
///
/// A word a line: 32 bits of sequence number, 8 bits of flags, 24 bits of the message's own number, by which all is
/// forgotten at once.
struct LineStates: Sendable {
    private var words: [UInt64] = []
    /// In the upper 24 bits; 0 is that of no message.
    private(set) var generation: UInt64 = 0

    /// Forgets all.
    mutating func begin() {
        generation &+= 1 << 40
        guard generation == 0 else { return }
        for index in words.indices { words[index] = 0 }
        generation = 1 << 40
    }

    @inline(__always)
    func word(sequence: UInt32, flags: UInt8) -> UInt64 {
        UInt64(sequence) | UInt64(flags) << 32 | generation
    }

    /// Makes the line the next one's.
    ///
    /// - Returns: the word that was expected of this one.
    @inline(__always)
    mutating func exchange(_ line: Int, sequence: UInt32, flags: UInt8) -> UInt64 {
        if line >= words.count { grow(line) }
        let expected = words[line]
        words[line] = word(sequence: sequence &+ 1, flags: flags ^ Edge.Flags.rising.rawValue)
        return expected
    }

    /// `exchange` of edges one after the other.
    ///
    /// - Parameter body: called with each, and whether it was expected.
    @inline(__always)
    mutating func exchange(_ edges: Span<Cell>, _ body: (Edge, Bool) -> Void) {
        var last = 0
        for index in edges.indices { last = max(last, Int(Edge(cell: edges[index]).line.index)) }
        if last >= words.count { grow(last) }
        let generation = generation
        var words = words.mutableSpan
        for index in edges.indices {
            let edge = Edge(cell: edges[index])
            let (line, flags) = (Int(edge.line.index), UInt64(edge.flags.rawValue))
            let isExpected = words[line] == UInt64(edge.sequence) | flags << 32 | generation
            words[line] =
                UInt64(edge.sequence &+ 1) | (flags ^ UInt64(Edge.Flags.rising.rawValue)) << 32 | generation
            body(edge, isExpected)
        }
    }

    /// nil: there was none of this line in the message.
    @inline(__always)
    func expected(_ line: Int) -> (sequence: UInt32, flags: UInt8)? {
        guard line < words.count else { return nil }
        let word = words[line]
        guard word >> 40 == generation >> 40 else { return nil }
        return (UInt32(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 32))
    }

    @inline(never)
    private mutating func grow(_ line: Int) {
        let count = Swift.max(line + 1, Swift.min(2 * words.count, 1 << 16))
        var grown = [UInt64](repeating: 0, count: count)
        grown.replaceSubrange(words.indices, with: words)
        words = grown
    }
}
