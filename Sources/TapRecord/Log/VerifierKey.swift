import Crypto

/// The public half of a key of signed notes (C2SP signed-note), Ed25519.
public struct VerifierKey: Sendable, Hashable, CustomStringConvertible {
    public let name: String
    /// First four bytes of SHA-256(name || 0x0A || 0x01 || public key), big-endian.
    public let id: UInt32
    /// 32 bytes.
    public let publicKey: [UInt8]

    /// The type of signatures: Ed25519.
    static let type: UInt8 = 1
    static let publicKeyLength = 32
    static let signatureLength = 64

    /// - Parameters:
    ///   - name: `isName` must hold.
    ///   - publicKey: 32 bytes.
    public init(name: String, publicKey: [UInt8]) {
        precondition(VerifierKey.isName(name), "a key's name has no space and no plus sign")
        precondition(publicKey.count == VerifierKey.publicKeyLength, "a public key of Ed25519 has 32 bytes")
        self.name = name
        self.publicKey = publicKey
        id = VerifierKey.id(name, publicKey)
    }

    /// From `name+hhhhhhhh+base64(0x01 || public key)`; nil: anything else, also where the key ID is not that of the key.
    public init?(_ text: some StringProtocol) {
        guard let parts = VerifierKey.parts(text, type: VerifierKey.type) else { return nil }
        self.init(name: parts.name, publicKey: parts.key)
        guard parts.id == idText else { return nil }
    }

    /// Of `name+hhhhhhhh+base64(type || 32 bytes)`; nil: anything else. The key ID is not compared.
    static func parts(
        _ text: some StringProtocol, type: UInt8
    ) -> (name: String, id: String, key: [UInt8])? {
        let parts = String(text).utf8.split(
            separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false
        )
        .map { String(Substring($0)) }
        guard parts.count == 3, VerifierKey.isName(parts[0]), let key = Base64.decode(parts[2]),
            key.count == 1 + VerifierKey.publicKeyLength, key[0] == type
        else { return nil }
        return (parts[0], parts[1], Array(key[1...]))
    }

    /// Whether a key, and so an origin, may be named so: not empty, no space of Unicode, no plus sign, no control character.
    public static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { scalar in
                scalar.value >= 0x20 && scalar != "+" && !scalar.properties.isWhitespace && scalar != "\u{FFFD}"
            }
    }

    static func id(_ name: String, _ publicKey: [UInt8], type: UInt8 = VerifierKey.type) -> UInt32 {
        let digest = Digest.of(Array(name.utf8) + [UInt8(ascii: "\n"), type] + publicKey)
        return UInt32(truncatingIfNeeded: digest.words.0 >> 32)
    }

    /// `id` as bytes.
    var idBytes: [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: id >> $0) } }

    var idText: String { Hex.encode(idBytes) }

    /// The key as text.
    public var text: String { "\(name)+\(idText)+\(Base64.encode([VerifierKey.type] + publicKey))" }

    public var description: String { text }

    public func verifies(_ signature: [UInt8], of bytes: [UInt8]) -> Bool {
        guard signature.count == VerifierKey.signatureLength,
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
        else { return false }
        return key.isValidSignature(signature, for: bytes)
    }
}
