import TapConfig
import TapCore
import TapSim

/// Compares what a run gave on with what is true. Knows nothing of how the program under test works inside, only what its
/// records mean.
struct FuzzCheck {
    let truth: FuzzTruth
    let records: FuzzRecords
    private let found = FuzzFindings()

    static func violations(_ boot: FuzzBoot, _ records: FuzzRecords) -> [String] {
        let check = FuzzCheck(truth: FuzzTruth(boot, records), records: records)
        check.checkEnd()
        check.checkOrder()
        for index in boot.lines.indices {
            var line = LineCheck(check.truth, index, records)
            check.found.all += line.violations().map { "\(check.truth.line(index).name): \($0)" }
        }
        for index in boot.scenario.converters.indices {
            let scans = ScanCheck(check.truth, index, records)
            check.found.all += scans.violations().map { "\(boot.scenario.converters[index].name): \($0)" }
        }
        check.checkClock()
        return check.found.all
    }

    private func require(_ isTrue: Bool, _ what: @autoclosure () -> String) { found.require(isTrue, what()) }

    private func checkEnd() {
        if !truth.boot.isCut { require(records.ends == 1, "it ended \(records.ends) times") }
    }

    /// What is not marked late comes in the order of time, and what is called late does not.
    private func checkOrder() {
        var last = Timestamp.zero
        var faulty = Spans()
        for fault in truth.boot.faults { faulty.add(fault.span.from, fault.span.to, margin: .seconds(3)) }
        for item in records.items {
            let (first, end, isLate): (Timestamp, Timestamp, Bool)
            switch item {
            case .edge(let edge): (first, end, isLate) = (edge.time, edge.time, edge.flags.contains(.late))
            case .scans(let block, _):
                let span = block.period * Int64(block.count - 1)
                (first, end, isLate) = (block.firstTime, block.firstTime + span, block.isLate)
            default: continue
            }
            if isLate {
                require(first < last || faulty.contains(first.nanoseconds), "marked late and is not: \(first)")
                require(faulty.contains(first.nanoseconds), "late without a cause: \(first)")
            } else {
                require(first >= last, "\(first) comes after \(last) and is not marked late")
                last = end
            }
        }
    }

    /// Each fix says what the clocks said, and how long the kernel has not vouched for it.
    private func checkClock() {
        let clock = truth.boot.wallClock
        var last: Timestamp?
        var fixes = 0
        for case .event(.clockFix(let fix)) in records.items {
            fixes += 1
            let now = fix.monotonic
            require(fix.utcNanoseconds == clock.utc(at: now).nanoseconds, "the fix at \(now) is not the wall clock's")
            require(fix.bootID == truth.boot.bootID, "the fix at \(now) is of another boot")
            require(
                fix.isSynchronised == clock.isSynchronised(at: now), "synchronised at \(now): \(fix.isSynchronised)")
            if fix.isSynchronised { last = now }
            require(
                fix.sinceSynchronised == last.map { now - $0 },
                "the fix at \(now): \(String(describing: fix.sinceSynchronised)) since it was synchronised")
        }
        require(fixes >= Int(truth.end / 10_000_000_000), "\(fixes) fixes in \(truth.end) ns")
    }
}
