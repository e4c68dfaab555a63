/// Takes what rules come to.
public protocol VerdictSink: AnyObject {
    /// From `time` on the rule's formula has this truth. In the order of when it became known, then of rules; that order, too,
    /// is a function of the records.
    func verdict(rule: Int, from time: Int64, _ truth: Truth)
}
