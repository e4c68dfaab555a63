import TapCore

extension Conformance {
    static let endings = [
        ConformanceCase(name: "the end comes last", needs: []) { bench in
            let run = try HandRun.whole(bench, commonPlan(bench), reader: .ring)
            try require(run.wake == .ended, "it wants \(run.wake)")
            let ends = run.raw.entries.indices.filter { run.raw.entries[$0].kind == .end }
            try require(
                ends == [run.raw.entries.count - 1], "of \(run.raw.entries.count) records these are ends: \(ends)")
        },
        ConformanceCase(name: "a stopped source ends once", needs: []) { bench in
            let run = try HandRun.whole(bench, commonPlan(bench))
            try require(run.wake == .ended && run.finishes == 1, "\(run.wake), \(run.finishes) ends")
            let records = run.recording.records.count
            run.drain()
            try require(
                run.recording.records.count == records && run.finishes == 1,
                "\(run.recording.records.count - records) records after the end, \(run.finishes) ends")
        },
        ConformanceCase(name: "stop ends with what was queued", needs: .edges) { bench in
            let unit = bench.spacing
            let plan = Plan(
                [
                    Plan.Line(pulses: 4, first: unit * 10, width: unit, spacing: unit * 2),
                    Plan.Line(pulses: 1, first: unit * 12, width: unit * 3, spacing: unit * 9),
                ], length: unit * 30)
            let run = HandRun(try bench.make(plan), plan)
            run.begin()
            run.go(to: unit * 5)
            run.go(to: unit * 20, isStepping: false)
            run.finish()
            try checkEdges(run, bench)
        },
        ConformanceCase(name: "a full ring does not keep the end from coming", needs: .edges) { bench in
            let unit = bench.spacing
            var plan = Plan(
                [Plan.Line(pulses: 200, first: unit * 10, width: unit, spacing: unit * 2)], length: unit * 420)
            plan.ring = RecordWriter.minimumCapacity
            let run = HandRun(try bench.make(plan), plan)
            run.begin()
            run.go(to: plan.length, isDraining: false)
            run.finish()
            try require(run.wake == .ended && run.finishes == 1, "\(run.wake), \(run.finishes) ends")
            let (received, reported) = (run.recording.edges(of: 0).count, run.recording.reported(of: 0))
            try require(received + reported == 400, "\(received) received and \(reported) reported of 400")
        },
    ]
}
