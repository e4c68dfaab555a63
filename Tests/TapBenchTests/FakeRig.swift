import TapBench
import TapCore
import TapSim

/// Lines that are driven in no time, and a kernel that looks at them at multiples of a tick, as gpio-sim's does.
final class FakeRig: LoopRig {
    let lineCount: Int
    /// Zero: each change has its edge, a microsecond later.
    var tick: UInt64 = 0
    /// Writes take so long, and so does what lies between two.
    var write: UInt64 = 100
    var isDead: Set<Int> = []
    var isInverted: Set<Int> = []
    /// Where else a line is to be seen.
    var alsoOn: [Int: Int] = [:]
    /// Runs until it is stopped.
    var runsLeft = Int.max

    init(lines: Int) { lineCount = lines }

    func run(_ plan: [WireTransitions.Change]) throws(TapError) -> LoopTrial? {
        guard runsLeft > 0 else { return nil }
        runsLeft -= 1
        // Somewhere between two ticks.
        let origin: UInt64 = 1_000_000_123
        var now: UInt64 = 0
        var trial = LoopTrial(drives: [], edges: Array(repeating: [], count: lineCount))
        for change in plan {
            let due = origin + UInt64(change.time.count)
            now = max(now, due)
            trial.drives.append(
                DriveRecord(
                    line: change.line, isHigh: change.isHigh, due: Timestamp(nanoseconds: due),
                    before: Timestamp(nanoseconds: now), after: Timestamp(nanoseconds: now + write)))
            trial.writes.add(write)
            now += 2 * write
        }
        for (index, drive) in trial.drives.enumerated() where !isDead.contains(drive.line) {
            let stamp = self.stamp(drive)
            // The pending bit: what changes again before the tick has no event of its own.
            if tick > 0, index + 1 < trial.drives.count, self.stamp(trial.drives[index + 1]) == stamp { continue }
            let edge = Edge(
                time: stamp, line: LineID(UInt16(drive.line)), sequence: 0,
                flags: drive.isHigh != isInverted.contains(drive.line) ? .rising : [])
            trial.edges[drive.line].append(edge)
            if let other = alsoOn[drive.line] { trial.edges[other].append(edge) }
        }
        return trial
    }

    private func stamp(_ drive: DriveRecord) -> Timestamp {
        let time = drive.before.nanoseconds
        return Timestamp(nanoseconds: tick == 0 ? time + 1_000 : (time / tick + 1) * tick)
    }
}
