import TapCore

/// Chips that go and lines that storm, at bad moments.
extension Conformance {
    static let kernelFaults = [
        ConformanceCase(
            name: "what was queued when the chip went is within the gap", needs: [.edges, .returns], isOfKernel: true
        ) { bench in
            let plan = Plan([Plan.Line(), Plan.Line()], length: .seconds(3_600))
            let run = HandRun(try bench.make(plan), plan)
            run.begin()
            run.drive(0, high: true)
            run.go(for: .milliseconds(50))
            let drained = run.now - run.rig.stage.info.clock.offsetToMonotonic
            run.drive(1, high: true)
            run.go(for: bench.spacing * 2, isStepping: false)
            run.rig.wires?.unplug()
            run.go(for: .milliseconds(1_500))
            run.rig.wires?.plugIn()
            run.go(for: .milliseconds(1_500))
            run.drive(1, high: true)
            run.go(for: .milliseconds(20))
            run.finish()
            try require(
                run.recording.edges(of: 0).map(\.isRising) == [true]
                    && run.recording.edges(of: 1).map(\.sequence) == [1],
                "\(run.recording.text(from: run.start))")
            for line in 0..<2 {
                let gaps = run.recording.gaps(of: line)
                try require(
                    gaps.map(\.kind) == [.sourceGone, .sourceBack] && gaps[0].from <= drained
                        && gaps[0].from + .milliseconds(10) >= drained && gaps[1].from == gaps[0].from,
                    "line \(line), drained at \(drained): \(gaps)")
                try require(
                    run.recording.levels(of: line).map(\.reason) == [.first, .resumed]
                        && run.recording.levels(of: line).map(\.isHigh) == [false, false],
                    "line \(line): \(run.recording.levels(of: line))")
            }
        },
        ConformanceCase(
            name: "a stop while a line is muted reports how long it was", needs: [.edges, .mutes], isOfKernel: true
        ) { bench in
            let run = try storm(bench, muteFor: .seconds(1), changes: 100)
            run.finish()
            let gaps = run.recording.gaps(of: 0, .muted)
            let end = run.now - run.rig.stage.info.clock.offsetToMonotonic
            try require(
                gaps.count == 2 && gaps[0].from == gaps[1].from && end - gaps[1].to < .milliseconds(1), "\(gaps)")
        },
        ConformanceCase(
            name: "a chip that goes while a line is muted ends the mute", needs: [.edges, .mutes, .returns],
            isOfKernel: true
        ) { bench in
            let run = try storm(bench, muteFor: .seconds(10), changes: 100)
            run.rig.wires?.unplug()
            run.go(for: .milliseconds(100))
            run.rig.wires?.plugIn()
            run.go(for: .milliseconds(2_000))
            for isHigh in [true, false] {
                run.drive(0, high: isHigh)
                run.go(for: bench.spacing * 3)
            }
            run.finish()
            let gaps = run.recording.gaps(of: 0)
            try require(
                gaps.map(\.kind) == [.muted, .muted, .sourceGone, .sourceBack] && gaps[1].from == gaps[0].from
                    && gaps[1].to == gaps[2].discovered, "\(gaps)")
            try require(
                run.recording.edges(of: 0).suffix(2).map(\.isRising) == [true, false],
                "\(run.recording.text(from: run.start).suffix(6))")
        },
        ConformanceCase(
            name: "a storm soon after a mute is muted for twice as long", needs: [.edges, .mutes], isOfKernel: true
        ) { bench in
            let run = try storm(bench, muteFor: bench.spacing * 50, changes: 600)
            run.go(for: .milliseconds(2_000))
            for toggle in 0..<40 {
                run.drive(0, high: toggle % 2 == 0)
                run.go(for: bench.spacing)
            }
            run.go(for: .milliseconds(1_000))
            run.finish()
            let mutes = run.recording.gaps(of: 0, .muted).filter { $0.to != .distantFuture }
            let first = (bench.spacing * 50).count
            // Over at the first tick after its time.
            let times = mutes.map { ((($0.to - $0.from).count - first / 20) / first) + 1 }
            try require(
                times.count >= 3 && Array(times.prefix(3)) == [1, 2, 4], "\(mutes.map { ($0.to - $0.from).count })")
            try require(times.last == 1, "after a rest it begins anew: \(mutes.map { ($0.to - $0.from).count })")
        },
    ]

    /// A line that changes without a pause, at five times its limit, until it is muted and beyond.
    private static func storm(_ bench: Bench, muteFor: Nanoseconds, changes: Int) throws -> HandRun {
        var plan = Plan([Plan.Line()], length: .seconds(3_600))
        plan.stormLimit_hz = Int(1_000_000_000 / bench.spacing.count / 5)
        plan.muteFor = muteFor
        let run = HandRun(try bench.make(plan), plan)
        run.begin()
        for toggle in 0..<changes {
            run.drive(0, high: toggle % 2 == 0)
            run.go(for: bench.spacing)
        }
        return run
    }
}
