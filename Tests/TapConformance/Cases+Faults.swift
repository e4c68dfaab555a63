import TapCore

extension Conformance {
    static let storms = [
        ConformanceCase(name: "a storm is muted, reported and resumed", needs: [.edges, .mutes]) { bench in
            let unit = bench.spacing
            // 200 changes without a pause, then four after a rest; a neighbour that changes all the time.
            var plan = Plan(
                [
                    Plan.Line(pulses: 100, first: unit * 10, width: unit, spacing: unit * 2),
                    Plan.Line(pulses: 12, first: unit * 15, width: unit * 20, spacing: unit * 50),
                ], length: unit * 700)
            // A fifth of what the first line does, and more than its neighbour does.
            plan.stormLimit_hz = Int(1_000_000_000 / unit.count / 5)
            plan.muteFor = unit * 300
            let run = try HandRun.whole(bench, plan)
            let gaps = run.recording.gaps(of: 0, .muted)
            try require(gaps.count == 2, "reported \(gaps.count) times: when it begins, and when it is over: \(gaps)")
            try require(
                gaps[0].from == gaps[1].from && gaps[0].to == .distantFuture && gaps[1].to < .distantFuture,
                "the span: \(gaps)")
            try require(
                gaps[1].to - gaps[1].from >= plan.muteFor, "muted for \((gaps[1].to - gaps[1].from).count) ns only")
            let reasons = run.recording.levels(of: 0).map(\.reason)
            try require(
                reasons.first == .first && reasons.last == .resumed && reasons.dropFirst().dropLast().contains(.muted)
                    && reasons.dropFirst().dropLast().allSatisfy { $0 == .muted },
                "levels: first, polled while muted, resumed; reported: \(reasons)")
            let edges = run.recording.edges(of: 0)
            try require(
                edges.allSatisfy { $0.time <= gaps[1].from + bench.latency || $0.time >= gaps[1].to },
                "edges while it was muted")
            try require(edges.count < 200, "all edges came: the case does not test")
            let others = run.recording.edges(of: 1).map(\.isRising)
            try require(
                others == plan.drives(of: 1).map(\.isHigh) && run.recording.gaps(of: 1).isEmpty,
                "the neighbour: \(others.count) of 24 edges, \(run.recording.gaps(of: 1))")
        },
        ConformanceCase(name: "a line that was muted is captured again", needs: [.edges, .mutes]) { bench in
            let unit = bench.spacing
            // Edges 1 to 200 are the storm; the pulse at 600 comes when the line is quiet and listened to again.
            var plan = Plan(
                [Plan.Line(pulses: 100, first: unit * 10, width: unit, spacing: unit * 2)], length: unit * 700)
            plan.stormLimit_hz = Int(1_000_000_000 / unit.count / 5)
            plan.muteFor = unit * 300
            let run = HandRun(try bench.make(plan), plan)
            run.begin()
            run.go(to: unit * 600)
            let before = run.recording.edges(of: 0).count
            for isHigh in [true, false] {
                run.rig.wires?.drive(0, high: isHigh)
                run.go(to: unit * (isHigh ? 620 : 700))
            }
            run.finish()
            let after = run.recording.edges(of: 0).dropFirst(before)
            try require(
                after.map(\.isRising) == [true, false] && after.allSatisfy { !$0.flags.contains(.missedBefore) },
                "after the mute: \(after.map { Record.edge($0).text(from: run.start) })")
        },
    ]

    static let returns = [
        ConformanceCase(
            name: "a chip that goes is reported, and is taken up again when it is back", needs: [.edges, .returns]
        ) {
            bench in
            let unit = bench.spacing
            let plan = Plan(
                [
                    Plan.Line(pulses: 2, first: unit * 10, width: unit * 3, spacing: unit * 6),
                    Plan.Line(pulses: 1, first: unit * 10, width: unit * 3, spacing: unit * 6),
                ], length: unit * 50)
            let run = HandRun(try bench.make(plan), plan)
            run.begin()
            run.go(to: plan.length)
            let unplugged = run.now
            run.rig.wires?.unplug()
            run.go(to: plan.length + .seconds(3))
            run.rig.wires?.plugIn()
            let plugged = run.now
            run.go(to: plan.length + .seconds(6))
            let before = plan.lines.indices.map { run.recording.edges(of: $0).count }
            for isHigh in [true, false] {
                for line in plan.lines.indices { run.rig.wires?.drive(line, high: isHigh) }
                run.go(to: plan.length + .seconds(isHigh ? 7 : 8))
            }
            run.finish()
            for line in plan.lines.indices {
                let gaps = run.recording.gaps(of: line)
                try require(
                    gaps.map(\.kind) == [.sourceGone, .sourceBack] && gaps[0].from == gaps[1].from
                        && gaps[0].to == .distantFuture,
                    "line \(line): \(gaps)")
                try require(
                    gaps[1].from <= unplugged && gaps[1].to >= plugged && gaps[1].to - plugged <= .seconds(2),
                    "line \(line): it was gone from \(unplugged) to \(plugged), reported: \(gaps[1])")
                let levels = run.recording.levels(of: line)
                try require(
                    levels.map(\.reason) == [.first, .resumed] && levels.allSatisfy { !$0.isHigh },
                    "line \(line): \(levels)")
                let edges = run.recording.edges(of: line).dropFirst(before[line])
                try require(
                    edges.map(\.isRising) == [true, false] && edges.map(\.sequence) == [1, 2],
                    "line \(line), after it is back: \(edges.map { Record.edge($0).text(from: run.start) })")
            }
        }
    ]
}
