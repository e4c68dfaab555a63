/// A text with signatures (C2SP signed-note).
public struct SignedNote: Sendable, Hashable {
    public struct Signature: Sendable, Hashable {
        /// Of the key.
        public var name: String
        /// Of the key.
        public var id: UInt32
        /// Of Ed25519: 64 bytes. Other types of keys have others.
        public var signature: [UInt8]

        /// As it stands in a note, with its newline.
        var line: String {
            let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: id >> $0) } + signature
            return "\u{2014} \(name) \(Base64.encode(bytes))\n"
        }
    }

    /// Ends with a newline.
    public let text: String
    /// In their order.
    public private(set) var signatures: [Signature] = []

    /// Bytes.
    public static let longest = 1_000_000
    public static let mostSignatures = 100

    /// - Parameter text: of lines that each end with a newline, without control characters.
    public init(_ text: String) {
        precondition(text.utf8.last == UInt8(ascii: "\n"), "the text of a note ends with a newline")
        self.text = text
    }

    public init(parsing bytes: [UInt8]) throws(NoteProblem) {
        guard bytes.count <= SignedNote.longest else { throw .tooLong(bytes.count) }
        let newline = UInt8(ascii: "\n")
        guard bytes.allSatisfy({ $0 >= 0x20 || $0 == newline }), String(validating: bytes, as: UTF8.self) != nil else {
            throw .notText
        }
        let end = (1..<max(bytes.count, 1)).last { bytes[$0] == newline && bytes[$0 - 1] == newline }
        guard let end, end + 1 < bytes.count, bytes.last == newline else { throw .noSignatures }
        // The newline before the empty line is the text's own.
        text = String(decoding: bytes[..<end], as: UTF8.self)
        let lines = String(decoding: bytes[(end + 1)...], as: UTF8.self).utf8
            .split(separator: newline, omittingEmptySubsequences: false).dropLast()
        guard lines.count <= SignedNote.mostSignatures else { throw .tooManySignatures }
        for (number, line) in lines.enumerated() {
            guard let signature = SignedNote.signature(String(Substring(line))) else { throw .signature(number) }
            signatures.append(signature)
        }
    }

    /// A line without its newline; nil: it is none.
    static func signature(_ line: String) -> Signature? {
        let parts = line.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map {
            String(Substring($0))
        }
        guard parts.count == 3, parts[0] == "\u{2014}", VerifierKey.isName(parts[1]),
            let bytes = Base64.decode(parts[2]),
            bytes.count > 4
        else { return nil }
        return Signature(
            name: parts[1], id: bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) }, signature: Array(bytes[4...]))
    }

    /// The whole note.
    public var serialised: [UInt8] {
        var note = text + "\n"
        for line in signatures { note += line.line }
        return Array(note.utf8)
    }

    /// What is signed.
    public var signedBytes: [UInt8] { Array(text.utf8) }

    public mutating func sign(by key: SigningKey) {
        signatures.append(
            Signature(
                name: key.verifierKey.name, id: key.verifierKey.id, signature: key.sign(signedBytes)))
    }

    mutating func add(_ signature: Signature) { signatures.append(signature) }

    /// Only those lines stay.
    mutating func keep(_ isKept: (Signature) -> Bool) { signatures = signatures.filter(isKept) }

    /// Whether the key has signed, and each line that names it verifies.
    public func isSigned(by key: VerifierKey) -> Bool {
        let own = signatures.filter { $0.name == key.name && $0.id == key.id }
        let bytes = signedBytes
        return !own.isEmpty && own.allSatisfy { key.verifies($0.signature, of: bytes) }
    }

    /// Lines by none of these keys: they prove nothing.
    public func signatures(notBy keys: [VerifierKey]) -> [Signature] {
        signatures.filter { line in !keys.contains { $0.name == line.name && $0.id == line.id } }
    }
}
