public import Synchronization

/// The writing end of a ring. One thread at a time; never blocks.
public struct RingProducer: ~Copyable, Sendable {
    @usableFromInline let storage: RingStorage
    /// One past the last staged cell; ahead of the published index between `stage` and `publish`.
    @usableFromInline var tail: UInt = 0
    /// The consumer's index as last seen: the real one is the same or further.
    @usableFromInline var cachedHead: UInt = 0

    init(_ storage: RingStorage) { self.storage = storage }

    /// In cells.
    @inlinable
    public var capacity: Int { Int(bitPattern: storage.capacity) }

    /// Cells that can be written now. Looks at the consumer's index only if fewer than `wanted` are known free.
    @inlinable @inline(__always)
    public mutating func free(atLeast wanted: Int) -> Int {
        var used = tail &- cachedHead
        if storage.capacity &- used < UInt(bitPattern: wanted) {
            cachedHead = storage.head.load(ordering: .acquiring)
            used = tail &- cachedHead
        }
        return Int(bitPattern: storage.capacity &- used)
    }

    /// Cells that lie between the next one to be written and the end of the ring's memory.
    @inlinable
    public var contiguous: Int { Int(bitPattern: storage.contiguous(from: tail)) }

    /// Writes one cell that the consumer sees at the next `publish()`.
    ///
    /// - Returns: false if the ring is full; nothing was written.
    @inlinable @inline(__always)
    public mutating func stage(_ cell: Cell) -> Bool {
        guard free(atLeast: 1) > 0 else { return false }
        storage[tail] = cell
        tail &+= 1
        return true
    }

    /// Shows the consumer all that was staged: the one release store of a batch.
    @inlinable @inline(__always)
    public mutating func publish() { storage.tail.store(tail, ordering: .releasing) }

    /// Writes and publishes one cell.
    ///
    /// - Returns: false if the ring is full; nothing was written.
    @inlinable @inline(__always)
    public mutating func push(_ cell: Cell) -> Bool {
        guard stage(cell) else { return false }
        publish()
        return true
    }

    /// Copies as many of `cells` as there is room for, and publishes them.
    ///
    /// - Returns: how many were written, from the first on.
    @inlinable
    public mutating func push(contentsOf cells: Span<Cell>) -> Int {
        let count = min(cells.count, free(atLeast: cells.count))
        let first = min(count, contiguous)
        unsafe cells.withUnsafeBufferPointer { source in
            unsafe copy(source, 0..<first)
            unsafe copy(source, first..<count)
        }
        publish()
        return count
    }

    /// Copies `source[range]` to where the tail stands, which has that much contiguous room, and moves the tail.
    @inlinable @inline(__always)
    mutating func copy(_ source: UnsafeBufferPointer<Cell>, _ range: Range<Int>) {
        guard let start = source.baseAddress, !range.isEmpty else { return }
        let target = unsafe storage.cells(at: tail, count: UInt(bitPattern: range.count))
        unsafe target.baseAddress?.update(from: start + range.lowerBound, count: range.count)
        tail &+= UInt(bitPattern: range.count)
    }

    /// Lends free cells to be written in place, and publishes those that were.
    ///
    /// - Parameters:
    ///   - limit: the most cells to lend; fewer are lent if fewer are free before the end of the ring's memory.
    ///   - body: fills the span from its start and returns how many cells it filled.
    /// - Returns: what `body` returned.
    @inlinable @inline(__always)
    public mutating func write(atMost limit: Int, _ body: (inout MutableSpan<Cell>) -> Int) -> Int {
        let count = min(limit, free(atLeast: limit), contiguous)
        let lent = unsafe storage.cells(at: tail, count: UInt(bitPattern: count))
        var span = unsafe lent.mutableSpan
        let written = body(&span)
        precondition(written >= 0 && written <= count, "more cells written than were lent")
        tail &+= UInt(bitPattern: written)
        publish()
        return written
    }
}
