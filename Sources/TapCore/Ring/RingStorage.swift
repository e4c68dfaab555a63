public import Synchronization

/// What the two ends of a ring share: the cells and two indices that only grow.
///
/// All unsafe memory access of the ring is in this file. It is sound because
/// - the memory is allocated once, initialised whole, and freed when the last end is gone;
/// - `cells(at:count:)` masks every index, so none leaves the memory;
/// - a cell is written only between `head` and `tail + free` by the one producer, and read only
///   between `head` and `tail` by the one consumer; the indices are handed over with release and
///   acquire, and that there is one of each is checked by the compiler (both ends are `~Copyable`).
@usableFromInline
@safe
final class RingStorage: @unchecked Sendable {
    @usableFromInline let base: UnsafeMutablePointer<Cell>
    @usableFromInline let capacity: UInt

    // Adjacent-line prefetchers fetch pairs of 64-byte lines, so indices written by different cores are kept
    // 128 bytes from each other and from what both read.
    private let padding0 = InlineArray<16, UInt64>(repeating: 0)
    /// The next cell the producer publishes.
    @usableFromInline let tail = Atomic<UInt>(0)
    private let padding1 = InlineArray<16, UInt64>(repeating: 0)
    /// The next cell the consumer takes.
    @usableFromInline let head = Atomic<UInt>(0)
    private let padding2 = InlineArray<16, UInt64>(repeating: 0)

    init(capacity: Int) {
        precondition(
            capacity >= 2 && capacity <= 1 << 30 && capacity & (capacity - 1) == 0,
            "a ring's capacity is a power of two from 2 to 2^30 cells, not \(capacity)")
        self.capacity = UInt(capacity)
        // On a line of its own, so that batches of whole lines share none: one end would write what the other still reads.
        unsafe base = UnsafeMutableRawPointer.allocate(
            byteCount: capacity * MemoryLayout<Cell>.stride, alignment: 128
        ).bindMemory(to: Cell.self, capacity: capacity)
        unsafe base.initialize(repeating: .zero, count: capacity)
    }

    deinit { unsafe UnsafeMutableRawPointer(base).deallocate() }

    /// The cell at an index that only grows.
    @inlinable
    subscript(index: UInt) -> Cell {
        @inline(__always) get { unsafe base[Int(bitPattern: index & (capacity &- 1))] }
        @inline(__always) set { unsafe base[Int(bitPattern: index & (capacity &- 1))] = newValue }
    }

    /// `count` cells from `index` on; the caller asks for no more than `contiguous(from:)`.
    @inlinable @inline(__always)
    func cells(at index: UInt, count: UInt) -> UnsafeMutableBufferPointer<Cell> {
        unsafe UnsafeMutableBufferPointer(
            start: base + Int(bitPattern: index & (capacity &- 1)), count: Int(bitPattern: count))
    }

    /// How many cells lie between `index` and the end of the memory.
    @inlinable @inline(__always)
    func contiguous(from index: UInt) -> UInt { capacity &- (index & (capacity &- 1)) }
}
