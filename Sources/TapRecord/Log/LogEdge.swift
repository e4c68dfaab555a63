/// The file of the entries behind the last full bundle: the index of the first, then items.
enum LogEdge {
    static let path = "edge"
    static let headerLength = 8
    /// Of an item, before its entry: leaf digest and length.
    static let itemHeaderLength = Digest.byteCount + 2

    static func header(_ first: UInt64) -> [UInt8] {
        stride(from: UInt64(56), through: 0, by: -8).map { UInt8(truncatingIfNeeded: first >> $0) }
    }

    static func appendItem(_ leaf: Digest, _ entry: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        leaf.append(to: &bytes)
        bytes.append(UInt8(truncatingIfNeeded: entry.count >> 8))
        bytes.append(UInt8(truncatingIfNeeded: entry.count))
        bytes.append(contentsOf: entry)
    }
}
