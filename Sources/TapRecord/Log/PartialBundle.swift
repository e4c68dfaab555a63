/// Entries of a bundle up to now.
struct PartialBundle: Sendable {
    /// As in the bundle's file: each with its length before it.
    private(set) var bytes: [UInt8] = []
    private(set) var leaves: [Digest] = []

    mutating func append(_ entry: [UInt8], _ leaf: Digest) {
        bytes.append(UInt8(truncatingIfNeeded: entry.count >> 8))
        bytes.append(UInt8(truncatingIfNeeded: entry.count))
        bytes.append(contentsOf: entry)
        leaves.append(leaf)
    }

    /// As they are in `edge`.
    func appendItems(to items: inout [UInt8]) {
        var offset = 0
        for leaf in leaves {
            let end = offset + 2 + (Int(bytes[offset]) << 8 | Int(bytes[offset + 1]))
            LogEdge.appendItem(leaf, bytes[(offset + 2)..<end], to: &items)
            offset = end
        }
    }
}
