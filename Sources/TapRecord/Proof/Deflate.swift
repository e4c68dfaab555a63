/// Deflate (RFC 1951) with one way to write each: one block of fixed codes, and at each place the match that the rule below
/// gives. So bytes that were compressed otherwise are known, and the same bytes give the same on every machine and for ever.
///
/// At a place with four bytes or more before the end the match is the last earlier place whose four bytes have the same hash, if
/// it is at most 32,768 bytes back and its four bytes are equal; it is as long as the bytes are equal, 258 at most. Otherwise
/// the byte stands for itself.
enum Deflate {
    private static let least = 4
    private static let most = 258
    static let farthest = 32_768
    static let endOfBlock = 256

    /// Of length and distance codes: the least that each stands for, and bits behind it.
    static let lengths: [(base: Int, bits: Int)] =
        codes(from: 3, count: 28, firstOfTwo: 8, perStep: 4) + [(258, 0)]
    static let distances: [(base: Int, bits: Int)] = codes(from: 1, count: 30, firstOfTwo: 4, perStep: 2)
    /// By length.
    private static let lengthCodes: [Int] = (0...most).map { length in
        lengths.lastIndex { $0.base <= length } ?? 0
    }

    private static func codes(from first: Int, count: Int, firstOfTwo: Int, perStep: Int) -> [(base: Int, bits: Int)] {
        var (codes, base): ([(base: Int, bits: Int)], Int) = ([], first)
        for code in 0..<count {
            let bits = code < firstOfTwo ? 0 : code / perStep - 1
            codes.append((base, bits))
            base += 1 << bits
        }
        return codes
    }

    private struct BitWriter {
        var bytes: [UInt8] = []
        private var bits: UInt64 = 0
        private var count = 0

        /// Least bit first.
        mutating func put(_ value: Int, _ width: Int) {
            bits |= UInt64(value) << UInt64(count)
            count += width
            while count >= 8 {
                bytes.append(UInt8(truncatingIfNeeded: bits))
                bits >>= 8
                count -= 8
            }
        }

        /// A code: greatest bit first.
        mutating func put(code: Int, _ width: Int) {
            var (turned, rest) = (0, code)
            for _ in 0..<width { (turned, rest) = (turned << 1 | rest & 1, rest >> 1) }
            put(turned, width)
        }

        mutating func put(symbol: Int) {
            switch symbol {
            case 0..<144: put(code: 0x30 + symbol, 8)
            case 144..<256: put(code: 0x190 + symbol - 144, 9)
            case 256..<280: put(code: symbol - 256, 7)
            default: put(code: 0xC0 + symbol - 280, 8)
            }
        }

        mutating func finish() { if count > 0 { put(0, 8 - count) } }
    }

    static func deflate(_ bytes: [UInt8]) -> [UInt8] {
        var output = BitWriter()
        output.bytes.reserveCapacity(bytes.count / 4)
        // The last block, of fixed codes.
        output.put(0b011, 3)
        var latest = [Int32](repeating: -1, count: 1 << 15)
        func slot(_ place: Int) -> Int {
            let word =
                UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]) << 16
                | UInt32(bytes[place + 3]) << 24
            return Int((word &* 2_654_435_761) >> 17)
        }
        var place = 0
        while place < bytes.count {
            var (length, distance) = (1, 0)
            if place + least <= bytes.count {
                let slot = slot(place)
                let earlier = Int(latest[slot])
                latest[slot] = Int32(truncatingIfNeeded: place)
                if earlier >= 0, place - earlier <= farthest {
                    let longest = min(most, bytes.count - place)
                    var same = 0
                    while same < longest, bytes[earlier + same] == bytes[place + same] { same += 1 }
                    if same >= least { (length, distance) = (same, place - earlier) }
                }
            }
            if distance == 0 {
                output.put(symbol: Int(bytes[place]))
            } else {
                put(length, distance, &output)
                for passed in place + 1..<place + length where passed + least <= bytes.count {
                    latest[slot(passed)] = Int32(truncatingIfNeeded: passed)
                }
            }
            place += length
        }
        output.put(symbol: endOfBlock)
        output.finish()
        return output.bytes
    }

    private static func put(_ length: Int, _ distance: Int, _ output: inout BitWriter) {
        let lengthCode = lengthCodes[length]
        output.put(symbol: 257 + lengthCode)
        output.put(length - lengths[lengthCode].base, lengths[lengthCode].bits)
        let distanceCode = distances.lastIndex { $0.base <= distance } ?? 0
        output.put(code: distanceCode, 5)
        output.put(distance - distances[distanceCode].base, distances[distanceCode].bits)
    }
}
