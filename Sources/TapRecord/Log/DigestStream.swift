// Unsafe here: bytes of a span are lent to the hash function for the duration of a call only.

import Crypto

/// The digest of bytes that come in parts.
public struct DigestStream: Sendable {
    private var hash = SHA256()

    public init() {}

    public mutating func append(_ bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { bytes in unsafe hash.update(bufferPointer: bytes) }
    }

    public mutating func append(_ bytes: [UInt8]) { append(unsafe bytes.span.bytes) }

    /// Of all so far; more may follow.
    public var digest: Digest { Digest(hash.finalize()) }
}
