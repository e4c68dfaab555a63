import CLinux
public import Synchronization

/// The reading end of a ring. One thread at a time; never blocks.
public struct RingConsumer: ~Copyable, Sendable {
    @usableFromInline let storage: RingStorage
    /// The next cell to take.
    @usableFromInline var head: UInt = 0
    /// The producer's published index as last seen: the real one is the same or further.
    @usableFromInline var cachedTail: UInt = 0

    /// Looks in which `pop` is not to slip, because slipping did not help.
    @usableFromInline var looksWithoutSlip = 0

    init(_ storage: RingStorage) { self.storage = storage }

    /// In cells.
    @inlinable
    public var capacity: Int { Int(bitPattern: storage.capacity) }

    /// Cells that can be read now. Looks at the producer's index only if fewer than `wanted` are known to be there.
    @inlinable @inline(__always)
    public mutating func available(atLeast wanted: Int) -> Int {
        if cachedTail &- head < UInt(bitPattern: wanted) { look() }
        return Int(bitPattern: cachedTail &- head)
    }

    @inlinable @inline(__always)
    mutating func look() { cachedTail = storage.tail.load(ordering: .acquiring) }

    /// Gives everything before `head` back to the producer.
    @inlinable @inline(__always)
    mutating func release() { storage.head.store(head, ordering: .releasing) }

    /// Takes one cell; nil if the ring is empty.
    @inlinable @inline(__always)
    public mutating func pop() -> Cell? {
        if cachedTail == head {
            guard available(atLeast: 1) > 0 else { return nil }
            if cachedTail &- head < RingConsumer.line { slip() }
        }
        let cell = storage[head]
        head &+= 1
        release()
        return cell
    }

    /// Cells of two cache lines, which prefetchers fetch together.
    @usableFromInline static var line: UInt { 8 }

    /// Lets the producer run ahead: waits one or two microseconds.
    ///
    /// A consumer that takes each cell as soon as it is there shares a cache line with the producer all the time, and
    /// both wait for it at each cell. One that waits a moment takes many cells at once. Where the producer writes
    /// nothing in that moment, because it waits for an answer, the next thousand looks are made without waiting.
    @usableFromInline
    mutating func slip() {
        guard looksWithoutSlip == 0 else {
            looksWithoutSlip -= 1
            return
        }
        let before = cachedTail
        for _ in 0..<128 { tap_spin_hint() }
        look()
        if cachedTail == before { looksWithoutSlip = 1_000 }
    }

    /// Takes as many cells as there are and fit.
    ///
    /// - Returns: how many of `cells` were filled, from the first on.
    @inlinable
    public mutating func pop(into cells: inout MutableSpan<Cell>) -> Int {
        let count = min(cells.count, available(atLeast: cells.count))
        let first = min(count, Int(bitPattern: storage.contiguous(from: head)))
        unsafe cells.withUnsafeMutableBufferPointer { target in
            unsafe copy(0..<first, to: target)
            unsafe copy(first..<count, to: target)
        }
        release()
        return count
    }

    /// Copies the next cells, which lie contiguously, to `target[range]`, and moves the head.
    @inlinable @inline(__always)
    mutating func copy(_ range: Range<Int>, to target: UnsafeMutableBufferPointer<Cell>) {
        guard let start = target.baseAddress, !range.isEmpty else { return }
        let source = unsafe storage.cells(at: head, count: UInt(bitPattern: range.count))
        guard let from = source.baseAddress else { return }
        unsafe (start + range.lowerBound).update(from: from, count: range.count)
        head &+= UInt(bitPattern: range.count)
    }

    /// Lends the cells that are there to be read in place, up to the end of the ring's memory, and gives back those
    /// that were taken.
    ///
    /// - Parameters:
    ///   - limit: the most cells to lend.
    ///   - body: returns how many cells it is done with, from the first on; the others are lent again next time.
    /// - Returns: what `body` returned.
    @inlinable @inline(__always)
    public mutating func read(atMost limit: Int = .max, _ body: (Span<Cell>) -> Int) -> Int {
        let there = available(atLeast: min(limit, capacity))
        let count = min(limit, there, Int(bitPattern: storage.contiguous(from: head)))
        let lent = unsafe UnsafeBufferPointer(storage.cells(at: head, count: UInt(bitPattern: count)))
        let taken = body(unsafe lent.span)
        precondition(taken >= 0 && taken <= count, "more cells taken than were lent")
        head &+= UInt(bitPattern: taken)
        release()
        return taken
    }
}
