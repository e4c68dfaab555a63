import TestSupport

extension Dice {
    /// Changes bytes somewhere, as an accident or somebody may.
    mutating func change(_ bytes: inout [UInt8], keepingLength: Bool = false) {
        guard !bytes.isEmpty else {
            if !keepingLength { bytes = self.bytes() }
            return
        }
        let place = below(bytes.count)
        switch below(keepingLength ? 5 : 10) {
        case 0: bytes[place] ^= 1 << UInt8(below(8))
        case 1: bytes[place] = pick([0, 1, 0x7F, 0x80, 0xFF])
        case 2: overwrite(&bytes, at: place, with: littleEndian(word()))
        case 3: overwrite(&bytes, at: place, with: [UInt8](repeating: 0xFF, count: 9) + [1])
        case 4:
            let from = below(bytes.count)
            overwrite(&bytes, at: place, with: Array(bytes[from...].prefix(below(64))))
        case 5: bytes.removeSubrange(place...)
        case 6: bytes.remove(at: place)
        case 7: bytes.insert(UInt8(truncatingIfNeeded: next()), at: place)
        case 8: bytes.insert(contentsOf: bytes[place...].prefix(below(600)), at: below(bytes.count))
        default: bytes = below(4) > 0 ? bytes + self.bytes() : self.bytes()
        }
    }

    private func overwrite(_ bytes: inout [UInt8], at place: Int, with other: [UInt8]) {
        for (index, byte) in other.enumerated() where place + index < bytes.count { bytes[place + index] = byte }
    }

    private func littleEndian(_ word: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
    }
}
