import TapCore

/// How a line is asked for, and what comes of it.
extension Conformance {
    static let kernelRequests = [
        ConformanceCase(
            name: "the first level is that at the request, and edges before it are none", needs: .edges,
            isOfKernel: true
        ) { bench in
            let plan = Plan([Plan.Line(), Plan.Line()], length: .milliseconds(50))
            let run = HandRun(try bench.make(plan), plan)
            for toggle in 0..<5 {
                run.drive(1, high: toggle % 2 == 0)
                run.rest(bench.spacing)
            }
            run.begin()
            run.go(to: plan.length)
            run.finish()
            try require(
                run.recording.records.count == 2 && run.recording.levels(of: 0).map(\.isHigh) == [false]
                    && run.recording.levels(of: 1).map(\.isHigh) == [true],
                "\(run.recording.text(from: run.start))")
        },
        ConformanceCase(name: "active-low turns levels and edges around", needs: .edges, isOfKernel: true) { bench in
            let run = try pulses(bench, LineOptions(isActiveLow: true), 1)
            try require(
                run.recording.levels(of: 0).map(\.isHigh) == [true]
                    && run.recording.edges(of: 0).map(\.isRising) == [false, true] && run.recording.gaps.isEmpty,
                "\(run.recording.text(from: run.start))")
        },
        ConformanceCase(
            name: "one direction alone is received if asked for", needs: .edges, isOfKernel: true
        ) { bench in
            for (edges, isActiveLow) in [(LineOptions.Edges.rising, false), (.falling, false), (.rising, true)] {
                let run = try pulses(bench, LineOptions(isActiveLow: isActiveLow, edges: edges), 3)
                let received = run.recording.edges(of: 0)
                try require(
                    received.map(\.isRising) == Array(repeating: edges == .rising, count: 3)
                        && received.map(\.sequence) == [1, 2, 3] && run.recording.gaps.isEmpty,
                    "\(edges) active-low \(isActiveLow): \(run.recording.text(from: run.start))")
            }
        },
        ConformanceCase(
            name: "the kernel's debounce keeps short pulses away and stamps when it settles", needs: .edges,
            isOfKernel: true
        ) { bench in
            var plan = Plan([Plan.Line()], length: .seconds(3_600))
            plan.lines[0].options.debounce = .milliseconds(20)
            let run = HandRun(try bench.make(plan), plan)
            run.begin()
            var last = run.now
            for isHigh in [true, false, true, false, true] {
                last = run.now
                run.drive(0, high: isHigh)
                run.go(for: .milliseconds(6))
            }
            run.go(for: .milliseconds(100))
            run.drive(0, high: false)
            run.go(for: .milliseconds(2_000))
            run.finish()
            let edges = run.recording.edges(of: 0)
            try require(
                edges.map(\.isRising) == [true, false] && run.recording.gaps.isEmpty,
                "\(run.recording.text(from: run.start))")
            let settled = edges[0].time + run.rig.stage.info.clock.offsetToMonotonic - last
            try require(
                (.milliseconds(16)...Nanoseconds.milliseconds(22)).contains(settled),
                "stamped \(settled.count) ns after the last change")
        },
        ConformanceCase(name: "stamps are of the realtime clock if asked for", needs: .edges, isOfKernel: true) {
            bench in
            var plan = commonPlan(bench)
            plan.isRealtime = true
            let run = HandRun(try bench.make(plan), plan)
            run.begin()
            run.go(to: plan.length)
            run.finish()
            let info = run.rig.stage.info
            try require(info.clock.kind == .realtime, "\(info.clock)")
            for line in plan.lines.indices {
                let edges = run.recording.edges(of: line)
                // After 2020, as a date.
                try require(
                    edges.count == plan.drives(of: line).count
                        && edges.allSatisfy { $0.time.nanoseconds > 1_577_836_800_000_000_000 },
                    "line \(line): \(edges.map { Record.edge($0).text(from: .zero) })")
            }
            try require(run.recording.gaps.isEmpty, "\(run.recording.gaps)")
        },
        ConformanceCase(name: "a line in use is refused with who has it", needs: .edges, isOfKernel: true) { bench in
            let plan = Plan([Plan.Line(), Plan.Line(), Plan.Line()], length: .zero)
            let failure = try failure(bench, plan) { try $0.hold(2, as: "plc-gateway") }
            try require(
                failure?.kind == .busy && failure?.what == "is in use by 'plc-gateway'"
                    && failure?.subject.hasPrefix("line 'L2' (") == true
                    && failure?.subject.hasSuffix(" offset 2)") == true,
                "\(failure.map(\.description) ?? "it started")")
        },
        ConformanceCase(
            name: "a line past the end of its chip is reported with the chip's size", needs: .edges, isOfKernel: true
        ) { bench in
            var plan = Plan([Plan.Line(), Plan.Line()], length: .zero)
            plan.lines[1].offset = 9
            let failure = try failure(bench, plan) { _ in }
            try require(
                failure?.kind == .notFound && failure?.what.hasPrefix("is past the end of chip '") == true
                    && failure?.what.hasSuffix("', which has 2 lines") == true,
                "\(failure.map(\.description) ?? "it started")")
        },
        ConformanceCase(
            name: "a chip that is not there is reported as not on this machine", needs: [.edges, .returns],
            isOfKernel: true
        ) { bench in
            let failure = try failure(bench, Plan([Plan.Line()], length: .zero)) { $0.unplug() }
            try require(
                failure?.kind == .notFound && failure?.what == "is not on this machine",
                "\(failure.map(\.description) ?? "it started")")
        },
    ]

    /// So many pulses on a line, each edge with time to be distinguished, then a rest.
    private static func pulses(_ bench: Bench, _ options: LineOptions, _ count: Int) throws -> HandRun {
        let unit = bench.spacing
        var plan = Plan(
            [Plan.Line(pulses: count, first: unit * 5, width: unit * 2, spacing: unit * 4)],
            length: unit * 20 + .seconds(2))
        plan.lines[0].options = options
        let run = HandRun(try bench.make(plan), plan)
        run.begin()
        run.go(to: plan.length)
        run.finish()
        return run
    }

    /// Why a source does not start; nil: it does.
    private static func failure(
        _ bench: Bench, _ plan: Plan, _ prepare: (any Wires) throws -> Void
    ) throws -> TapError? {
        let rig = try bench.make(plan)
        if let wires = rig.wires { try prepare(wires) }
        let run = HandRun(rig, plan)
        run.begin()
        run.finish()
        try require(run.finishes == 1, "\(run.finishes) ends")
        return rig.stage.failure
    }
}
