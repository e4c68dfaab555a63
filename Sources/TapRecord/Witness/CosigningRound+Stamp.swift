public import TapCore

extension CosigningRound {
    public enum StampOutcome: Sendable, Hashable {
        /// So many entries, at the latest at this time by the authority's clock, in seconds since 1970.
        case stamped(size: UInt64, time_s: UInt64, by: String)
        /// Nothing was entered since the last one.
        case unchanged(size: UInt64)
        /// What came is no time stamp of the checkpoint by an authority that was given.
        case refused(String)
    }

    /// Has the text of the checkpoint stamped by an authority (RFC 3161). Blocks as long as `post` does, which is called once at most.
    ///
    /// - Parameters:
    ///   - last: entries that were stamped last; 0: none.
    ///   - nonce: by chance, not 0.
    ///   - post: sends a query to the authority.
    /// - Returns: also what is to be entered into the log.
    public func stamp(
        by authorities: StampAuthorities, last: UInt64, nonce: UInt64,
        post: (_ query: [UInt8]) throws(TapError) -> Reply
    ) throws(TapError) -> (outcome: StampOutcome, arrived: EnteredTimeStamp?) {
        guard last == 0 || hasNews(since: last) else { return (.unchanged(size: last), nil) }
        let imprint = Digest.of(Array(checkpoint.text.utf8)).bytes
        let reply = try post(TimeStamp.query(imprint, nonce: nonce))
        switch reply.status {
        case 200: break
        case 300..<400: return (.refused("it points to another address (\(reply.status)), which is not followed"), nil)
        default: return (.refused("it answers with status \(reply.status)"), nil)
        }
        do throws(TimeStamp.Problem) {
            let token = try TimeStamp.token(of: reply.body)
            let stamp = try TimeStamp(parsing: token)
            guard stamp.imprint == imprint else { throw TimeStamp.Problem(what: "its time stamp is of something else") }
            guard stamp.nonce == TimeStamp.bytes(nonce) else {
                throw TimeStamp.Problem(what: "its time stamp is an answer to another question")
            }
            let signer = printable(try authorities.signer(token, stamp))
            let arrived = EnteredTimeStamp(
                size: checkpoint.size, root: checkpoint.root.bytes, authority: signer, token: token)
            return (.stamped(size: checkpoint.size, time_s: stamp.latest_s, by: signer), arrived)
        } catch { return (.refused(error.what), nil) }
    }
}
