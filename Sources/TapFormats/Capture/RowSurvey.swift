import TapCore

/// What a session's table needs to be known before its first row is written.
struct RowSurvey: RowSink {
    private(set) var rows: UInt64 = 0
    /// Of all times, counted from the origin: what divides them all; 0: all are zero.
    private(set) var unit_ns: UInt64 = 0
    private(set) var last: UInt64 = 0
    /// From each row to the next; nil: not always the same, or the first is not at the origin.
    private(set) var period_ns: UInt64?
    private(set) var hasUnknown = false
    /// By sample of all devices, in order: least and greatest raw value.
    private(set) var ranges: [ClosedRange<Int64>?] = []
    /// Of each device; known from the first row on.
    private var samples: [[ScanSample]] = []

    mutating func row(_ row: CaptureRow, _ header: SessionHeader) {
        let time = UInt64(max(0, (row.time - header.origin).count))
        unit_ns = RowSurvey.greatestDivisor(unit_ns, time)
        switch rows {
        case 0:
            period_ns = time == 0 ? 0 : nil
            samples = header.devices.map(\.samples)
        case 1: if period_ns != nil { period_ns = time > 0 ? time : nil }
        default: if period_ns != time - last { period_ns = nil }
        }
        rows += 1
        last = time
        if row.levels.contains(CaptureRow.unknown) { hasUnknown = true }
        var place = 0
        for (samples, scan) in zip(samples, row.scans) {
            for sample in samples {
                if ranges.count == place { ranges.append(nil) }
                if !scan.isEmpty, !sample.format.isFloat {
                    let raw = sample.raw(in: scan)
                    let range = ranges[place] ?? raw...raw
                    ranges[place] = min(range.lowerBound, raw)...max(range.upperBound, raw)
                }
                place += 1
            }
        }
    }

    static func greatestDivisor(_ left: UInt64, _ right: UInt64) -> UInt64 {
        var (left, right) = (left, right)
        while right != 0 { (left, right) = (right, left % right) }
        return left
    }
}
