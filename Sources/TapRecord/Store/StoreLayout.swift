/// Where things are in a store.
enum StoreLayout {
    static let verifierKey = "vkey"
    static let checkpoint = "checkpoint"
    static let segments = "segments"
    static let lock = "lock"

    /// The number of a segment file's name; nil: it is no segment's name.
    static func segmentNumber(_ name: String) -> UInt64? {
        guard name.hasSuffix(".mcap") else { return nil }
        let digits = name.dropLast(5)
        guard digits.count >= 8, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return UInt64(digits)
    }
}
