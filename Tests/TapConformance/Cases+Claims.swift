import TapCore

extension Conformance {
    static let claims = [
        ConformanceCase(name: "each claim is received once, in order of time", needs: .claims) { bench in
            let run = try HandRun.whole(bench, claimPlan(bench, 300))
            try checkNumbers(run, bench, claims: 301)
            for (before, after) in zip(run.recording.records, run.recording.records.dropFirst()) {
                try require(before.time <= after.time, "\(after) comes after \(before)")
            }
            try require(run.recording.gaps.isEmpty, "losses: \(run.recording.gaps)")
        },
        ConformanceCase(name: "watermarks of claims come in time and keep their promise", needs: .claims) { bench in
            try checkWatermarks(HandRun.whole(bench, claimPlan(bench, 300), reader: .ring))
        },
        ConformanceCase(name: "a full ring reports exactly which claims it refused, by tag", needs: .claims) { bench in
            let run = try fullRing(bench, drainedFrom: 250)
            try require(!run.recording.gaps.isEmpty, "the smallest ring refused nothing: the case does not test")
            try checkNumbers(run, bench, claims: 301)
            try require(
                run.recording.gaps.allSatisfy { $0.kind == .ringFull && $0.count == .exactly($0.count.known) },
                "\(run.recording.gaps)")
            guard case .event(.claim) = run.recording.records.last else {
                throw Violation("once there was room again, claims did not go on")
            }
        },
        ConformanceCase(name: "a full ring of claims does not keep the end from coming", needs: .claims) { bench in
            let run = try fullRing(bench, drainedFrom: 300)
            try require(run.wake == .ended && run.finishes == 1, "\(run.wake), \(run.finishes) ends")
            try checkNumbers(run, bench, claims: 301)
        },
        ConformanceCase(
            name: "where time can wait, the smallest ring loses no claim", needs: [.claims, .waitsForRoom]
        ) { bench in
            var plan = try claimPlan(bench, 300)
            plan.ring = RecordWriter.minimumCapacity
            plan.whenFull = .wait
            let run = try HandRun.whole(bench, plan)
            try require(run.recording.gaps.isEmpty, "losses: \(run.recording.gaps)")
            try checkNumbers(run, bench, claims: 301)
        },
    ]

    private static func claimBench(_ bench: Bench) throws -> ClaimBench {
        guard let claims = bench.claims else { throw Violation("the bench does not say what its source claims") }
        return claims
    }

    private static func claimPlan(_ bench: Bench, _ periods: Int64) throws -> Plan {
        Plan([], length: try claimBench(bench).period * periods)
    }

    /// 300 periods, the ring being read from one of them on.
    private static func fullRing(_ bench: Bench, drainedFrom begin: Int64) throws -> HandRun {
        var plan = try claimPlan(bench, 300)
        plan.ring = RecordWriter.minimumCapacity
        let run = HandRun(try bench.make(plan), plan)
        run.begin()
        run.go(to: try claimBench(bench).period * begin, isDraining: false)
        run.go(to: plan.length, isDraining: begin < 300)
        run.finish()
        return run
    }

    /// Of each tag, every number was received once, or is in a gap that spans its time.
    private static func checkNumbers(_ run: HandRun, _ bench: Bench, claims count: Int) throws {
        let claims = try claimBench(bench)
        for tag in 0..<claims.tags {
            let gaps = run.recording.gaps.filter { $0.subject == .tag(TagID(UInt16(tag))) }
            var received = run.recording.claims(of: tag)[...]
            var lost = 0
            for (number, turn) in stride(from: tag, to: count, by: claims.tags).enumerated() {
                if received.first?.value == .number(Double(number)) {
                    received.removeFirst()
                    continue
                }
                lost += 1
                let time = run.start + claims.period * Int64(turn) - run.rig.stage.info.clock.offsetToMonotonic
                try require(
                    gaps.contains { $0.from <= time && time <= $0.to },
                    "tag \(tag): claim \(number) is missing, and no gap spans its time")
            }
            let reported = gaps.reduce(0) { $0 + Int($1.count.known) }
            try require(
                received.isEmpty && lost == reported,
                "tag \(tag): \(lost) lost, \(reported) reported, too many: \(received)")
        }
    }
}
