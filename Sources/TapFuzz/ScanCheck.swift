import TapConfig
import TapCore
import TapSim

/// One ADC: each scan once, at its time, and missing scans reported as exactly as possible.
struct ScanCheck {
    private let truth: FuzzTruth
    private let converter: FuzzScenario.Converter
    private let period: UInt64
    private var scans: [(number: UInt64, time: Timestamp, uncertainty: Nanoseconds)] = []
    private var blocks: [ScanBlock] = []
    private var gaps: [Gap] = []
    private let found = FuzzFindings()

    init(_ truth: FuzzTruth, _ index: Int, _ records: FuzzRecords) {
        self.truth = truth
        converter = truth.boot.scenario.converters[index]
        period = UInt64(converter.period.count)
        let id = DeviceID(UInt16(index))
        for item in records.items {
            switch item {
            case .scans(let block, let bytes) where block.device == id:
                blocks.append(block)
                for (place, number) in CountingFeed.numbers(block, bytes).enumerated() {
                    scans.append((number, block.firstTime + block.period * Int64(place), block.uncertainty))
                }
            case .event(.gap(let gap)) where gap.subject == .device(id): gaps.append(gap)
            default: break
            }
        }
    }

    private func require(_ isTrue: Bool, _ what: @autoclosure () -> String) { found.require(isTrue, what()) }

    private var isStamped: Bool { converter.isTimestamped }
    private var isPolled: Bool { converter.method == .polled }

    private func spans(_ names: Set<Fault.Name>, margin: Nanoseconds = .zero) -> Spans {
        truth.spans(names, at: [.converter(converter.name), .consumer], margin: margin)
    }

    func violations() -> [String] {
        checkSequence()
        checkNumbers()
        if isPolled { checkPolls() } else { checkComplete() }
        if isStamped { checkTimes() } else if !isPolled { checkArrivals() }
        checkGaps()
        return found.all
    }

    /// What was delivered counts up, and what a full ring refused is counted.
    private func checkSequence() {
        var next: UInt64 = 0
        var missing: UInt64 = 0
        for block in blocks.sorted(by: { $0.sequence < $1.sequence }) {
            require(block.sequence >= next, "scan \(block.sequence) twice")
            if block.sequence > next { missing += block.sequence - next }
            next = block.sequence + UInt64(block.count)
        }
        let refused = gaps.filter { $0.kind == .ringFull }.reduce(UInt64(0)) { $0 + $1.count.known }
        require(refused >= missing, "\(missing) scans refused by the ring, reported: \(refused)")
    }

    /// Nothing is invented and nothing comes twice but what the device said twice.
    private func checkNumbers() {
        let repeats = spans([.duplicatedScans, .stuckADC], margin: converter.period * 40)
        for (before, scan) in zip(scans, scans.dropFirst()) where scan.number <= before.number {
            require(repeats.contains(scan.time.nanoseconds), "\(scan.number) after \(before.number)")
        }
        require(
            isPolled || scans.allSatisfy { $0.number * period <= UInt64(truth.boot.length.count) },
            "scans from after the end")
    }

    /// Each scan is stamped at its trigger.
    private func checkTimes() {
        let stuck = spans([.stuckADC], margin: converter.period * 2)
        let jitter = UInt64(converter.model.trigger.jitter.count)
        for scan in scans {
            let (time, due) = (scan.time.nanoseconds, scan.number * period)
            // A block's times are a straight line between the first and the last of its scans.
            let slack = UInt64(scan.uncertainty.count) + 256
            let isRight = time + slack >= due && time <= due + jitter + slack
            require(
                isRight || stuck.contains(time) && due <= time + slack,
                "scan \(scan.number) is at \(time), due at \(due)")
        }
    }

    /// A scan without a time of its own is where its uncertainty says, once the device delivers each scan once.
    private func checkArrivals() {
        let odd = spans([.stuckADC, .duplicatedScans], margin: .milliseconds(100) + converter.period * 80)
        for scan in scans where !odd.contains(scan.time.nanoseconds) {
            let (time, due) = (scan.time.nanoseconds, scan.number * period)
            let slack = UInt64(scan.uncertainty.count) + UInt64(converter.model.trigger.jitter.count)
            require(
                time <= due + slack && due <= time + slack,
                "scan \(scan.number) is at \(time) within \(scan.uncertainty), due at \(due)")
        }
    }

    /// A polled converter is read at its rate, as long as it is there.
    private func checkPolls() {
        var reported = spans([.slowConsumer, .queueOverflow], margin: .milliseconds(200))
        for gap in gaps { reported.add(gap.from, gap.to, margin: converter.period * 2) }
        for fault in truth.boot.faults where fault.name == .readError || fault.name == .tornStream {
            if fault.place == .converter(converter.name) {
                reported.add(fault.span.from, fault.span.to + .seconds(1), margin: converter.period * 2)
            }
        }
        for (before, scan) in zip(scans, scans.dropFirst()) {
            let pause = (scan.time - before.time).count
            require(
                pause <= Int64(period) * 5 / 2 || reported.overlaps(before.time.nanoseconds, scan.time.nanoseconds),
                "not read for \(pause) ns before \(scan.time)")
        }
        require(scans.count > Int(truth.end / period / 4), "\(scans.count) readings")
    }

    private func checkComplete() {
        var reported = Spans()
        for (index, gap) in gaps.enumerated() {
            let isOpen = gap.kind == .sourceGone
            let closing = isOpen ? gaps[(index + 1)...].first { $0.kind == .sourceBack } : gap
            reported.add(gap.from, closing?.to ?? .distantFuture, margin: converter.period)
        }
        if !isStamped {
            // Cannot be known.
            let faults: Set<Fault.Name> = [.droppedScans, .queueOverflow, .tornStream, .readError, .stuckADC]
            for span in spans(faults, margin: .milliseconds(1_100) + converter.period * 80).all {
                reported.add(Timestamp(nanoseconds: span.from), Timestamp(nanoseconds: span.to))
            }
        }
        for span in spans([.stuckADC], margin: converter.period * 2).all {
            reported.add(Timestamp(nanoseconds: span.from), Timestamp(nanoseconds: span.to))
        }
        var seen = [Bool](repeating: false, count: Int(UInt64(truth.boot.length.count) / period) + 2)
        for scan in scans where scan.number < seen.count { seen[Int(scan.number)] = true }
        // What waits for a read that is whole is given on by a stop, not by a cut.
        let end = truth.end - min(truth.end, period * 2)
        for number in seen.indices where !seen[number] && UInt64(number) * period < end {
            require(reported.contains(UInt64(number) * period), "lost without a gap: scan \(number)")
        }
    }

    /// Every gap has a cause, and missing scans are as many as it says.
    private func checkGaps() {
        for gap in gaps {
            let names: Set<Fault.Name> =
                switch gap.kind {
                case .scansMissing: [.droppedScans, .queueOverflow, .stuckADC]
                case .ringFull: [.slowConsumer]
                case .sourceGone, .sourceBack: [.readError, .tornStream, .queueOverflow, .droppedScans]
                default: []
                }
            let causes = spans(names, margin: .milliseconds(1_200))
            require(
                causes.overlaps(gap.from.nanoseconds, gap.to.nanoseconds), "without a cause: \(gap)")
            guard gap.kind == .scansMissing, let reported = gap.count.known as UInt64?, isStamped else { continue }
            let first = gap.from.nanoseconds / period + 1
            let after = gap.to.nanoseconds / period
            let missing = after > first ? after - first : 0
            let off = max(missing, reported) - min(missing, reported)
            require(off <= max(1, missing / 20), "\(reported) scans reported as missing of \(missing): \(gap)")
        }
        guard !truth.boot.isCut else { return }
        for gap in gaps where truth.recovered < truth.end {
            require(gap.discovered.nanoseconds <= truth.recovered, "reported after all was over: \(gap)")
        }
    }
}
