import TapConfig
import TapCore
import TapSim

/// Keeps what comes until the machine is cut off.
struct FuzzSink: RecordSink {
    var records = FuzzRecords()
    private var batch = RecordCollector()
    let cutAt: Timestamp

    init(cutAt: Timestamp) { self.cutAt = cutAt }

    mutating func edge(_ edge: Edge) { batch.edge(edge) }
    mutating func scans(_ block: ScanBlock, raw: RawSpan) { batch.scans(block, raw: raw) }
    mutating func event(_ event: Event) { batch.event(event) }
    mutating func batchEnded(at now: Timestamp) throws(TapError) {
        if now < cutAt {
            records.items += batch.records
            records.until = now
        }
        batch.records.removeAll(keepingCapacity: true)
    }
    mutating func finish(at now: Timestamp) throws(TapError) { if cutAt == .distantFuture { records.ends += 1 } }
}
