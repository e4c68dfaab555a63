/// The file of the entries behind the last full bundle: its head, then items.
///
/// The head is the index of the first entry and, of each level of tiles but the lowest, the digests of the tile that is not
/// full: so a proof needs no more reads in a tree that goes on.
enum LogEdge {
    static let path = "edge"
    /// Of the index.
    static let indexLength = 8
    /// Of an item, before its entry: leaf digest and length.
    static let itemHeaderLength = Digest.byteCount + 2

    /// Digests of each level from 1 on, of a tree of this size, a multiple of 256.
    static func rowCounts(_ first: UInt64) -> [Int] {
        var counts: [Int] = []
        var tiles = first / UInt64(Tile.width)
        while tiles > 0 {
            counts.append(Int(tiles % UInt64(Tile.width)))
            tiles /= UInt64(Tile.width)
        }
        return counts
    }

    static func headLength(_ first: UInt64) -> Int {
        indexLength + rowCounts(first).reduce(0, +) * Digest.byteCount
    }

    /// - Parameter rows: as `rowCounts` has their numbers.
    static func head(_ first: UInt64, _ rows: [[Digest]]) -> [UInt8] {
        stride(from: UInt64(56), through: 0, by: -8).map { UInt8(truncatingIfNeeded: first >> $0) }
            + rows.flatMap(Tile.bytes)
    }

    static func appendItem(_ leaf: Digest, _ entry: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        leaf.append(to: &bytes)
        bytes.append(UInt8(truncatingIfNeeded: entry.count >> 8))
        bytes.append(UInt8(truncatingIfNeeded: entry.count))
        bytes.append(contentsOf: entry)
    }
}
