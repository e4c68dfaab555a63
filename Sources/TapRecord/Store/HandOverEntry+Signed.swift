extension HandOverEntry {
    /// Of this hand-over, for signing and verifying; nil: its keys are no keys, or it is not named as a log of this origin
    /// would.
    func text(origin: String) -> HandOverText? {
        guard let key = VerifierKey(key), let recovery = VerifierKey(recoveryKey), let root = Digest(root) else {
            return nil
        }
        let text = HandOverText(
            origin: origin, epoch: epoch, size: size, root: root, key: key, recoveryKey: recovery)
        return text.isNamedRight ? text : nil
    }

    init(
        _ epoch: UInt64, origin: String, size: UInt64, root: Digest, key: VerifierKey, recoveryKey: VerifierKey,
        by: By, signedBy signer: SigningKey, utc_ns: UInt64
    ) {
        let text = HandOverText(
            origin: origin, epoch: epoch, size: size, root: root, key: key, recoveryKey: recoveryKey)
        self.init()
        self.epoch = epoch
        self.size = size
        self.root = root.bytes
        self.key = key.text
        self.recoveryKey = recoveryKey.text
        self.by = by
        signature = signer.sign(text.bytes)
        self.utc_ns = utc_ns
    }
}

extension SealEntry {
    init(segment: UInt64, _ sealed: (offset: UInt64, length: UInt64, digest: [UInt8])) {
        self.init(segment: segment, offset: sealed.offset, length: sealed.length, sha256: sealed.digest)
    }
}

extension LogEntry {
    var isInitial: Bool {
        if case .initial = self { return true }
        return false
    }
}
