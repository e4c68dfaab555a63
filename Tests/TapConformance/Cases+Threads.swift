import Synchronization
import TapCore

extension Conformance {
    static let threads = [
        ConformanceCase(name: "on threads, every driven edge is received once", needs: .edges) { bench in
            var plan = commonPlan(bench)
            plan.isOnThreads = true
            let rig = try bench.make(plan)
            try rig.stage.open(at: bench.realClock.now())
            let merge = MergeStage([MergeInput(rig.takeConsumer(), of: rig.stage.info)], into: RecordCollector())
            let driving = DrivingStage(plan, rig.wires)
            let driver = ThreadDriver(
                clock: bench.realClock, sources: [.init("capture", [rig.stage]), .init("wires", [driving])],
                consumers: [.init("merge", [merge])])
            driving.whenDone = driver.stop
            driver.run()
            let recording = merge.withSink { $0.recording }
            try require(rig.stage.failure == nil, "it failed: \(rig.stage.failure.map(\.description) ?? "")")
            for line in plan.lines.indices {
                let edges = recording.edges(of: line)
                try require(
                    edges.map(\.isRising) == plan.drives(of: line).map(\.isHigh),
                    "line \(line): \(edges.count) of \(plan.drives(of: line).count)")
            }
            try require(recording.gaps.isEmpty, "losses: \(recording.gaps)")
            try require(merge.withSink { $0.finishes } == 1, "it did not end once")
        }
    ]
}

/// Drives wires as a plan says, on a thread of its own, and stops the session when the plan is over.
final class DrivingStage: Stage {
    let name = "wires"
    let failure: TapError? = nil
    private let plan: Plan
    private let wires: (any Wires)?
    private var drives: ArraySlice<Plan.Drive>
    private var start = Timestamp.zero
    private var isStopped = false
    var whenDone: @Sendable () -> Void = {}

    init(_ plan: Plan, _ wires: (any Wires)?) {
        self.plan = plan
        self.wires = wires
        drives = plan.drives[...]
    }

    func start(at now: Timestamp) -> Wake {
        start = now
        return next()
    }

    func step(at now: Timestamp) -> Wake {
        guard !isStopped else { return .ended }
        while let drive = drives.first, start + drive.at <= now {
            wires?.drive(drive.line, high: drive.isHigh)
            drives.removeFirst()
        }
        guard now - start >= plan.length else { return next() }
        isStopped = true
        whenDone()
        return .ended
    }

    func requestStop() { isStopped = true }

    private func next() -> Wake { .at(start + min(drives.first?.at ?? plan.length, plan.length)) }
}
