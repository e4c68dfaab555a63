import TapCore

/// A record with its time on the axis of the capture.
struct StoredRecord: Sendable {
    let time: Timestamp
    private var record: Record

    init(_ record: Record) {
        time = record.time
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
        case .event: break
        }
    }

    func append(to buffer: inout RecordBuffer) {
        switch record {
        case .edge(let edge): buffer.append(edge)
        case .scans(let block, let bytes): buffer.append(block, raw: bytes)
        case .event(let event): buffer.append(event)
        }
    }
}
