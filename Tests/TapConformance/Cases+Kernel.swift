import TapCore

/// What every kernel does between wires and reader, the real one and the simulated one alike.
extension Conformance {
    static let kernelQueues = [
        ConformanceCase(
            name: "a full kernel queue drops its oldest, and the gap counts them", needs: [.edges, .countsQueueLoss],
            isOfKernel: true
        ) { bench in
            let unit = bench.spacing
            var plan = Plan(
                [
                    Plan.Line(pulses: 750, first: unit * 5, width: unit, spacing: unit * 2),
                    Plan.Line(pulses: 2, first: unit * 301, width: unit * 400, spacing: unit * 700),
                ], length: unit * 1_520)
            plan.ring = 1 << 13
            let run = HandRun(try bench.make(plan), plan)
            run.begin()
            run.go(to: plan.length, isStepping: false)
            run.go(for: .milliseconds(20))
            run.finish()
            let edges = run.recording.edges(of: 0)
            try require(
                edges.map(\.sequence) == Array(477...1_500),
                "the last 1,024 of 1,500 survive, got \(edges.count) from \(edges.first?.sequence ?? 0) on")
            try require(
                edges[0].flags.contains(.missedBefore)
                    && edges.dropFirst().allSatisfy { $0.flags.isSubset(of: [.rising, .late]) },
                "the first survivor and no other comes after a loss")
            let gaps = run.recording.gaps(of: 0)
            try require(
                gaps.map(\.kind) == [.kernelQueueOverflow] && gaps[0].count == .exactly(476)
                    && gaps[0].to == edges[0].time, "\(gaps)")
            let from = gaps[0].from + run.rig.stage.info.clock.offsetToMonotonic
            try require(run.start <= from && from <= run.started, "the gap begins at \(from), not at the start")
            let others = run.recording.edges(of: 1).map(\.isRising)
            try require(
                others == [true, false, true, false] && run.recording.gaps(of: 1).isEmpty,
                "the line beside it: \(others), \(run.recording.gaps(of: 1))")
        },
        ConformanceCase(
            name: "after an overflow numbers go on and nothing more is reported", needs: [.edges, .countsQueueLoss],
            isOfKernel: true
        ) { bench in
            let unit = bench.spacing
            var plan = Plan(
                [Plan.Line(pulses: 600, first: unit * 5, width: unit, spacing: unit * 2)], length: unit * 1_250)
            plan.ring = 1 << 13
            let run = HandRun(try bench.make(plan), plan)
            run.begin()
            // Past the queue's 1,024 after 1,029 units, with 1,150 changes.
            run.go(to: unit * 1_154, isStepping: false)
            run.go(to: plan.length)
            run.finish()
            let edges = run.recording.edges(of: 0)
            let (received, reported) = (edges.count, run.recording.reported(of: 0))
            try require(received + reported == 1_200, "\(received) received and \(reported) reported of 1200")
            try require(reported > 0 && run.recording.gaps(of: 0).count == 1, "\(run.recording.gaps(of: 0))")
            try require(edges.last?.sequence == 1_200, "the last is #\(edges.last?.sequence ?? 0)")
        },
        ConformanceCase(
            name: "a reader that comes late takes a queue for no storm", needs: [.edges, .mutes], isOfKernel: true
        ) { bench in
            let unit = bench.spacing
            var plan = Plan(
                [Plan.Line(pulses: 250, first: unit * 2, width: unit * 2, spacing: unit * 4)], length: unit * 1_010)
            // A quarter of what a reader would see at once, twice of what the line does.
            plan.stormLimit_hz = Int(1_000_000_000 / unit.count)
            let run = HandRun(try bench.make(plan), plan)
            run.begin()
            run.go(to: plan.length, isStepping: false)
            run.go(for: .milliseconds(20))
            run.finish()
            try require(
                run.recording.edges(of: 0).count == 500 && run.recording.gaps.isEmpty,
                "\(run.recording.edges(of: 0).count) of 500, \(run.recording.gaps)")
        },
    ]

    static let kernelInterrupts = [
        ConformanceCase(
            name: "changes closer than the interrupt merge as measured", needs: .edges, isOfKernel: true
        ) { bench in
            guard let kernel = bench.kernel, kernel.tick == .milliseconds(1) else { return }
            // docs/silent-losses.md: 200 changes of one line. Each sleep there took 50 us longer than asked.
            let table: [(spacing: Int64, received: Int, reported: Int)] = [
                (0, 1, 1), (100, 30, 10), (250, 60, 20), (500, 110, 90), (1_000, 200, 0), (2_000, 200, 0),
            ]
            for row in table {
                let plan = Plan([Plan.Line()], length: .seconds(3_600))
                let run = HandRun(try bench.make(plan), plan)
                run.begin()
                let slack = row.spacing == 0 ? .zero : .microseconds(50) - kernel.slack
                for toggle in 0..<200 {
                    run.drive(0, high: toggle % 2 == 0)
                    run.go(for: .microseconds(row.spacing) + slack)
                }
                run.go(for: .milliseconds(200))
                run.finish()
                let (received, reported) = (run.recording.edges(of: 0).count, run.recording.reported(of: 0))
                try require(
                    received == row.received && reported == row.reported,
                    "\(row.spacing) us apart: \(received) received, \(reported) reported; measured: \(row.received), \(row.reported)"
                )
            }
        },
        ConformanceCase(
            name: "a pulse shorter than the tick is one event of its end, or none at all", needs: .edges,
            isOfKernel: true
        ) { bench in
            guard let kernel = bench.kernel, kernel.tick > .zero else { return }
            let plan = Plan([Plan.Line(), Plan.Line()], length: .seconds(3_600))
            let run = HandRun(try bench.make(plan), plan)
            run.begin()
            run.go(for: .milliseconds(20))
            for isHigh in [true, false] { run.drive(0, high: isHigh) }
            run.go(for: .milliseconds(20))
            // Up for good, with a pulse before that nobody sees.
            for isHigh in [true, false, true] { run.drive(1, high: isHigh) }
            run.go(for: .milliseconds(2_000))
            run.finish()
            let edges = run.recording.edges(of: 0)
            try require(
                edges.map(\.isRising) == [false] && edges.map(\.flags) == [.missedBefore],
                "\(edges.map { Record.edge($0).text(from: run.start) })")
            try require(
                run.recording.gaps(of: 0).map(\.kind) == [.repeatedPolarity]
                    && run.recording.gaps(of: 0).map(\.count) == [.atLeast(1)], "\(run.recording.gaps(of: 0))")
            try require(
                run.recording.edges(of: 1).map(\.isRising) == [true] && run.recording.gaps(of: 1).isEmpty,
                "\(run.recording.edges(of: 1).count) edges, \(run.recording.gaps(of: 1))")
        },
        ConformanceCase(
            name: "lines that change between two ticks carry one stamp, in the order of lines", needs: .edges,
            isOfKernel: true
        ) { bench in
            guard let kernel = bench.kernel, kernel.tick > .zero else { return }
            let plan = Plan([Plan.Line(), Plan.Line(), Plan.Line()], length: .seconds(3_600))
            let run = HandRun(try bench.make(plan), plan)
            run.begin()
            run.go(for: .milliseconds(20))
            for line in [2, 0, 1] { run.drive(line, high: true) }
            run.go(for: .milliseconds(20))
            run.finish()
            let edges = (0..<3).flatMap { run.recording.edges(of: $0) }
            try require(
                edges.count == 3 && Set(edges.map(\.time)).count == 1,
                "\(edges.map { Record.edge($0).text(from: run.start) })")
        },
        ConformanceCase(
            name: "a level whose edge is under way is no disagreement", needs: [.edges, .readsLevels], isOfKernel: true
        ) { bench in
            var plan = Plan([Plan.Line()], length: .seconds(3_600))
            plan.rereadEvery = .milliseconds(1)
            let run = HandRun(try bench.make(plan), plan)
            run.begin()
            for toggle in 0..<40 {
                run.drive(0, high: toggle % 2 == 0)
                run.stepAgain()
                run.go(for: bench.spacing * 2)
            }
            run.go(for: .milliseconds(200))
            run.finish()
            try require(
                run.recording.edges(of: 0).count == 40 && run.recording.gaps.isEmpty
                    && run.recording.levels(of: 0).map(\.reason) == [.first],
                "\(run.recording.edges(of: 0).count) of 40, \(run.recording.gaps)")
        },
    ]
}
