import TapConfig
import TapConformance
import TapCore
import TapSim
import Testing

@Suite
struct SimKernelTests {
    @Test(arguments: [SimKernelBench.testKernel, SimKernelBench.ideal, SimKernelBench.late])
    func `conforms`(_ bench: Bench) {
        let outcomes = Conformance.run(on: bench)
        #expect(outcomes.filter { $0.verdict == .failed }.map(\.description) == [])
        // All for lines, but waiting for room: the real kernel's number (KernelTests).
        #expect(outcomes.count { $0.verdict == .passed } == 35)
    }
}

extension SimKernelTests {
    /// Started on one line, with what befalls it laid down before.
    private func run(_ conditions: (inout KernelConditions) -> Void) -> HandRun {
        let plan = Plan(
            [Plan.Line(pulses: 200, first: .milliseconds(7), width: .milliseconds(20), spacing: .milliseconds(40))],
            length: .seconds(8))
        let rig = SimKernelBench.rig(plan, .ideal)
        guard let wires = rig.wires as? SimWires else { preconditionFailure() }
        conditions(&wires.kernel.conditions)
        let run = HandRun(rig, plan)
        run.begin()
        run.go(to: plan.length)
        run.finish()
        return run
    }

    @Test func `a chip whose calls fail is gone until they do not`() {
        let span = KernelConditions.Span(from: .zero + .seconds(2), to: .zero + .seconds(4))
        let run = run { $0.failing.append(("sim", span)) }
        let gaps = run.recording.gaps(of: 0)
        #expect(gaps.map(\.kind) == [.sourceGone, .sourceBack])
        // Noticed with the first event of it, and at the first look after it.
        #expect(gaps[0].from - span.from <= .milliseconds(20) && gaps[0].discovered >= span.from)
        #expect(gaps[1].to >= span.to && gaps[1].to - span.to <= .milliseconds(1_020))
        #expect(run.recording.edges(of: 0).allSatisfy { $0.time < span.from || $0.time > span.to })
        #expect(run.recording.levels(of: 0).map(\.reason) == [.first, .resumed])
    }

    /// A line that nothing drives.
    private func quiet(_ length: Nanoseconds, failing: KernelConditions.Span? = nil) throws -> HandRun {
        let plan = Plan([Plan.Line()], length: length)
        let rig = SimKernelBench.rig(plan, .ideal)
        let wires = try #require(rig.wires as? SimWires)
        if let failing { wires.kernel.conditions.failing.append(("sim", failing)) }
        let run = HandRun(rig, plan)
        run.begin()
        run.go(to: plan.length)
        run.finish()
        return run
    }

    @Test func `readings that agree are one record in ten seconds and one at the end`() throws {
        let run = try quiet(.milliseconds(12_500))
        let rereads = run.recording.rereads(of: 0)
        #expect(rereads.map(\.agreed) == [10, 2])
        #expect(rereads.map(\.failed) == [0, 0])
        #expect(rereads.allSatisfy { $0.isHigh == false && $0.to <= $0.time })
        #expect(rereads.map { ($0.to - $0.from).count / 1_000_000 } == [9_000, 1_000])
        #expect(run.recording.gaps == [])
    }

    @Test func `a line that cannot be read is no quiet line`() throws {
        let span = KernelConditions.Span(from: .zero + .milliseconds(1_500), to: .zero + .milliseconds(4_500))
        let run = try quiet(.milliseconds(7_500), failing: span)
        #expect(run.recording.gaps == [])
        let rereads = run.recording.rereads(of: 0)
        #expect(rereads.map(\.failed) == [1, 1, 1, 0])
        #expect(rereads.map(\.agreed) == [1, 0, 0, 3])
        #expect(rereads.map(\.isHigh) == [nil, nil, nil, false])
        #expect(zip(rereads, rereads.dropFirst()).allSatisfy { $1.time - $0.time >= .seconds(1) })
    }

    @Test func `a chip that nobody may open says how to get it`() {
        let run = run { $0.forbidden.append(("sim", KernelConditions.Span(from: .zero))) }
        #expect(run.rig.stage.failure?.kind == .permission)
        #expect(run.rig.stage.failure?.subject == "/dev/simchip0")
        // Of whoever tap runs as, which may be a service's user and not the reader.
        #expect(
            run.rig.stage.failure?.remedy
                == "the user that tap runs as must be in the group that owns it; 'tap doctor' as that user prints what "
                + "to type, for tap.service 'sudo -u tap tap doctor'")
    }

    /// Two lines with stamps of a wall clock that is set while they are listened to.
    private func steps(_ model: KernelModel, _ steps: [WallClock.Step]) throws -> HandRun {
        var plan = Plan(
            [
                Plan.Line(pulses: 150, first: .milliseconds(7), width: .milliseconds(2), spacing: .milliseconds(9)),
                Plan.Line(pulses: 100, first: .milliseconds(8), width: .milliseconds(3), spacing: .milliseconds(13)),
            ], length: .seconds(2))
        plan.isRealtime = true
        let rig = SimKernelBench.rig(plan, model)
        let wires = try #require(rig.wires as? SimWires)
        wires.kernel.conditions.wallClock?.steps = steps
        let run = HandRun(rig, plan)
        run.begin()
        run.go(to: plan.length)
        run.finish()
        return run
    }

    @Test(
        arguments: [3_600_000, -3_600_000, 5_000, -5_000, 500, -500] as [Int64],
        [KernelModel.ideal, SimKernelBench.lateModel])
    func `a wall clock that is set takes nothing away and changes no time`(milliseconds: Int64, model: KernelModel)
        throws
    {
        let step = WallClock.Step(at: .zero + .milliseconds(700), by: .milliseconds(milliseconds))
        let back = WallClock.Step(at: .zero + .milliseconds(1_100), by: .milliseconds(-2 * milliseconds))
        let (untouched, set) = (try steps(model, []), try steps(model, [step, back]))
        #expect(set.recording.edges(of: 0).count == 300 && set.recording.edges(of: 1).count == 200)
        #expect(set.recording.text(from: set.start) == untouched.recording.text(from: untouched.start))
        #expect(set.recording.gaps == [])
    }

    @Test(arguments: [4_000, -4_000, 300, -300] as [Int64])
    func `a small step is off on its own at most, and keeps the order`(microseconds: Int64) throws {
        let step = WallClock.Step(at: .zero + .milliseconds(700), by: .microseconds(microseconds))
        let (untouched, set) = (try steps(SimKernelBench.lateModel, []), try steps(SimKernelBench.lateModel, [step]))
        for line in 0..<2 {
            let (right, found) = (untouched.recording.edges(of: line), set.recording.edges(of: line))
            #expect(found.map(\.isRising) == right.map(\.isRising))
            #expect(zip(found, found.dropFirst()).allSatisfy { $0.time <= $1.time })
            // Never later than it was, and earlier by no more than the step.
            let largest = Nanoseconds.microseconds(abs(microseconds)) + .microseconds(20)
            #expect(
                zip(right, found).allSatisfy { $0.time - $1.time <= largest && $1.time - $0.time <= .microseconds(20) })
        }
        #expect(set.recording.gaps == [])
    }

    @Test func `what it says of itself is what its bench says`() throws {
        let plan = Plan([Plan.Line()], length: .zero)
        let run = HandRun(SimKernelBench.rig(plan, .ideal), plan)
        run.begin()
        let info = run.rig.stage.info
        #expect(info.capabilities == SimKernelBench.ideal.capabilities)
        #expect(info.provenance == .simulated && info.clock.kind == .virtual)
        #expect(info.lines.map(\.queueHeld) == [1_024])
    }
}
