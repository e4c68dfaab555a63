import TapCore

/// Varints one after the other, with room ahead so that appending one is a store or two.
struct VarintColumn: Sendable {
    /// What is behind the first `count` says nothing.
    private var storage: [UInt8] = []
    private(set) var count = 0

    var bytes: ArraySlice<UInt8> { storage[..<count] }

    /// Makes room for so many varints, of 10 bytes at most.
    private mutating func reserve(_ more: Int) {
        let wanted = count + 10 * more + 8
        guard storage.count < wanted else { return }
        storage.append(contentsOf: repeatElement(0, count: max(wanted, 2 * storage.count) - storage.count))
    }

    mutating func append(_ value: UInt64) {
        reserve(1)
        var end = count
        var bytes = storage.mutableSpan
        end = VarintColumn.put(value, into: &bytes, at: end)
        count = end
    }

    /// The times of edges, each as its difference from the one before.
    ///
    /// - Parameter last: the time before the first; becomes that of the last.
    mutating func append(timesOf edges: Span<Cell>, after last: inout UInt64) {
        reserve(edges.count)
        var (end, before) = (count, last)
        var bytes = storage.mutableSpan
        for index in edges.indices {
            let time = edges[index].word0
            end = VarintColumn.put(Int64(bitPattern: time &- before).zigzag, into: &bytes, at: end)
            before = time
        }
        (count, last) = (end, before)
    }

    /// The lines of edges, twice, and one more for an edge that is not the expected one.
    ///
    /// - Parameters:
    ///   - states: what is expected of each line.
    ///   - flags: takes those of the others; `sequences` their numbers.
    mutating func append(
        linesOf edges: Span<Cell>, expecting states: inout LineStates, flags: inout VarintColumn,
        sequences: inout VarintColumn
    ) {
        reserve(edges.count)
        var end = count
        var bytes = storage.mutableSpan
        states.exchange(edges) { edge, isExpected in
            let line = UInt64(edge.line.index) << 1
            end = VarintColumn.put(isExpected ? line : line | 1, into: &bytes, at: end)
            guard !isExpected else { return }
            flags.append(UInt64(edge.flags.rawValue))
            sequences.append(UInt64(edge.sequence))
        }
        count = end
    }

    mutating func removeAll() { count = 0 }

    /// - Returns: where the next one begins.
    @inline(__always)
    private static func put(_ value: UInt64, into bytes: inout MutableSpan<UInt8>, at offset: Int) -> Int {
        guard value >= 0x80 else {
            bytes[offset] = UInt8(truncatingIfNeeded: value)
            return offset + 1
        }
        guard value >= 0x4000 else {
            bytes[offset] = UInt8(truncatingIfNeeded: value) | 0x80
            bytes[offset + 1] = UInt8(truncatingIfNeeded: value >> 7)
            return offset + 2
        }
        var (rest, end) = (value, offset)
        while rest >= 0x80 {
            bytes[end] = UInt8(truncatingIfNeeded: rest) | 0x80
            rest >>= 7
            end += 1
        }
        bytes[end] = UInt8(truncatingIfNeeded: rest)
        return end + 1
    }
}
