import TapCore

/// What befalls a simulated converter: spans of virtual time, laid down before.
public struct ConverterConditions: Sendable {
    /// It, or the way to it, is not there.
    public var absent: [KernelConditions.Span] = []
    /// It goes on saying what it said last.
    public var stuck: [KernelConditions.Span] = []
    /// Its trigger does not come.
    public var dropped: [KernelConditions.Span] = []
    /// Each scan comes twice, with one time.
    public var duplicated: [KernelConditions.Span] = []
    /// What is under way when it begins ends within a scan, and the way to it is gone until it ends.
    public var torn: [KernelConditions.Span] = []

    public init() {}

    func isAbsent(at time: Timestamp) -> Bool { (absent + torn).contains { $0.contains(time) } }
    func isStuck(at time: Timestamp) -> Bool { stuck.contains { $0.contains(time) } }

    /// Why what was opened at a time is not there any more.
    func loss(since: Timestamp, until now: Timestamp) -> Loss? {
        if torn.contains(where: { since < $0.from && $0.from <= now }) { return .torn }
        return absent.contains { since < $0.from && $0.from <= now } ? .gone : nil
    }

    enum Loss { case gone, torn }
}
