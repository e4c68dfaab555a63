/// Makes blocks of what a device delivered: cuts it where scans are missing, reports them, and finds the time of each
/// block.
public struct ScanCutter: Sendable {
    /// Where each scan's own time lies.
    public struct Stamp: Sendable, Hashable {
        public var offset: Int
        public var format: ScanFormat

        public init(offset: Int, format: ScanFormat) {
            self.offset = offset
            self.format = format
        }
    }

    /// Bytes that came at once, and when: in the gateway's clock.
    public struct Delivery: Sendable {
        /// Before the device was asked for them; for the first, before its buffer was opened.
        public var asked: Timestamp
        public var arrived: Timestamp

        public init(asked: Timestamp, arrived: Timestamp) {
            self.asked = asked
            self.arrived = arrived
        }
    }

    private let device: DeviceID
    private let bytesPerScan: Int
    private let stamp: Stamp?
    /// The device stamps in a clock of its own: its distance to the gateway's is taken from the first delivery.
    private let isForeignClock: Bool

    /// Nominal, nanoseconds; nil: not known yet.
    private var period: Double?
    /// The first intervals, from which the period is found, with the time at which each ends.
    private var learned: [(span: Double, end: Timestamp)] = []
    private static let intervalsToLearn = 9

    private var offset: Nanoseconds?
    private var offsetUncertainty = Nanoseconds.zero
    private var last: Timestamp?
    private var sequence: UInt64 = 0
    /// Of scans without times: how old what is left in the device's buffer may be; nil: nothing is left there.
    private var restFrom: Timestamp?
    /// How long a scan is waited for, nanoseconds; nil: as nominal.
    private var usualWait: Int64?

    /// - Parameters:
    ///   - rate_hz: the nominal rate.
    ///   - isRateSure: it was set and read back; otherwise what the first scans show prevails over it.
    public init(
        device: DeviceID, bytesPerScan: Int, stamp: Stamp?, isForeignClock: Bool, rate_hz: Double?, isRateSure: Bool
    ) {
        self.device = device
        self.bytesPerScan = bytesPerScan
        self.stamp = stamp
        self.isForeignClock = isForeignClock
        if let rate_hz, rate_hz > 0, isRateSure || stamp == nil { period = 1e9 / rate_hz }
    }

    /// The end of the last scan that was written.
    public var lastScan: Timestamp? { last }

    /// The device was silent: what comes next is not compared with what came before.
    ///
    /// - Parameter isReopened: its clock may be another.
    public mutating func restart(isReopened: Bool) {
        last = nil
        learned.removeAll()
        guard isReopened else { return }
        offset = nil
        restFrom = nil
    }

    /// - Parameter raw: whole scans.
    public mutating func take(_ raw: RawSpan, _ delivery: Delivery, into writer: inout RecordWriter) {
        let count = raw.byteCount / bytesPerScan
        guard count > 0 else { return }
        guard let stamp else { return takeUnstamped(raw, count, delivery, into: &writer) }
        var times = (0..<count).map { index in
            let nanoseconds = stamp.format.sample(in: raw, at: index * bytesPerScan + stamp.offset)
            return Timestamp(nanoseconds: UInt64(max(0, nanoseconds)))
        }
        if isForeignClock { map(&times, delivery) }
        learn(times, into: &writer)
        cut(raw, times, into: &writer)
        last = times[count - 1]
    }

    /// The last scan of a first delivery was taken after the buffer was opened and before it arrived.
    private mutating func map(_ times: inout [Timestamp], _ delivery: Delivery) {
        let end = times[times.count - 1]
        if let known = offset {
            // Nothing arrives before it was taken: the clocks have drifted.
            if end + known > delivery.arrived { offset = delivery.arrived - end }
        } else {
            let bracket = delivery.arrived - delivery.asked
            offset = delivery.asked - end + Nanoseconds(bracket.count / 2)
            offsetUncertainty = Nanoseconds((bracket.count + 1) / 2)
        }
        guard let offset else { return }
        for index in times.indices { times[index] = times[index] + offset }
    }

    /// Finds the period as the median of the first intervals. Those that turn out too long are reported then.
    private mutating func learn(_ times: [Timestamp], into writer: inout RecordWriter) {
        guard period == nil else { return }
        var before = last
        for time in times {
            if let before, time > before { learned.append((Double((time - before).count), time)) }
            before = time
            if learned.count >= ScanCutter.intervalsToLearn { break }
        }
        guard learned.count >= ScanCutter.intervalsToLearn else { return }
        let median = learned.map(\.span).sorted()[learned.count / 2]
        period = median
        // Intervals of this delivery are looked at when it is cut.
        for interval in learned where interval.end < times[0] {
            tellMissing(
                from: interval.end - Nanoseconds(Int64(interval.span)), to: interval.end, discovered: times[0], &writer)
        }
        learned.removeAll()
    }

    private func tellMissing(
        from: Timestamp, to: Timestamp, discovered: Timestamp, _ writer: inout RecordWriter
    ) {
        guard let period, Double((to - from).count) > 1.5 * period else { return }
        let missing = max(1, (Double((to - from).count) / period).rounded() - 1)
        let gap = Gap(
            .scansMissing, .device(device), .about(UInt64(missing)), discovered: discovered, from: from, to: to)
        writer.gap(gap)
    }

    private mutating func cut(_ raw: RawSpan, _ times: [Timestamp], into writer: inout RecordWriter) {
        let longest = max(1, writer.largestBlock / bytesPerScan)
        var start = 0
        for index in times.indices {
            let before = index == 0 ? last : times[index - 1]
            // A step back is no loss, but a block's times go forward.
            let isCut = before.map { isBreak(from: $0, to: times[index]) } ?? false
            guard isCut || index - start == longest else { continue }
            write(raw, times, start..<index, into: &writer)
            start = index
            if isCut, let before, times[index] > before {
                tellMissing(from: before, to: times[index], discovered: times[index], &writer)
            }
        }
        write(raw, times, start..<times.count, into: &writer)
    }

    private func isBreak(from: Timestamp, to: Timestamp) -> Bool {
        if to <= from { return true }
        guard let period else { return false }
        return Double((to - from).count) > 1.5 * period
    }

    private mutating func write(
        _ raw: RawSpan, _ times: [Timestamp], _ range: Range<Int>, into writer: inout RecordWriter
    ) {
        guard let first = range.first, let last = range.last else { return }
        let intervals = Int64(last - first)
        let span = (times[last] - times[first]).count
        let step = intervals > 0 ? (span + intervals / 2) / intervals : Int64((period ?? 0).rounded())
        // How far a scan is from where first time and period put it.
        var off: Int64 = 0
        for index in range {
            off = max(off, abs((times[index] - times[first]).count - Int64(index - first) * step))
        }
        write(
            raw, range, firstTime: times[first], period: Nanoseconds(step), stamps: .device,
            uncertainty: Nanoseconds(off) + offsetUncertainty, into: &writer)
    }

    private mutating func write(
        _ raw: RawSpan, _ range: Range<Int>, firstTime: Timestamp, period: Nanoseconds, stamps: ScanBlock.Stamps,
        uncertainty: Nanoseconds, into writer: inout RecordWriter
    ) {
        let block = ScanBlock(
            device: device, firstTime: firstTime, period: period, count: range.count, bytesPerScan: bytesPerScan,
            sequence: sequence, stamps: stamps, uncertainty: uncertainty)
        sequence += UInt64(range.count)
        let bytes = range.lowerBound * bytesPerScan..<range.upperBound * bytesPerScan
        writer.scans(block, raw: raw.extracting(bytes))
    }

    /// All that is known of scans without times: they were taken before they arrived, in order, and after the buffer was
    /// last seen to be empty.
    private mutating func takeUnstamped(
        _ raw: RawSpan, _ count: Int, _ delivery: Delivery, into writer: inout RecordWriter
    ) {
        let longest = max(1, writer.largestBlock / bytesPerScan)
        let nominal = Int64((period ?? 0).rounded())
        let oldest = oldestTime(of: delivery, count, nominal)
        var time = period == nil ? delivery.asked : delivery.arrived - Nanoseconds(nominal * Int64(count))
        if let last { time = max(time, last) }
        // More than one period's worth came in one: nothing was taken after it arrived.
        let room = max(0, (delivery.arrived - time).count)
        let step = min(nominal, room / Int64(count))
        var start = 0
        while start < count {
            let end = min(count, start + longest)
            write(
                raw, start..<end, firstTime: time, period: Nanoseconds(step), stamps: .arrival,
                uncertainty: max(delivery.arrived - oldest, Nanoseconds(nominal)), into: &writer)
            time = time + Nanoseconds(step * Int64(end - start))
            start = end
        }
        last = time
    }

    /// Nothing of a delivery was taken before this time. Whoever had to wait for it, no longer than usual, left nothing
    /// behind: what comes next was taken since. Otherwise there may be a rest, as old as this delivery.
    private mutating func oldestTime(of delivery: Delivery, _ count: Int, _ nominal: Int64) -> Timestamp {
        let oldest = restFrom ?? delivery.asked
        let waited = (delivery.arrived - delivery.asked).count
        let perScan = waited / Int64(count)
        let usual = usualWait ?? nominal
        let isSwept = waited >= nominal && (nominal == 0 || perScan <= usual + usual / 2)
        // A device may be slower than its nominal rate.
        usualWait = (3 * usual + perScan) / 4
        restFrom = isSwept ? nil : oldest
        return oldest
    }

    /// One scan that was read channel by channel between two stamps.
    public mutating func takePolled(_ raw: RawSpan, _ delivery: Delivery, into writer: inout RecordWriter) {
        let width = (delivery.arrived - delivery.asked).count
        let middle = delivery.asked + Nanoseconds(width / 2)
        write(
            raw, 0..<1, firstTime: middle, period: Nanoseconds(Int64((period ?? 0).rounded())), stamps: .bracket,
            uncertainty: Nanoseconds((width + 1) / 2), into: &writer)
        last = middle
    }
}
