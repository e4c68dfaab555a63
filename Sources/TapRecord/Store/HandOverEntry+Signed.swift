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
