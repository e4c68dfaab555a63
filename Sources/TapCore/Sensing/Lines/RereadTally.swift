/// The readings of one line that are not yet written, and when they are.
///
/// A failed reading is written within a second; as long as all agree, ten seconds of them are one record.
struct RereadTally: Sendable {
    private(set) var pending: Reread?
    private var written: Timestamp

    static let soonest = Nanoseconds.seconds(1)
    static let latest = Nanoseconds.seconds(10)

    /// - Parameter start: when the line was first read.
    init(since start: Timestamp) { written = start }

    /// - Parameter isHigh: nil: the reading failed.
    mutating func add(_ line: LineID, isHigh: Bool?, from: Timestamp, to: Timestamp) {
        var sum = pending ?? Reread(line: line, time: to, from: from, to: to, isHigh: nil, agreed: 0, failed: 0)
        sum.to = to
        sum.isHigh = isHigh
        if isHigh == nil { sum.failed &+= 1 } else { sum.agreed &+= 1 }
        pending = sum
    }

    func isDue(at now: Timestamp) -> Bool {
        guard let pending else { return false }
        return now - written >= (pending.failed > 0 ? RereadTally.soonest : RereadTally.latest)
    }

    /// Writes what there is. Where the ring has no room to spare for it, it stays, and grows.
    mutating func write(at now: Timestamp, into writer: inout RecordWriter) {
        guard var pending else { return }
        pending.time = now
        guard writer.event(.reread(pending)) else { return }
        self.pending = nil
        written = now
    }
}
