// Unsafe here: bytes of arrays are viewed for the duration of a call, and those of a digest of the library are read, 32
// as it promises.

import Crypto

/// A SHA-256 digest, 32 bytes.
public struct Digest: Sendable, Hashable {
    /// Big-endian words.
    let words: (UInt64, UInt64, UInt64, UInt64)

    /// nil: not 32 bytes.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Digest.byteCount else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        for (index, byte) in bytes.enumerated() {
            let placed = UInt64(byte) << UInt64(56 - 8 * (index & 7))
            switch index >> 3 {
            case 0: words.0 |= placed
            case 1: words.1 |= placed
            case 2: words.2 |= placed
            default: words.3 |= placed
            }
        }
        self.words = words
    }

    init(_ digest: SHA256Digest) {
        words = unsafe digest.withUnsafeBytes { bytes in
            (
                UInt64(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                UInt64(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                UInt64(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
                UInt64(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
            )
        }
    }

    public static let byteCount = 32

    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Digest.byteCount)
        append(to: &bytes)
        return bytes
    }

    public func append(to bytes: inout [UInt8]) {
        for word in [words.0, words.1, words.2, words.3] {
            for shift in stride(from: UInt64(56), through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
    }

    public var base64: String { Base64.encode(bytes) }

    /// 64 digits, lower case.
    public var hex: String { Hex.encode(bytes) }

    public static func == (left: Digest, right: Digest) -> Bool { left.words == right.words }

    public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

extension Digest {
    public static func of(_ bytes: [UInt8]) -> Digest { of(unsafe bytes.span.bytes) }

    public static func of(_ bytes: RawSpan) -> Digest {
        var stream = DigestStream()
        stream.append(bytes)
        return stream.digest
    }

    /// Of an entry of the log: SHA-256(0x00 || entry).
    public static func leaf(_ entry: [UInt8]) -> Digest { leaf(unsafe entry.span.bytes) }

    public static func leaf(_ entry: RawSpan) -> Digest {
        var stream = DigestStream()
        let prefix: InlineArray<1, UInt8> = [0]
        unsafe stream.append(prefix.span.bytes)
        stream.append(entry)
        return stream.digest
    }

    /// SHA-256(0x01 || left || right).
    public static func node(_ left: Digest, _ right: Digest) -> Digest {
        var block = InlineArray<65, UInt8>(repeating: 1)
        left.put(in: &block, at: 1)
        right.put(in: &block, at: 33)
        var stream = DigestStream()
        unsafe stream.append(block.span.bytes)
        return stream.digest
    }

    /// Of a tree without entries.
    public static let emptyRoot = Digest.of([])

    private func put(in block: inout InlineArray<65, UInt8>, at offset: Int) {
        for byte in 0..<8 {
            let shift = UInt64(56 - 8 * byte)
            block[offset + byte] = UInt8(truncatingIfNeeded: words.0 >> shift)
            block[offset + 8 + byte] = UInt8(truncatingIfNeeded: words.1 >> shift)
            block[offset + 16 + byte] = UInt8(truncatingIfNeeded: words.2 >> shift)
            block[offset + 24 + byte] = UInt8(truncatingIfNeeded: words.3 >> shift)
        }
    }
}
