import Crypto

/// Both halves of a key of signed notes, Ed25519.
public struct SigningKey: Sendable {
    public let verifierKey: VerifierKey
    private let key: Curve25519.Signing.PrivateKey

    private static let prefix = "PRIVATE+KEY+"

    private init(_ key: Curve25519.Signing.PrivateKey, name: String) {
        self.key = key
        verifierKey = VerifierKey(name: name, publicKey: [UInt8](key.publicKey.rawRepresentation))
    }

    /// A new key by chance.
    ///
    /// - Parameter name: `VerifierKey.isName` must hold.
    public static func make(name: String) -> SigningKey { SigningKey(Curve25519.Signing.PrivateKey(), name: name) }

    /// From `PRIVATE+KEY+name+hhhhhhhh+base64(0x01 || seed)`; nil: anything else.
    public init?(_ text: some StringProtocol) {
        guard text.hasPrefix(SigningKey.prefix) else { return nil }
        let parts = String(text).utf8.dropFirst(SigningKey.prefix.utf8.count)
            .split(separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        guard parts.count == 3, VerifierKey.isName(parts[0]), let seed = Base64.decode(parts[2]), seed.count == 33,
            seed[0] == VerifierKey.type,
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed[1...])
        else { return nil }
        self.init(key, name: parts[0])
        guard parts[1] == verifierKey.idText else { return nil }
    }

    /// Whoever has this text signs as this key.
    public var text: String {
        let seed = [UInt8](key.rawRepresentation)
        return
            "\(SigningKey.prefix)\(verifierKey.name)+\(verifierKey.idText)+\(Base64.encode([VerifierKey.type] + seed))"
    }

    /// - Returns: 64 bytes.
    public func sign(_ bytes: [UInt8]) -> [UInt8] {
        // The library's call fails on no input; where its source of chance did, no signature verifies.
        guard let signature = try? key.signature(for: bytes) else {
            return [UInt8](repeating: 0, count: VerifierKey.signatureLength)
        }
        return [UInt8](signature)
    }
}
