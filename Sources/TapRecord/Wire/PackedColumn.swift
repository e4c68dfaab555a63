/// The values of a repeated field, as the varints they are in; without a copy if they came in one piece.
struct PackedColumn: Sendable {
    private var first: ArraySlice<UInt8> = []
    private var joined: [UInt8] = []

    mutating func append(_ more: ArraySlice<UInt8>) {
        if joined.isEmpty {
            guard !first.isEmpty else {
                first = more
                return
            }
            joined = Array(first)
        }
        joined.append(contentsOf: more)
    }

    var bytes: ArraySlice<UInt8> { joined.isEmpty ? first : joined[...] }
}
