import TapCore

extension Conformance {
    static let scans = [
        ConformanceCase(name: "scans are numbered as they come, and their times rise", needs: .scans) { bench in
            let scans = try wholeScans(bench, 300).scans
            for (before, after) in zip(scans, scans.dropFirst()) {
                try require(after.sequence == before.sequence + 1, "\(after.sequence) comes after \(before.sequence)")
                try require(after.time > before.time, "\(after.time) comes after \(before.time)")
            }
        },
        ConformanceCase(name: "each scan is what the device measured, one period after the last", needs: .scans) {
            bench in
            let run = try wholeScans(bench, 300)
            try require(run.gaps.isEmpty, "losses: \(run.gaps)")
            try checkContents(run, bench)
        },
        ConformanceCase(name: "scans received and losses reported are what was taken", needs: .scans) { bench in
            let (run, scan) = (try wholeScans(bench, 300), try scanBench(bench))
            let first = run.scans[0].time
            let taken = rounded(run.scans[run.scans.count - 1].time - first, scan.period) + 1
            try require(run.scans.count + run.reported == taken, "\(run.scans.count) + \(run.reported) of \(taken)")
            try require(run.scans.count >= 150, "\(run.scans.count) scans in the time of 300")
        },
        ConformanceCase(
            name: "missing scans are reported where they are missing", needs: [.scans, .findsMissingScans]
        ) { try checkMissing($0) },
        ConformanceCase(name: "a full ring reports exactly which scans it refused", needs: .scans) { bench in
            let run = try fullRing(bench)
            try require(run.reported > 0, "the smallest ring refused nothing: the case does not test")
            try require(
                run.gaps.allSatisfy { $0.kind == .ringFull && $0.count == .exactly($0.count.known) }, "\(run.gaps)")
            guard let last = run.scans.last else { throw Violation("no scans") }
            try require(
                run.scans.count + run.reported == Int(last.sequence) + 1,
                "\(run.scans.count) received and \(run.reported) reported of \(last.sequence + 1)")
            try require(run.items.last?.scan != nil, "once there was room again, scans did not go on")
        },
        ConformanceCase(name: "a full ring of scans does not keep the end from coming", needs: .scans) { bench in
            var plan = try scanPlan(bench, 700)
            plan.ring = RecordWriter.minimumCapacity
            let run = HandRun(try bench.make(plan), plan)
            run.begin()
            run.go(to: plan.length, isDraining: false)
            run.finish()
            try require(run.wake == .ended && run.finishes == 1, "\(run.wake), \(run.finishes) ends")
        },
        ConformanceCase(
            name: "where time can wait, the smallest ring loses no scan", needs: [.scans, .waitsForRoom]
        ) { bench in
            var plan = try scanPlan(bench, 1_000)
            plan.ring = RecordWriter.minimumCapacity
            plan.whenFull = .wait
            let rig = try bench.make(plan)
            let merge = MergeStage([MergeInput(rig.takeConsumer(), of: rig.stage.info)], into: RecordCollector())
            StepDriver(clock: VirtualClock(), sources: [rig.stage], consumers: [merge]).run(until: .zero + plan.length)
            let run = ScanRun(merge.withSink { $0.recording }, rig.stage.info)
            try require(run.gaps.isEmpty && run.scans.count == 1_001, "\(run.scans.count) of 1001, \(run.gaps)")
            try checkContents(run, bench)
        },
        ConformanceCase(name: "after merge, scans are in order and none is late", needs: .scans) { bench in
            let records = try wholeScans(bench, 300).recording.records
            for (before, after) in zip(records, records.dropFirst()) {
                try require(before.time <= after.time, "\(after) comes after \(before)")
            }
            for case .scans(let block, _) in records { try require(!block.isLate, "late: \(block)") }
        },
        ConformanceCase(name: "watermarks of scans come in time and keep their promise", needs: .scans) { bench in
            try checkWatermarks(HandRun.whole(bench, scanPlan(bench, 300), reader: .ring))
        },
        ConformanceCase(name: "two runs give the same scans", needs: [.scans, .waitsForRoom]) { bench in
            let texts = try (0..<2).map { _ in try wholeScans(bench, 300).recording.text(from: .zero) }
            try require(texts[0] == texts[1], "\(texts[0].count) records, then \(texts[1].count), not the same")
        },
        ConformanceCase(name: "stop ends with the scans that were taken", needs: [.scans, .waitsForRoom]) { bench in
            let plan = try scanPlan(bench, 300)
            let run = HandRun(try bench.make(plan), plan)
            run.begin()
            run.go(to: try scanBench(bench).period * 7)
            run.go(to: plan.length, isStepping: false)
            run.finish()
            let scans = ScanRun(run.recording, run.rig.stage.info)
            try require(scans.scans.count == 301 && scans.gaps.isEmpty, "\(scans.scans.count) of 301, \(scans.gaps)")
        },
        ConformanceCase(name: "on threads, scans come whole and once", needs: .scans) { bench in
            let plan = try scanPlan(bench, 300)
            let rig = try bench.make(plan)
            try rig.stage.open(at: bench.realClock.now())
            let merge = MergeStage([MergeInput(rig.takeConsumer(), of: rig.stage.info)], into: RecordCollector())
            let idle = DrivingStage(plan, nil)
            let driver = ThreadDriver(
                clock: bench.realClock, sources: [.init("capture", [rig.stage]), .init("wires", [idle])],
                consumers: [.init("merge", [merge])])
            idle.whenDone = driver.stop
            driver.run()
            try require(rig.stage.failure == nil, "it failed: \(rig.stage.failure.map(\.description) ?? "")")
            let run = ScanRun(merge.withSink { $0.recording }, rig.stage.info)
            try require(run.gaps.isEmpty && run.scans.count >= 150, "\(run.scans.count) scans, \(run.gaps)")
            try checkContents(run, bench)
            try require(merge.withSink { $0.finishes } == 1, "it did not end once")
        },
    ]

    private static func scanBench(_ bench: Bench) throws -> ScanBench {
        guard let scan = bench.scans else { throw Violation("the bench does not say what its device measures") }
        return scan
    }

    private static func scanPlan(_ bench: Bench, _ count: Int64) throws -> Plan {
        Plan([], length: try scanBench(bench).period * count)
    }

    private static func wholeScans(_ bench: Bench, _ count: Int64) throws -> ScanRun {
        let run = try HandRun.whole(bench, scanPlan(bench, count))
        let scans = ScanRun(run.recording, run.rig.stage.info)
        try require(!scans.scans.isEmpty, "no scans: \(run.rig.stage.failure.map(\.description) ?? "nothing failed")")
        return scans
    }

    private static func fullRing(_ bench: Bench) throws -> ScanRun {
        var plan = try scanPlan(bench, 1_000)
        plan.ring = RecordWriter.minimumCapacity
        let run = HandRun(try bench.make(plan), plan)
        run.begin()
        run.go(to: try scanBench(bench).period * 700, isDraining: false)
        run.go(to: plan.length)
        run.finish()
        return ScanRun(run.recording, run.rig.stage.info)
    }

    private static func rounded(_ span: Nanoseconds, _ period: Nanoseconds) -> Int {
        Int((Double(span.count) / Double(period.count)).rounded())
    }

    /// Between two scans without a loss lies one period, and what they hold fits.
    private static func checkContents(_ run: ScanRun, _ bench: Bench) throws {
        let scan = try scanBench(bench)
        var before: ScanRun.Scan?
        for item in run.items {
            guard let next = item.scan else {
                before = nil
                continue
            }
            if case .constants(let constants) = scan.samples {
                try require(next.samples == constants, "scan \(next.sequence) holds \(next.samples)")
            }
            if let before {
                let off = (next.time - before.time) - scan.period
                try require(
                    off.count.magnitude <= scan.tolerance.count.magnitude,
                    "scan \(next.sequence) comes \((next.time - before.time).count) ns after the one before")
                if case .number(let number) = scan.samples {
                    try require(
                        number(next.samples) == number(before.samples) + 1,
                        "scan \(next.sequence) holds \(next.samples) after \(before.samples)")
                }
            }
            before = next
        }
    }

    private static func checkMissing(_ bench: Bench) throws {
        let scan = try scanBench(bench)
        var plan = try scanPlan(bench, 400)
        if case .planned = scan.loss { plan.missing = 120..<137 }
        let run = HandRun(try bench.make(plan), plan)
        run.begin()
        if case .unstepped(let span) = scan.loss {
            run.go(to: scan.period * 100)
            run.go(to: scan.period * 100 + span, isStepping: false)
            run.go(to: scan.period * 400 + span)
        } else {
            run.go(to: plan.length)
        }
        run.finish()
        let scans = ScanRun(run.recording, run.rig.stage.info)
        try require(
            !scans.gaps.isEmpty && scans.gaps.allSatisfy { $0.kind == .scansMissing }, "losses: \(scans.gaps)")
        try checkContents(scans, bench)
        for (index, item) in scans.items.enumerated() {
            guard case .gap(let gap) = item else { continue }
            guard index > 0, index + 1 < scans.items.count, let before = scans.items[index - 1].scan,
                let after = scans.items[index + 1].scan
            else { throw Violation("a loss that is not between scans: \(gap)") }
            let lost = rounded(after.time - before.time, scan.period) - 1
            try require(gap.count == .about(UInt64(lost)) && lost > 0, "\(lost) are missing, reported: \(gap.count)")
            let slack = scan.tolerance
            try require(
                before.time - slack <= gap.from && gap.to <= after.time + slack, "the span of \(gap)")
            if case .number(let number) = scan.samples {
                try require(
                    number(after.samples) == number(before.samples) + lost + 1,
                    "\(lost) reported between \(before.samples) and \(after.samples)")
            }
        }
        if case .planned = scan.loss { try require(scans.reported == 17, "17 were lost, reported: \(scans.reported)") }
    }
}

/// What was recorded of one device, scan by scan.
struct ScanRun {
    struct Scan {
        var sequence: UInt64
        var time: Timestamp
        var samples: [Int64]
    }
    enum Item {
        case scan(Scan)
        case gap(Gap)
        var scan: Scan? { if case .scan(let scan) = self { scan } else { nil } }
    }

    var recording: Recording
    var items: [Item] = []
    var scans: [Scan] { items.compactMap(\.scan) }
    var gaps: [Gap] { recording.gaps }
    /// Of all losses, what is counted.
    var reported: Int { gaps.reduce(0) { $0 + Int($1.count.known) } }

    init(_ recording: Recording, _ info: SourceInfo) {
        self.recording = recording
        for record in recording.records {
            switch record {
            case .event(.gap(let gap)): items.append(.gap(gap))
            case .scans(let block, let bytes):
                for scan in 0..<block.count {
                    let samples = info.devices[0].channels.map { channel in
                        // The bytes are lent for the call.
                        unsafe bytes.withUnsafeBytes {
                            unsafe channel.format.sample(
                                in: $0.bytes, at: scan * block.bytesPerScan + channel.byteOffset)
                        }
                    }
                    items.append(
                        .scan(
                            Scan(
                                sequence: block.sequence + UInt64(scan),
                                time: block.firstTime + block.period * Int64(scan), samples: samples)))
                }
            case .edge, .event: break
            }
        }
    }
}
