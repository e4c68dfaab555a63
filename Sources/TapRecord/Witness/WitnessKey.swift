import Crypto

/// The public half of a witness's key: cosignatures with a time, Ed25519 (C2SP tlog-cosignature).
public struct WitnessKey: Sendable, Hashable, CustomStringConvertible {
    public let name: String
    /// First four bytes of SHA-256(name || 0x0A || 0x04 || public key), big-endian.
    public let id: UInt32
    /// 32 bytes.
    public let publicKey: [UInt8]

    /// The type of signatures: Ed25519 with a time.
    static let type: UInt8 = 4
    /// Of the time before the signature.
    static let timeLength = 8

    init(name: String, publicKey: [UInt8]) {
        (self.name, self.publicKey) = (name, publicKey)
        id = VerifierKey.id(name, publicKey, type: WitnessKey.type)
    }

    /// From `name+hhhhhhhh+base64(0x04 || public key)`; nil: anything else, also where the key ID is not that of the key.
    public init?(_ text: some StringProtocol) {
        guard let parts = VerifierKey.parts(text, type: WitnessKey.type) else { return nil }
        self.init(name: parts.name, publicKey: parts.key)
        guard parts.id == idText else { return nil }
    }

    private var idBytes: [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: id >> $0) } }
    var idText: String { Hex.encode(idBytes) }
    public var text: String { "\(name)+\(idText)+\(Base64.encode([WitnessKey.type] + publicKey))" }
    public var description: String { text }

    /// What a witness signs at a time, in seconds since 1970.
    ///
    /// - Parameter text: of the note, all of it.
    static func message(_ text: String, time_s: UInt64) -> [UInt8] {
        Array("cosignature/v1\ntime \(time_s)\n\(text)".utf8)
    }

    /// When this key cosigned a note, in seconds since 1970; nil: it did not, or one of the lines that name it does not verify.
    /// Of several cosignatures the earliest counts.
    public func time(of note: SignedNote) -> UInt64? {
        var earliest: UInt64?
        for line in note.signatures where line.name == name && line.id == id {
            guard let time = verified(line.signature, note.text) else { return nil }
            earliest = min(earliest ?? time, time)
        }
        return earliest
    }

    private func verified(_ signature: [UInt8], _ text: String) -> UInt64? {
        guard signature.count == WitnessKey.timeLength + VerifierKey.signatureLength else { return nil }
        let time = signature[..<WitnessKey.timeLength].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard time > 0, time <= UInt64(Int64.max),
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey),
            key.isValidSignature(
                signature[WitnessKey.timeLength...], for: WitnessKey.message(text, time_s: time))
        else { return nil }
        return time
    }
}

/// Both halves of a witness's key.
public struct CosigningKey: Sendable {
    public let witnessKey: WitnessKey
    private let key: Curve25519.Signing.PrivateKey

    private static let prefix = "PRIVATE+KEY+"

    private init(_ key: Curve25519.Signing.PrivateKey, name: String) {
        self.key = key
        witnessKey = WitnessKey(name: name, publicKey: [UInt8](key.publicKey.rawRepresentation))
    }

    /// A new key by chance.
    ///
    /// - Parameter name: `VerifierKey.isName` must hold.
    public static func make(name: String) -> CosigningKey { CosigningKey(Curve25519.Signing.PrivateKey(), name: name) }

    /// From `PRIVATE+KEY+name+hhhhhhhh+base64(0x04 || seed)`; nil: anything else.
    public init?(_ text: some StringProtocol) {
        guard text.hasPrefix(CosigningKey.prefix),
            let parts = VerifierKey.parts(text.dropFirst(CosigningKey.prefix.count), type: WitnessKey.type),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: parts.key)
        else { return nil }
        self.init(key, name: parts.name)
        guard parts.id == witnessKey.idText else { return nil }
    }

    /// Whoever has this text signs as this key.
    public var text: String {
        let seed = [UInt8](key.rawRepresentation)
        return
            "\(CosigningKey.prefix)\(witnessKey.name)+\(witnessKey.idText)+\(Base64.encode([WitnessKey.type] + seed))"
    }

    /// - Parameter time_s: since 1970, not 0.
    /// - Returns: nil where the library gives no signature.
    func cosign(_ text: String, time_s: UInt64) -> SignedNote.Signature? {
        guard let signature = try? key.signature(for: WitnessKey.message(text, time_s: time_s)) else { return nil }
        let time = (0..<8).map { UInt8(truncatingIfNeeded: time_s >> UInt64(56 - 8 * $0)) }
        return SignedNote.Signature(
            name: witnessKey.name, id: witnessKey.id, signature: time + [UInt8](signature))
    }
}
