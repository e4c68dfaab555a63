import TapCore

/// An authority's time stamp (RFC 3161) of a checkpoint of this log, as an entry has it.
public struct EnteredTimeStamp: Sendable, Hashable {
    /// Of the checkpoint, the text of which is stamped.
    var size: UInt64 = 0
    var root: [UInt8] = []
    /// Subject of the certificate that signed it, as it was found when it arrived.
    var authority = ""
    /// DER, a ContentInfo of CMS.
    var token: [UInt8] = []
}

extension EnteredTimeStamp: CheckpointStatement {
    var author: String { authority }
    var evidence: [UInt8] { token }

    init(size: UInt64, root: [UInt8], author: String, evidence: [UInt8]) {
        self.init(size: size, root: root, authority: author, token: evidence)
    }
}

extension EnteredTimeStamp {
    /// For those who know of remarks only.
    var words: String {
        let time_s = (try? TimeStamp(parsing: token))?.latest_s ?? 0
        return "\(authority) stamped \(size) entries, by its clock \(time_s) s after 1970"
    }

    /// What was stamped: the text of the checkpoint; nil: there can be none.
    func text(origin: String) -> String? {
        guard VerifierKey.isName(origin), let root = Digest(root) else { return nil }
        return Checkpoint(origin: origin, size: size, root: root).text
    }

    /// What the token says; nil: it is none, or of something else. Its signature is not looked at.
    func read(origin: String) -> TimeStamp? {
        guard let text = text(origin: origin), let stamp = try? TimeStamp(parsing: token),
            stamp.imprint == Digest.of(Array(text.utf8)).bytes
        else { return nil }
        return stamp
    }
}
