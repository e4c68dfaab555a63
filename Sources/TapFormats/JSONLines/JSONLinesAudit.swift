import TapCore

/// Whether the records of a JSON Lines capture are all there, in their order, and what the header says of them.
///
/// Edges of a line and scans of a device are numbered, directions of edges alternate, and times do not go back but in
/// what is flagged late. A jump is a loss: where tap wrote one, a flag or a gap speaks of it.
struct JSONLinesAudit: Sendable {
    /// Of a line or device.
    private struct Subject {
        /// Of its last record; nil: none yet, or its numbers begin anew.
        var number: UInt64?
        /// When its last record was.
        var time: Timestamp
        /// Up to when a gap has reported what is missing.
        var reported: Timestamp?
        /// Of a line: the level after its last record; nil: not known.
        var level: Bool?

        init(_ origin: Timestamp) { time = origin }
    }

    /// Records of one kind.
    private struct Findings {
        var count: UInt64 = 0
        /// Of the first, in the file.
        var line = 0

        mutating func add(_ line: Int) {
            if count == 0 { self.line = line }
            count += 1
        }
    }

    private var lines: [Subject]
    private var devices: [Subject]
    private let edges: [LineOptions.Edges]
    /// The time of the latest record so far.
    private(set) var latest = Timestamp.zero
    private var disordered = Findings()
    private var unwanted = Findings()
    private var missing: UInt64 = 0
    private var promises: JSONLinesPromises
    private let header: SessionHeader

    init(_ header: SessionHeader, _ promises: JSONLinesPromises) {
        self.header = header
        self.promises = promises
        lines = header.lines.map { _ in Subject(header.origin) }
        devices = header.devices.map { _ in Subject(header.origin) }
        edges = header.lines.map(\.options.edges)
    }

    /// Of every record, by what it is ordered.
    ///
    /// - Parameter line: of the file; likewise below.
    /// - Returns: whether it comes after its place without saying so.
    mutating func isDisordered(_ time: Timestamp, isLate: Bool, line: Int) -> Bool {
        guard time < latest else {
            latest = time
            return false
        }
        if !isLate { disordered.add(line) }
        return !isLate
    }

    /// - Returns: what seems to be missing before this edge, which is in order.
    mutating func gap(before edge: Edge, line: Int) -> Gap? {
        promises.take(edge, line: line)
        let index = Int(edge.line.index)
        if edges[index] != .both, (edges[index] == .rising) != edge.isRising { unwanted.add(line) }
        let before = lines[index]
        let step = before.number.map { edge.sequence &- UInt32(truncatingIfNeeded: $0) }
        if let step, step == 0 || step > 1 << 31 {
            // It belongs further up.
            if edge.time == latest, !edge.flags.contains(.late) { disordered.add(line) }
            return nil
        }
        lines[index].number = UInt64(edge.sequence)
        lines[index].time = max(before.time, edge.time)
        lines[index].level = edge.isRising
        if edge.flags.contains(.missedBefore) || before.reported.map({ $0 >= before.time }) ?? false { return nil }
        let count: Gap.Count
        if let step, step > 1 {
            count = .exactly(UInt64(step - 1))
        } else if edges[index] == .both, before.level == edge.isRising {
            count = .atLeast(1)
        } else {
            return nil
        }
        return JSONLinesAudit.gap(.line(edge.line), count, from: before.time, to: edge.time)
    }

    /// - Returns: likewise, before this scan.
    mutating func gap(before scan: ScanBlock, line: Int) -> Gap? {
        promises.take(scan, line: line)
        let index = Int(scan.device.index)
        let before = devices[index]
        if let number = before.number, scan.sequence <= number {
            if scan.firstTime == latest, !scan.isLate { disordered.add(line) }
            return nil
        }
        devices[index].number = scan.sequence
        devices[index].time = max(before.time, scan.firstTime)
        guard let number = before.number, scan.sequence - number > 1,
            !(before.reported.map { $0 >= before.time } ?? false)
        else { return nil }
        return JSONLinesAudit.gap(
            .device(scan.device), .exactly(scan.sequence - number - 1), from: before.time, to: scan.firstTime)
    }

    private static func gap(_ subject: Gap.Subject, _ count: Gap.Count, from: Timestamp, to: Timestamp) -> Gap {
        Gap(.notRecorded, subject, count, discovered: to, from: min(from, to), to: to)
    }

    /// The gap was written: nothing in the file speaks of what is missing.
    mutating func isMissing(_ gap: Gap) { missing += gap.count.known }

    mutating func take(claimOf tag: TagID, line: Int) { promises.take(claimOf: tag, line: line) }

    mutating func take(_ reread: Reread) { promises.isKnown(reread.line) }

    mutating func take(_ level: Level) {
        promises.isKnown(level.line)
        let index = Int(level.line.index)
        let isNew = lines[index].number == nil
        // An edge during the reading may be on either side of it.
        lines[index].level = isNew || lines[index].time < level.notBefore ? level.isHigh : nil
        if isNew, level.reason == .first { lines[index].number = 0 }
    }

    mutating func take(_ gap: Gap) {
        switch gap.subject {
        case .line(let line):
            promises.isKnown(line)
            JSONLinesAudit.take(gap, &lines[Int(line.index)])
        case .device(let device): JSONLinesAudit.take(gap, &devices[Int(device.index)])
        case .tag, .notes: break
        }
    }

    private static func take(_ gap: Gap, _ subject: inout Subject) {
        subject.level = nil
        switch gap.kind {
        // Taken up again, it is numbered anew.
        case .muted, .sourceGone, .sourceBack: subject.number = nil
        case .notRecorded where gap.to == .distantFuture: subject.number = nil
        case .ringFull, .notRecorded: subject.reported = max(subject.reported ?? .zero, gap.to)
        // Flagged in the edge, or not numbered.
        case .kernelQueueOverflow, .repeatedPolarity, .levelDisagreement, .scansMissing: break
        }
    }

    /// What was found, a sentence each.
    ///
    /// - Parameter isTorn: the file ends within a record.
    func remarks(isTorn: Bool) -> [String] {
        var remarks: [String] = []
        if missing > 0 {
            remarks.append(
                "\(counted(missing, "record")) missing by number or direction: each place has a gap, not-recorded")
        }
        if disordered.count > 0 {
            remarks.append(
                "\(counted(disordered.count, "record")) out of order, the first in line \(disordered.line): "
                    + "these are flagged late")
        }
        if unwanted.count > 0 {
            remarks.append(
                "\(counted(unwanted.count, "edge")) in a direction that the header says is not captured, the first in "
                    + "line \(unwanted.line)")
        }
        return remarks + promises.remarks(header, isTorn: isTorn)
    }
}
