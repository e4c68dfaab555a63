import TapCore

extension Conformance {
    static let accounting = [
        ConformanceCase(name: "edges received and losses reported are what was driven", needs: .edges) { bench in
            let run = try HandRun.whole(bench, commonPlan(bench))
            for line in run.plan.lines.indices {
                let (received, reported) = (run.recording.edges(of: line).count, run.recording.reported(of: line))
                let driven = run.plan.drives(of: line).count
                try require(received + reported == driven, "line \(line): \(received) + \(reported) of \(driven)")
            }
            try require(run.recording.gaps.isEmpty, "a loss was reported without need: \(run.recording.gaps)")
        },
        ConformanceCase(name: "a full ring reports exactly what it refused, by line", needs: .edges) { bench in
            try checkFullRing(bench)
        },
        ConformanceCase(
            name: "where time can wait, the smallest ring loses nothing", needs: [.edges, .waitsForRoom]
        ) { bench in
            var plan = busyPlan(bench)
            plan.whenFull = .wait
            let rig = try bench.make(plan)
            let merge = MergeStage([MergeInput(rig.takeConsumer(), of: rig.stage.info)], into: RecordCollector())
            StepDriver(clock: VirtualClock(), sources: [rig.stage], consumers: [merge]).run(until: .zero + plan.length)
            let recording = merge.withSink { $0.recording }
            for line in plan.lines.indices {
                try require(
                    recording.edges(of: line).map(\.isRising) == plan.drives(of: line).map(\.isHigh),
                    "line \(line): \(recording.edges(of: line).count) of \(plan.drives(of: line).count)")
            }
            try require(recording.gaps.isEmpty, "losses: \(recording.gaps)")
        },
    ]

    /// More on one line than the smallest ring holds, a little on another.
    private static func busyPlan(_ bench: Bench) -> Plan {
        let unit = bench.spacing
        var plan = Plan(
            [
                Plan.Line(pulses: 200, first: unit * 10, width: unit, spacing: unit * 2),
                Plan.Line(pulses: 4, first: unit * 15, width: unit * 40, spacing: unit * 100),
            ], length: unit * 450)
        plan.ring = RecordWriter.minimumCapacity
        return plan
    }

    private static func checkFullRing(_ bench: Bench) throws {
        let plan = busyPlan(bench)
        let run = HandRun(try bench.make(plan), plan)
        run.begin()
        run.go(to: bench.spacing * 360, isDraining: false)
        run.go(to: plan.length)
        run.finish()
        var refused = 0
        for line in plan.lines.indices {
            let (edges, gaps) = (run.recording.edges(of: line), run.recording.gaps(of: line))
            let reported = run.recording.reported(of: line)
            refused += reported
            try require(
                edges.count + reported == run.plan.drives(of: line).count,
                "line \(line): \(edges.count) received and \(reported) reported of \(run.plan.drives(of: line).count)")
            for gap in gaps {
                try require(
                    gap.kind == .ringFull && gap.count == .exactly(gap.count.known), "line \(line): reported as \(gap)")
            }
            let numbers = Set(edges.map(\.sequence))
            for (index, drive) in run.driven.filter({ $0.drive.line == line }).enumerated()
            where !numbers.contains(UInt32(index + 1)) {
                let slack = bench.latency
                let time = drive.time - run.rig.stage.info.clock.offsetToMonotonic
                try require(
                    gaps.contains { $0.from <= time + slack && time <= $0.to },
                    "line \(line): edge \(index + 1) is missing, and no gap spans its time")
            }
        }
        for line in plan.lines.indices where !run.recording.gaps(of: line).isEmpty {
            let (edge, level) = (run.recording.edges(of: line).last, run.recording.levels(of: line).last)
            let isEdgeLater = (edge?.time ?? .zero) > (level?.notAfter ?? .zero)
            try require(
                (isEdgeLater ? edge?.isRising : level?.isHigh) == run.plan.drives(of: line).last?.isHigh,
                "line \(line): what is known of its level at the end is not what it is")
        }
        try require(refused > 0, "the ring of \(plan.ring) cells refused nothing: the case does not test")
        try require(
            run.recording.edges(of: 0).last?.sequence == UInt32(run.plan.drives(of: 0).count),
            "once there was room again, edges did not go on")
    }
}
