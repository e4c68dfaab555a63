// Which records are late: what comes after the watermark that covers it, and what arrives so long after its time that merge
// may have gone on without it. A function of what the source writes, and of when; what other sources do does not matter.

extension RecordWriter {
    /// From now on, records that come later than the source promises are flagged.
    ///
    /// - Parameter isPatient: whoever reads the source waits for it however long that takes.
    mutating func judgeLateness(of info: SourceInfo, isPatient: Bool) {
        isOrdered = info.capabilities.contains(.ordered)
        allowedLateness = info.allowedLateness
        longestDelay = isPatient ? nil : info.longestDelay
        clockOffset = info.clock.offsetToMonotonic
    }

    /// What is written from now on was there at that time at the latest, and not long before: for sources whose `step` waits
    /// for what it writes.
    ///
    /// - Parameter now: of the gateway's monotonic clock.
    public mutating func arrived(at now: Timestamp) {
        guard let longestDelay else { return }
        lateBefore = max(lateBefore, now - clockOffset - longestDelay)
    }

    mutating func promised(upTo time: Timestamp) {
        guard let allowedLateness, time >= .zero + allowedLateness else { return }
        lateBefore = max(lateBefore, time - allowedLateness + Nanoseconds(1))
    }

    /// Of a record that is written now.
    @inlinable @inline(__always)
    mutating func isLate(_ time: Timestamp) -> Bool {
        if time < lateBefore { return true }
        if isOrdered { lateBefore = time }
        return false
    }

    /// How many scans, from the first on, are late.
    func lateScans(of block: ScanBlock) -> Int {
        guard block.firstTime < lateBefore else { return 0 }
        guard block.period > .zero else { return block.count }
        let late = (lateBefore - block.firstTime - Nanoseconds(1)).count / block.period.count + 1
        return min(block.count, Int(late))
    }
}
