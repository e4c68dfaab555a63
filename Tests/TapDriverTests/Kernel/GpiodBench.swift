#if Gpiod
    import Glibc
    import Synchronization
    import TapConformance
    import TapCore
    import TapDriver

    /// The pulls of a simulated chip.
    final class SimWires: Wires {
        let chip: GpioSim
        private var others: [RawRequest] = []
        init(_ chip: GpioSim) { self.chip = chip }

        // The chip is a part of the test: that it does not take what it is asked to do is no finding about the source.
        func drive(_ line: Int, high: Bool) { try! chip.pull(line, up: high) }
        func unplug() { try! chip.unplug() }
        func plugIn() { try! chip.plugIn() }
        func hold(_ line: Int, as consumer: String) throws {
            others.append(try RawRequest(chip.chip, [line], consumer: consumer))
        }
    }

    /// The GPIO source on a chip of its own, to be stepped by hand.
    struct GpiodBench {
        private static let made = Atomic<Int>(0)

        let chip: GpioSim

        /// The kernel's stamps come with its tick of 1 ms; the reading program computes in no
        /// time. What reading the clock takes makes two runs of one boot differ; two boots are the same.
        static let bench = Bench(
            "gpio-sim kernel", capabilities: [.edges, .countsQueueLoss, .readsLevels, .mutes, .returns],
            spacing: .milliseconds(2), latency: .milliseconds(1), repeatsExactly: false, realClock: SystemClock(),
            kernel: KernelTraits(tick: .milliseconds(1), slack: .microseconds(50))
        ) { plan in
            let made = try GpiodBench(lines: plan.lines.count)
            for (number, line) in plan.lines.enumerated() { try made.chip.pull(number, up: line.startsHigh) }
            return made.rig(plan)
        }

        /// A label that no chip before had.
        static func newLabel() -> String { "tap-test-\(made.add(1, ordering: .relaxed).newValue)" }

        init(lines: Int, hogs: [Int: GpioSim.Hog] = [:]) throws {
            chip = try GpioSim(GpiodBench.newLabel(), lines: lines, hogs: hogs)
        }

        func lines(_ offsets: some Sequence<Int>, _ options: LineOptions = LineOptions()) -> [LineInfo] {
            offsets.enumerated().map {
                LineInfo(
                    id: LineID(UInt16($0.offset)), name: "L\($0.element)", chip: chip.label, offset: $0.element,
                    options: options)
            }
        }

        func rig(
            _ plan: Plan, _ lineOptions: LineOptions = LineOptions(), _ change: (inout GpiodOptions) -> Void = { _ in }
        )
            -> Rig
        {
            var options = GpiodOptions()
            if let limit = plan.stormLimit_hz { options.stormLimit_hz = limit }
            options.muteFor = plan.muteFor
            options.rereadEvery = plan.rereadEvery
            options.isRealtime = plan.isRealtime
            change(&options)
            let clock = SystemClock()
            var lines = lines(plan.lines.enumerated().map { $0.element.offset ?? $0.offset }, lineOptions)
            for index in lines.indices where plan.lines[index].options != LineOptions() {
                lines[index].options = plan.lines[index].options
            }
            let source =
                options.isRealtime
                ? GpiodSource(
                    lines: lines, options: options, clock: clock, wallClock: RealtimeClock(),
                    domain: RealtimeClock.domain())
                : GpiodSource(lines: lines, options: options, clock: clock)
            return Rig(source, plan, clock: clock, wires: SimWires(chip))
        }

        /// Started, with lines that nothing drives but the test.
        func begin(
            _ count: Int, _ lineOptions: LineOptions = LineOptions(), ring: Int = 1 << 13,
            _ change: (inout GpiodOptions) -> Void = { _ in }
        ) -> HandRun {
            var plan = Plan(Array(repeating: Plan.Line(), count: count), length: .seconds(3_600))
            plan.ring = ring
            let run = HandRun(rig(plan, lineOptions, change), plan)
            run.begin()
            return run
        }

        /// Why a source of these lines does not start; nil: it does.
        func failure(_ lines: [LineInfo], _ options: GpiodOptions = GpiodOptions()) -> TapError? {
            var plan = Plan(lines.map { _ in Plan.Line() }, length: .zero)
            plan.ring = RecordWriter.minimumCapacity
            let rig = Rig(GpiodSource(lines: lines, options: options, clock: SystemClock()), plan, clock: SystemClock())
            let run = HandRun(rig, plan)
            run.begin()
            run.finish()
            return rig.stage.failure
        }
    }

    extension HandRun {
        /// Lets time pass from now on.
        func go(_ milliseconds: Int64) { go(to: (now - start) + .milliseconds(milliseconds)) }
    }
#endif
