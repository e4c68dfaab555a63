import CLinux
import TapConfig
import TapConformance
import TapCore
import TapSim

/// A simulated kernel's one chip, driven by hand.
final class SimWires: Wires {
    let kernel: SimKernel
    private let wires: [DrivenWire]
    private let label: String

    init(_ kernel: SimKernel, _ wires: [DrivenWire], label: String) {
        self.kernel = kernel
        self.wires = wires
        self.label = label
        kernel.addChip(label, wires: wires)
    }

    func drive(_ line: Int, high: Bool) { wires[line].drive(high: high, at: kernel.time.now()) }
    func unplug() { kernel.unplug(label) }

    /// As gpio-sim: lines are low again.
    func plugIn() {
        for wire in wires { wire.drive(high: false, at: kernel.time.now()) }
        kernel.plugIn(label)
    }

    func hold(_ line: Int, as consumer: String) throws {
        kernel.conditions.holders.append((label, line, consumer, KernelConditions.Span(from: .zero)))
    }

    func wakes(before limit: Timestamp) -> Timestamp? { kernel.readyTime(before: limit) }
}

/// The listener on a simulated kernel, to be stepped by hand.
enum SimKernelBench {
    struct MonotonicClock: TapClock {
        func now() -> Timestamp { Timestamp(nanoseconds: tap_monotonic_ns()) }
    }

    /// The kernel of scripts/hil, as its bench has it.
    static let testKernel = bench(
        "simulated test kernel", .testKernel, spacing: .milliseconds(2), latency: .milliseconds(1))
    static let ideal = bench("ideal simulated kernel", .ideal, spacing: .milliseconds(1), latency: .zero)
    /// Delays such as a board may have; none was measured.
    static let lateModel = KernelModel(
        interrupt: KernelModel.Delay(.microseconds(20), jitter: .microseconds(60)),
        thread: KernelModel.Delay(.microseconds(30), jitter: .microseconds(200)))
    static let late = bench(
        "late simulated kernel", lateModel, spacing: .milliseconds(1), latency: .microseconds(80))

    static func bench(_ name: String, _ model: KernelModel, spacing: Nanoseconds, latency: Nanoseconds) -> Bench {
        Bench(
            name, capabilities: [.edges, .countsQueueLoss, .readsLevels, .mutes, .returns], spacing: spacing,
            latency: latency, repeatsExactly: true, realClock: MonotonicClock(),
            kernel: KernelTraits(tick: model.interruptTick, slack: .zero)
        ) { plan in
            // On threads a late machine makes two changes at once, which a tick would merge: not what is tested there.
            rig(plan, plan.isOnThreads ? .ideal : model)
        }
    }

    static func rig(_ plan: Plan, _ model: KernelModel) -> Rig {
        var options = ListeningOptions()
        if let limit = plan.stormLimit_hz { options.stormLimit_hz = limit }
        options.muteFor = plan.muteFor
        options.rereadEvery = plan.rereadEvery
        options.isRealtime = plan.isRealtime
        let clock: any TapClock = plan.isOnThreads ? MonotonicClock() : ManualClock()
        let kernel = SimKernel(model, options: options, seed: 7, clock: clock)
        if plan.isRealtime { kernel.conditions.wallClock = WallClock(epoch: 1_700_000_000_000_000_000) }
        let wires = SimWires(kernel, plan.lines.map { DrivenWire(startsHigh: $0.startsHigh) }, label: "sim")
        let lines = plan.lines.enumerated().map { number, line in
            LineInfo(
                id: LineID(UInt16(number)), name: "L\(line.offset ?? number)", chip: "sim",
                offset: line.offset ?? number, options: line.options)
        }
        return Rig(SimLineSource(lines: lines, kernel: kernel, clock: clock), plan, clock: clock, wires: wires)
    }
}
