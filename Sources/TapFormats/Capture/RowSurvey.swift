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
    /// A scan has no sample that is a number.
    private(set) var hasLostScan = false
    /// By sample of all devices, in order; none before the first scan.
    private(set) var ranges: [SampleRange] = []
    /// Of each device; known from the first row on.
    private var samples: [[SampleCell]] = []

    /// Raw values of a sample.
    struct SampleRange: Sendable {
        /// Least and greatest; nil: there was none.
        var range: ClosedRange<Int64>?
        /// All were whole numbers.
        var isWhole = true
    }

    mutating func row(_ row: CaptureRow, _ header: SessionHeader) {
        let time = UInt64(max(0, (row.time - header.origin).count))
        // So most often one division is enough.
        unit_ns = RowSurvey.greatestDivisor(time, unit_ns)
        switch rows {
        case 0:
            period_ns = time == 0 ? 0 : nil
            samples = header.sampleCells
        case 1: if period_ns != nil { period_ns = time > 0 ? time : nil }
        default: if period_ns != time - last { period_ns = nil }
        }
        rows += 1
        last = time
        if row.levels.contains(CaptureRow.unknown) { hasUnknown = true }
        guard row.hasScans else { return }
        var place = 0
        for (samples, scan) in zip(samples, row.scans) {
            var isLost = !scan.isEmpty
            for sample in samples {
                if ranges.count == place { ranges.append(SampleRange()) }
                if !scan.isEmpty, !sample.isMissing(in: scan) {
                    isLost = false
                    take(sample.whole(in: scan), place)
                }
                place += 1
            }
            if isLost { hasLostScan = true }
        }
    }

    /// - Parameter raw: nil: it is no whole number.
    private mutating func take(_ raw: Int64?, _ place: Int) {
        guard let raw else {
            ranges[place].isWhole = false
            return
        }
        let range = ranges[place].range ?? raw...raw
        ranges[place].range = min(range.lowerBound, raw)...max(range.upperBound, raw)
    }

    static func greatestDivisor(_ left: UInt64, _ right: UInt64) -> UInt64 {
        var (left, right) = (left, right)
        while right != 0 { (left, right) = (right, left % right) }
        return left
    }
}
