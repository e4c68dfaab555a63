/// The text of a hand-over that the key before it signs.
public struct HandOverText: Sendable, Hashable {
    public var origin: String
    /// The one that begins.
    public var epoch: UInt64
    /// Number of entries before the hand-over.
    public var size: UInt64
    /// Of the tree of those.
    public var root: Digest
    public var key: VerifierKey
    public var recoveryKey: VerifierKey

    public init(
        origin: String, epoch: UInt64, size: UInt64, root: Digest, key: VerifierKey, recoveryKey: VerifierKey
    ) {
        self.origin = origin
        self.epoch = epoch
        self.size = size
        self.root = root
        self.key = key
        self.recoveryKey = recoveryKey
    }

    public var text: String {
        "tap.record.v1/hand-over\n\(origin)\n\(epoch)\n\(size)\n\(root.base64)\n\(key.text)\n\(recoveryKey.text)\n"
    }

    /// What is signed.
    public var bytes: [UInt8] { Array(text.utf8) }

    /// Whether the two keys are named as they must be.
    public var isNamedRight: Bool {
        key.name == HandOverText.keyName(origin, epoch: epoch)
            && recoveryKey.name == HandOverText.recoveryKeyName(origin, epoch: epoch)
    }

    /// Of an epoch's key.
    public static func keyName(_ origin: String, epoch: UInt64) -> String { "\(origin)/epoch/\(epoch)" }

    /// Of the recovery key that the hand-over to an epoch introduces.
    public static func recoveryKeyName(_ origin: String, epoch: UInt64) -> String { "\(origin)/recovery/\(epoch)" }
}
