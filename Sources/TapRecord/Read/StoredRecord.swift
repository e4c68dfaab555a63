import TapCore

/// A record with its time on the axis of the capture.
struct StoredRecord: Sendable {
    private(set) var time: Timestamp
    /// Where it stands among others: its time, or that of a later one that its source had given before.
    var place: Timestamp
    /// Of the record in its source, so that those of one time keep their order.
    var number: UInt64 = 0
    private var record: Record
    /// Bytes of a block of scans before its first: those that were split off it.
    private var skipped = 0

    init(_ record: Record) {
        time = record.time
        place = record.time
        self.record = record
    }

    mutating func markLate() {
        switch record {
        case .edge(var edge):
            edge.flags.insert(.late)
            record = .edge(edge)
        case .scans(var block, let bytes):
            block.isLate = true
            record = .scans(block, bytes: bytes)
        case .event(var event):
            event.isLate = true
            record = .event(event)
        }
    }

    /// Of a block of scans, takes the scans from `limit` on out of it, but not the first; nil: all are before.
    mutating func split(before limit: @autoclosure () -> Timestamp) -> StoredRecord? {
        guard case .scans(var block, let bytes) = record, block.count > 1, block.period > .zero else { return nil }
        let limit = limit()
        let before = limit > block.firstTime ? (limit - block.firstTime).count - 1 : 0
        let count = min(block.count, Int(before / block.period.count) + 1)
        guard count < block.count else { return nil }
        var rest = block
        rest.firstTime = block.firstTime + block.period * Int64(count)
        rest.sequence &+= UInt64(count)
        rest.count = block.count - count
        block.count = count
        record = .scans(block, bytes: bytes)
        var made = StoredRecord(.scans(rest, bytes: bytes))
        made.skipped = skipped + block.byteCount
        made.number = number
        made.place = max(made.place, place)
        return made
    }

    func append(to buffer: inout RecordBuffer) {
        switch record {
        case .edge(let edge): buffer.append(edge)
        case .scans(let block, let bytes):
            // The array is lent for the call, and holds the block's bytes from `skipped` on, or this traps.
            unsafe buffer.append(block, raw: bytes.span.bytes.extracting(skipped..<skipped + block.byteCount))
        case .event(let event): buffer.append(event)
        }
    }
}
