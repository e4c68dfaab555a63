/// Varints one after the other, with room ahead so that appending one is a few stores.
struct VarintColumn: Sendable {
    /// Zeros behind the first `count`.
    private var storage: [UInt8] = []
    private(set) var count = 0

    var bytes: ArraySlice<UInt8> { storage[..<count] }

    /// Makes room for this many bytes.
    mutating func reserve(_ more: Int) {
        // A short varint is stored as eight bytes.
        let wanted = count + more + 8
        guard storage.count < wanted else { return }
        storage.append(contentsOf: repeatElement(0, count: max(wanted, 2 * storage.count) - storage.count))
    }

    /// - Precondition: there is room for it, 10 bytes at most.
    @inline(__always)
    mutating func append(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            storage[count] = UInt8(truncatingIfNeeded: rest) | 0x80
            rest >>= 7
            count += 1
        }
        storage[count] = UInt8(truncatingIfNeeded: rest)
        count += 1
    }

    mutating func removeAll() { count = 0 }
}
