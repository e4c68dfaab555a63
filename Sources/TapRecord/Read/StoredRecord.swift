import TapCore

/// A record with its time on the axis of the capture.
struct StoredRecord: Sendable {
    private(set) var time: Timestamp
    /// Where it stands among others: its time, or that of a later one that its source had given before.
    var place: Timestamp
    /// Of the record in its source, so that those of one time keep their order.
    var number: UInt64 = 0
    private var record: Record

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
    mutating func split(before limit: Timestamp) -> StoredRecord? {
        guard case .scans(var block, let bytes) = record, block.count > 1, block.period > .zero else { return nil }
        let before = limit > block.firstTime ? (limit - block.firstTime).count - 1 : 0
        let count = min(block.count, Int(before / block.period.count) + 1)
        guard count < block.count else { return nil }
        var rest = block
        rest.firstTime = block.firstTime + block.period * Int64(count)
        rest.sequence &+= UInt64(count)
        rest.count = block.count - count
        block.count = count
        record = .scans(block, bytes: Array(bytes.prefix(block.byteCount)))
        var made = StoredRecord(.scans(rest, bytes: Array(bytes.dropFirst(block.byteCount))))
        made.number = number
        made.place = max(made.place, place)
        return made
    }

    func append(to buffer: inout RecordBuffer) {
        switch record {
        case .edge(let edge): buffer.append(edge)
        case .scans(let block, let bytes): buffer.append(block, raw: bytes)
        case .event(let event): buffer.append(event)
        }
    }
}
