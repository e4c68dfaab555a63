import TapCore

/// At most one row for each interval: the last level of each line, and the last scan and claim within it, at the time
/// of its last row.
struct ThinnedRows<Sink: RowSink & ~Copyable>: ~Copyable, RowSink {
    private var sink: Sink
    /// nil: every row.
    private let interval_ns: UInt64?
    private var row: CaptureRow?
    private var number: UInt64 = 0
    private var header: SessionHeader
    /// Rows that are part of another one.
    private(set) var merged: UInt64 = 0
    static var holdsClaims: Bool { Sink.holdsClaims }

    init(_ header: SessionHeader, every interval: Nanoseconds?, into sink: consuming Sink) {
        self.header = header
        self.sink = sink
        interval_ns = interval.map { UInt64($0.count) }
    }

    mutating func row(_ row: CaptureRow, _ header: SessionHeader) {
        guard let interval_ns else { return sink.row(row, header) }
        let number = UInt64(max(0, (row.time - header.origin).count)) / interval_ns
        guard var kept = self.row, number == self.number else {
            give()
            self.row = row
            self.number = number
            return
        }
        merged += 1
        kept.time = row.time
        kept.levels = row.levels
        kept.hasScans = kept.hasScans || row.hasScans
        kept.hasClaims = kept.hasClaims || row.hasClaims
        for index in kept.scans.indices where !row.scans[index].isEmpty { kept.scans[index] = row.scans[index] }
        for index in kept.claims.indices { kept.claims[index] = row.claims[index] ?? kept.claims[index] }
        self.row = kept
    }

    mutating func flush() throws(TapError) { try sink.flush() }

    mutating func finish() throws(TapError) {
        give()
        try sink.finish()
    }

    private mutating func give() {
        if let row { sink.row(row, header) }
        row = nil
    }
}
