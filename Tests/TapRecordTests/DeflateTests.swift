import TestSupport
import Testing

@testable import TapRecord

@Suite struct DeflateTests {
    private static func samples() -> [[UInt8]] {
        var dice = Dice(6)
        var samples: [[UInt8]] = [
            [], [7], [0, 0, 0], [UInt8](repeating: 9, count: 1_000), Array("abcdabcdabcdabce".utf8), Array(0...255),
            Array("abcd".utf8) + [UInt8](repeating: 1, count: 32_768 - 4) + Array("abcd".utf8),
            Array("abcd".utf8) + [UInt8](repeating: 1, count: 32_768 - 3) + Array("abcd".utf8),
        ]
        for count in [10, 300, 5_000] {
            samples.append((0..<count).map { _ in UInt8(dice.below(256)) })
            samples.append((0..<count).map { _ in UInt8(dice.below(3)) })
        }
        return samples
    }

    @Test func `what was compressed comes out again`() {
        for bytes in Self.samples() {
            #expect(Deflate.inflate(Deflate.deflate(bytes), size: bytes.count) == bytes)
        }
    }

    @Test func `what comes out comes in pieces that do not grow with it`() throws {
        var dice = Dice(8)
        let farthest = (0..<32_768).map { _ in UInt8(dice.below(256)) }
        for bytes in [[UInt8](repeating: 0, count: 3_000_000), Array((0..<12).map { _ in farthest }.joined())] {
            let packed = Deflate.deflate(bytes)
            var (pieces, made): ([Int], [UInt8]) = ([], [])
            let isWhole = try Deflate.inflate(
                BytesFile([1, 2] + packed + [3]), 2..<UInt64(2 + packed.count), size: UInt64(bytes.count)
            ) { piece in
                pieces.append(piece.count)
                made += piece
            }
            #expect(isWhole && made == bytes)
            #expect(pieces.count > 2 && pieces.allSatisfy { $0 <= 132_000 }, "\(pieces)")
        }
    }

    /// The same as the Python of Tests/Command/proofs.py gives, which zlib reads.
    @Test func `short texts have the bytes that the format says`() {
        #expect(Deflate.deflate([]) == [0x03, 0x00])
        #expect(Deflate.deflate([7]) == [0x63, 0x07, 0x00])
        #expect(Deflate.deflate(Array("abcdabcdabcd".utf8)) == [0x4B, 0x4C, 0x4A, 0x4E, 0x81, 0x61, 0x00])
    }

    @Test func `another size, and bytes behind it, are refused`() {
        for bytes in Self.samples() where !bytes.isEmpty {
            let packed = Deflate.deflate(bytes)
            #expect(Deflate.inflate(packed, size: bytes.count - 1) == nil)
            #expect(Deflate.inflate(packed, size: bytes.count + 1) == nil)
            #expect(Deflate.inflate(packed + [0], size: bytes.count) == nil)
            #expect(Deflate.inflate(packed.dropLast(), size: bytes.count) == nil)
        }
    }

    @Test func `what was changed is refused or gives as many bytes, and nothing traps`() {
        let bytes = Array("plant-3/press plant-3/press epoch 7 plant-3/press epoch 8".utf8)
        let packed = Deflate.deflate(bytes)
        var dice = Dice(7)
        for _ in 0..<5_000 {
            var changed = packed
            dice.change(&changed)
            let size = dice.below(100)
            if let other = Deflate.inflate(changed, size: size) { #expect(other.count == size) }
        }
    }
}
