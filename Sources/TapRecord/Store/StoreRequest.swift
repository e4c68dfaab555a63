/// What is entered into the log of a store besides what is recorded.
public struct StoreRequest: Sendable, Hashable {
    public enum What: Sendable, Hashable {
        case remark(String)
        /// Of a witness; it arrived.
        case cosignature(EnteredCosignature)
        /// Of an authority; it arrived.
        case timeStamp(EnteredTimeStamp)
        /// Segments with records of this span of UTC, in nanoseconds since 1970, are not dropped.
        case pin(from: UInt64, to: UInt64, why: String)
        /// A pin of this number goes.
        case unpin(UInt64, why: String)
        /// Nothing is recorded until it ends, or the session does.
        case pause(why: String)
        case resume(why: String)
    }

    public var what: What
    public var author: String

    public init(_ what: What, author: String) {
        self.what = what
        self.author = author
    }

    func entry(id: [UInt8], utc_ns: UInt64) -> LogEntry {
        switch what {
        case .remark(let text): .remark(RemarkEntry(author: author, text: text, utc_ns: utc_ns, id: id))
        case .cosignature(let arrived):
            .remark(
                RemarkEntry(author: author, text: arrived.words, utc_ns: utc_ns, id: id, cosignature: arrived))
        case .timeStamp(let arrived):
            .remark(
                RemarkEntry(author: author, text: arrived.words, utc_ns: utc_ns, id: id, timeStamp: arrived))
        case .pin(let from, let to, let why):
            .pin(PinEntry(utcFrom: from, utcTo: to, why: why, author: author, utc_ns: utc_ns, id: id))
        case .unpin(let number, let why):
            .unpin(UnpinEntry(number: number, why: why, author: author, utc_ns: utc_ns, id: id))
        case .pause(let why): .pause(PauseEntry(ends: false, why: why, author: author, utc_ns: utc_ns, id: id))
        case .resume(let why): .pause(PauseEntry(ends: true, why: why, author: author, utc_ns: utc_ns, id: id))
        }
    }
}
