import TapCore

extension Conformance {
    static let firstLevels = [
        ConformanceCase(name: "the first level of each line is reported and bracketed", needs: .edges) { bench in
            let run = try HandRun.whole(bench, commonPlan(bench))
            let offset = run.rig.stage.info.clock.offsetToMonotonic
            for (number, line) in run.plan.lines.enumerated() {
                let levels = run.recording.levels(of: number)
                try require(
                    levels.map(\.reason) == [.first] && levels[0].isHigh == line.startsHigh,
                    "line \(number) starts \(line.startsHigh ? "high" : "low"), reported: \(levels)")
                let (from, to) = (levels[0].notBefore + offset, levels[0].notAfter + offset)
                try require(
                    run.start <= from && from <= to && to <= run.started,
                    "the bracket \(from)...\(to) is not within the start \(run.start)...\(run.started)")
                let isFirst = run.recording.records.firstIndex {
                    switch $0 {
                    case .edge(let edge): edge.line.index == number
                    case .event(.level(let level)): level.line.index == number
                    default: false
                    }
                }
                try require(
                    isFirst.map { run.recording.records[$0] } == .event(.level(levels[0])),
                    "line \(number) has an edge before its first level")
            }
        }
    ]

    static let order = [
        ConformanceCase(name: "every driven edge is received once with its direction", needs: .edges) { bench in
            try checkEdges(HandRun.whole(bench, commonPlan(bench)), bench)
        },
        ConformanceCase(name: "numbers rise by one on each line", needs: .edges) { bench in
            let run = try HandRun.whole(bench, commonPlan(bench))
            for number in run.plan.lines.indices {
                let edges = run.recording.edges(of: number)
                try require(
                    edges.map(\.sequence) == Array(1...UInt32(max(1, edges.count))),
                    "line \(number): numbers \(edges.map(\.sequence))")
            }
        },
        ConformanceCase(name: "after merge the order is by time and nothing is late", needs: .edges) { bench in
            let records = try HandRun.whole(bench, commonPlan(bench)).recording.records
            for (before, after) in zip(records, records.dropFirst()) {
                try require(before.time <= after.time, "\(after) comes after \(before)")
            }
            for case .edge(let edge) in records {
                try require(!edge.flags.contains(.late), "late: \(Record.edge(edge))")
            }
        },
        ConformanceCase(name: "watermarks come in time and keep their promise", needs: .edges) { bench in
            try checkWatermarks(HandRun.whole(bench, commonPlan(bench), reader: .ring))
        },
        ConformanceCase(name: "two runs give the same", needs: .edges) { bench in
            let first = try HandRun.whole(bench, commonPlan(bench))
            let second = try HandRun.whole(bench, commonPlan(bench))
            let (one, two) = (first.recording.text(from: first.start), second.recording.text(from: second.start))
            if bench.repeatsExactly {
                for (left, right) in zip(one, two) { try require(left == right, "\(left), then \(right)") }
                try require(one.count == two.count, "\(one.count) records, then \(two.count)")
            } else {
                for line in first.plan.lines.indices {
                    let sequences = [first, second].map { $0.recording.edges(of: line).map(\.isRising) }
                    try require(sequences[0] == sequences[1], "line \(line): \(sequences)")
                }
            }
        },
    ]

    /// Each in the past, none missing for longer than promised, and no record before what one has promised.
    static func checkWatermarks(_ run: HandRun) throws {
        let info = run.rig.stage.info
        var promised: Timestamp?
        var last = run.start
        for entry in run.raw.entries where entry.kind != .end {
            if entry.kind == .watermark {
                let mapped = entry.time + info.clock.offsetToMonotonic
                try require(mapped <= entry.seen, "the watermark \(mapped) is in the future at \(entry.seen)")
                try require(
                    mapped - last <= info.longestSilence,
                    "\((mapped - last).count) ns without a watermark, more than \(info.longestSilence.count)")
                last = mapped
                promised = max(promised ?? .zero, entry.time)
            } else if let promised {
                try require(
                    entry.time + info.allowedLateness > promised,
                    "\(entry.kind) of \(entry.time) after the watermark \(promised)")
            }
        }
        try require(
            (run.now - last) <= info.longestSilence, "no watermark in the last \((run.now - last).count) ns")
    }

    /// Directions as driven, each within the bench's latency of its drive.
    static func checkEdges(_ run: HandRun, _ bench: Bench) throws {
        let offset = run.rig.stage.info.clock.offsetToMonotonic
        for number in run.plan.lines.indices {
            let driven = run.driven.filter { $0.drive.line == number }
            let edges = run.recording.edges(of: number)
            try require(
                edges.map(\.isRising) == driven.map(\.drive.isHigh),
                "line \(number) was driven \(driven.count) times, received: \(edges.map { Record.edge($0).text(from: run.start) })"
            )
            for (edge, driven) in zip(edges, driven) {
                let late = edge.time + offset - driven.time
                try require(
                    late >= .zero && late <= bench.latency,
                    "line \(number): the edge driven at \((driven.time - run.start).count) ns is stamped \(late.count) ns later"
                )
            }
            try require(
                run.recording.gaps(of: number).isEmpty, "losses were reported: \(run.recording.gaps(of: number))")
        }
    }
}
