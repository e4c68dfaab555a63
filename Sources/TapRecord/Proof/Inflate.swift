import TapCore

extension Deflate {
    /// Bits of packed bytes, read in pieces.
    private struct BitReader {
        private let file: any DiskFile
        private var range: Range<UInt64>
        private var piece: [UInt8] = []
        /// Of the next byte in `piece`.
        private var place = 0
        /// Read and not taken yet, the next one lowest; fewer than eight between calls.
        private var bits = 0
        private var count = 0

        private static let longestPiece: UInt64 = 1 << 16

        init(_ file: any DiskFile, _ range: Range<UInt64>) { (self.file, self.range) = (file, range) }

        private mutating func byte() throws(StoreProblem) -> UInt8? {
            if place == piece.count {
                let length = Int(min(UInt64(range.count), BitReader.longestPiece))
                let (file, offset) = (file, range.lowerBound)
                piece = try StoreProblem.catching { () throws(DiskError) in try file.read(at: offset, count: length) }
                range = range.lowerBound + UInt64(piece.count)..<range.upperBound
                place = 0
                guard !piece.isEmpty else { return nil }
            }
            defer { place += 1 }
            return piece[place]
        }

        /// Least bit first.
        mutating func value(_ width: Int) throws(StoreProblem) -> Int? {
            while count < width {
                guard let byte = try byte() else { return nil }
                bits |= Int(byte) << count
                count += 8
            }
            defer {
                bits >>= width
                count -= width
            }
            return bits & (1 << width - 1)
        }

        /// Greatest bit first.
        mutating func code(_ width: Int, after first: Int = 0) throws(StoreProblem) -> Int? {
            guard var value = try value(width) else { return nil }
            var code = first
            for _ in 0..<width { (code, value) = (code << 1 | value & 1, value >> 1) }
            return code
        }

        mutating func symbol() throws(StoreProblem) -> Int? {
            guard let seven = try code(7) else { return nil }
            if seven < 0x18 { return 256 + seven }
            guard let eight = try code(1, after: seven) else { return nil }
            if eight < 0xC0 { return eight - 0x30 }
            if eight < 0xC8 { return 280 + eight - 0xC0 }
            return try code(1, after: eight).map { 144 + $0 - 0x190 }
        }

        /// Nothing but zeros of the last byte is left.
        mutating func isAtEnd() throws(StoreProblem) -> Bool {
            guard bits == 0 else { return false }
            return try byte() == nil
        }
    }

    /// Gives what was compressed in pieces: memory does not grow with it.
    ///
    /// - Parameters:
    ///   - range: of a file.
    ///   - size: of what comes out: not a byte more is made.
    /// - Returns: false: they are none that `deflate` could have written of so many bytes. Some may have been given.
    static func inflate(
        _ file: any DiskFile, _ range: Range<UInt64>, size: UInt64, _ take: ([UInt8]) throws(StoreProblem) -> Void
    ) throws(StoreProblem) -> Bool {
        var input = BitReader(file, range)
        guard try input.value(3) == 0b011 else { return false }
        // What was given and matches may still be of, and then what was not given yet.
        var window: [UInt8] = []
        window.reserveCapacity(5 * farthest)
        var (given, left) = (0, size)
        while let symbol = try input.symbol() {
            if window.count >= 4 * farthest {
                try take(Array(window[given...]))
                window.removeFirst(window.count - farthest)
                given = window.count
            }
            if symbol < endOfBlock {
                guard left > 0 else { return false }
                window.append(UInt8(symbol))
                left -= 1
            } else if symbol == endOfBlock {
                guard left == 0, try input.isAtEnd() else { return false }
                try take(Array(window[given...]))
                return true
            } else {
                guard symbol - 257 < lengths.count, let moreLength = try input.value(lengths[symbol - 257].bits),
                    let code = try input.code(5), code < distances.count,
                    let moreDistance = try input.value(distances[code].bits)
                else { return false }
                let length = lengths[symbol - 257].base + moreLength
                let distance = distances[code].base + moreDistance
                guard distance <= window.count, length <= left else { return false }
                for _ in 0..<length { window.append(window[window.count - distance]) }
                left -= UInt64(length)
            }
        }
        return false
    }

    /// - Parameter size: of what comes out: not a byte more is made.
    /// - Returns: nil: they are none that `deflate` could have written of so many bytes.
    static func inflate(_ packed: [UInt8], size: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        // What is promised may be a lie.
        bytes.reserveCapacity(min(size, packed.count * 8))
        let isWhole = try? inflate(BytesFile(packed), 0..<UInt64(packed.count), size: UInt64(size)) { bytes += $0 }
        return isWhole == true ? bytes : nil
    }
}
