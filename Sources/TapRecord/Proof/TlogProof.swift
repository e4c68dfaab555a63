/// That one entry stands in a log (C2SP tlog-proof): what other programs for transparency logs read.
struct TlogProof: Sendable, Hashable {
    var index: UInt64
    /// The digests beside its path to the root, the lowest first.
    var path: [Digest]
    var note: SignedNote

    var text: String {
        "c2sp.org/tlog-proof@v1\nindex \(index)\n" + path.map { "\($0.base64)\n" }.joined() + "\n"
            + String(decoding: note.serialised, as: UTF8.self)
    }
}

extension VerifierKey {
    /// As a public key of openssl: the algorithm's name (RFC 8410) and the 32 bytes.
    var pem: String {
        let name: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
        return "-----BEGIN PUBLIC KEY-----\n\(Base64.encode(name + publicKey))\n-----END PUBLIC KEY-----\n"
    }
}
