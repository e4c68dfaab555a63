/// A full bundle of entries, read as a whole.
struct Bundle: Sendable {
    let number: UInt64
    private let bytes: [UInt8]
    /// Where each entry begins, behind its length.
    private let begins: [Int]

    /// - Throws: also where it is not there or is not 256 entries.
    init(_ number: UInt64, on disk: any Disk) throws(LogProblem) {
        self.number = number
        let path = Tile.bundlePath(number)
        bytes = try LogFile.contents(path, atMost: UInt64(Tile.longestBundle), on: disk)
        var begins: [Int] = []
        begins.reserveCapacity(Tile.width)
        var offset = 0
        while begins.count < Tile.width, offset + 2 <= bytes.count {
            begins.append(offset + 2)
            offset += 2 + (Int(bytes[offset]) << 8 | Int(bytes[offset + 1]))
        }
        guard begins.count == Tile.width, offset == bytes.count else {
            throw LogProblem(path, .malformed, at: number * UInt64(Tile.width))
        }
        self.begins = begins
    }

    /// - Parameter index: in the log; it must be of this bundle.
    func entry(_ index: UInt64) -> [UInt8] {
        let place = Int(index % UInt64(Tile.width))
        let end = place + 1 < Tile.width ? begins[place + 1] - 2 : bytes.count
        return Array(bytes[begins[place]..<end])
    }
}
