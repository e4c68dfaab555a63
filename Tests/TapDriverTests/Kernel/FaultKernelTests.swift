#if Gpiod
    import TapConformance
    import TapCore
    import TapDriver
    import Testing

    extension KernelTests {
        @Suite(.serialized) struct Faults {
            @Test func `a storm line is muted, its level polled, and resumed`() throws {
                let bench = try GpiodBench(lines: 2)
                let run = bench.begin(2) {
                    $0.stormLimit_hz = 200
                    $0.muteFor = .milliseconds(200)
                }
                for toggle in 0..<100 {
                    try bench.chip.pull(0, up: toggle % 2 == 0)
                    if toggle % 25 == 0 { try bench.chip.pull(1, up: toggle % 50 == 0) }
                    run.go(2)
                }
                run.go(300)
                try bench.chip.pull(0, up: true)
                run.go(20)
                run.finish()
                // 20 are a window's worth at 200 Hz; the 21st is one too many.
                let edges = run.recording.edges(of: 0)
                #expect(edges.count == 22)
                #expect(edges.prefix(21).map(\.sequence) == Array(1...21))
                #expect(edges.last?.isRising == true)
                let gaps = run.recording.gaps(of: 0)
                #expect(gaps.map(\.kind) == [.muted, .muted])
                #expect(gaps[0].count == .unknown && gaps[0].to == .distantFuture && gaps[0].from == gaps[0].discovered)
                #expect(gaps[1].from == gaps[0].from)
                // At the first tick after its time.
                #expect((200..<211).contains((gaps[1].to - gaps[1].from).count / 1_000_000))
                let polled = run.recording.levels(of: 0).filter { $0.reason == .muted }
                #expect(polled.count >= 2)
                #expect(gaps[1].count == .atLeast(UInt64(polled.count - 1)))
                #expect(run.recording.levels(of: 0).last?.reason == .resumed)
                #expect(run.recording.edges(of: 1).map(\.isRising) == [true, false, true, false])
                #expect(run.recording.gaps(of: 1) == [])
                printHash("storm", run, to: .milliseconds(1))
            }

            @Test func `a storm soon after a mute is muted for twice as long`() throws {
                let bench = try GpiodBench(lines: 1)
                let run = bench.begin(1) {
                    $0.stormLimit_hz = 200
                    $0.muteFor = .milliseconds(100)
                }
                for toggle in 0..<600 {
                    try bench.chip.pull(0, up: toggle % 2 == 0)
                    run.go(2)
                }
                run.go(2_000)
                for toggle in 0..<60 {
                    try bench.chip.pull(0, up: toggle % 2 == 0)
                    run.go(2)
                }
                run.go(1_000)
                run.finish()
                let mutes = run.recording.gaps(of: 0, .muted).filter { $0.to != .distantFuture }
                #expect(mutes.map { ($0.to - $0.from).count / 100_000_000 } == [1, 2, 4, 8, 1])
            }

            @Test func `a reader that comes late takes a queue for no storm`() throws {
                let bench = try GpiodBench(lines: 1)
                let run = bench.begin(1) { $0.stormLimit_hz = 500 }
                // 250 a second for two seconds, read at once.
                for toggle in 0..<500 {
                    try bench.chip.pull(0, up: toggle % 2 == 0)
                    pause(microseconds: 4_000)
                }
                run.go(20)
                run.finish()
                #expect(run.recording.edges(of: 0).count == 500)
                #expect(run.recording.gaps == [])
            }

            @Test func `a stop while a line is muted reports how long it was`() throws {
                let bench = try GpiodBench(lines: 1)
                let run = bench.begin(1) { $0.stormLimit_hz = 200 }
                for toggle in 0..<50 {
                    try bench.chip.pull(0, up: toggle % 2 == 0)
                    run.go(2)
                }
                run.finish()
                let gaps = run.recording.gaps(of: 0, .muted)
                #expect(gaps.count == 2)
                #expect(gaps.last?.from == gaps.first?.from)
                #expect(gaps.last.map { run.now - $0.to < .milliseconds(1) } == true)
            }

            @Test func `a chip that goes while a line is muted ends the mute`() throws {
                let bench = try GpiodBench(lines: 1)
                let run = bench.begin(1) {
                    $0.stormLimit_hz = 200
                    $0.muteFor = .seconds(10)
                }
                for toggle in 0..<50 {
                    try bench.chip.pull(0, up: toggle % 2 == 0)
                    run.go(2)
                }
                try bench.chip.unplug()
                run.go(100)
                try bench.chip.plugIn()
                run.go(2_000)
                for isHigh in [true, false] {
                    try bench.chip.pull(0, up: isHigh)
                    run.go(5)
                }
                run.finish()
                let gaps = run.recording.gaps(of: 0)
                #expect(gaps.map(\.kind) == [.muted, .muted, .sourceGone, .sourceBack])
                #expect(gaps[1].from == gaps[0].from && gaps[1].to == gaps[2].discovered)
                #expect(run.recording.edges(of: 0).suffix(2).map(\.isRising) == [true, false])
            }

            @Test func `a chip unplugged and back is reported with its span, and captured again`() throws {
                let bench = try GpiodBench(lines: 2)
                let run = bench.begin(2)
                try bench.chip.pull(0, up: true)
                run.go(50)
                let drained = run.now
                // Queued and never read: gone with the chip, so the gap begins before it.
                try bench.chip.pullAndWait(1, up: true)
                try bench.chip.unplug()
                run.go(1_500)
                try bench.chip.plugIn()
                run.go(1_500)
                try bench.chip.pull(1, up: true)
                run.go(10)
                run.finish()
                #expect(run.recording.edges(of: 0).map(\.isRising) == [true])
                #expect(run.recording.edges(of: 1).map(\.isRising) == [true])
                #expect(run.recording.edges(of: 1).map(\.sequence) == [1])
                for line in 0..<2 {
                    let gaps = run.recording.gaps(of: line)
                    #expect(gaps.map(\.kind) == [.sourceGone, .sourceBack])
                    #expect(gaps[0].from <= drained && gaps[0].from + .milliseconds(10) >= drained)
                    #expect(gaps[1].from == gaps[0].from)
                    #expect(run.recording.levels(of: line).map(\.reason) == [.first, .resumed])
                    #expect(run.recording.levels(of: line).map(\.isHigh) == [false, false])
                }
            }

            @Test func `a line in use names who has it`() throws {
                let bench = try GpiodBench(lines: 4)
                let other = try RawRequest(bench.chip.chip, [2], consumer: "plc-gateway")
                defer { withExtendedLifetime(other) {} }
                #expect(
                    bench.failure(bench.lines([0, 2]))?.description
                        == "line 'L2' (\(bench.chip.chip) offset 2): is in use by 'plc-gateway'; "
                        + "stop that program or driver, or leave the line out")
                #expect(bench.failure(bench.lines([2]))?.kind == .busy)
            }

            @Test func `two sources of one line: the second reports the first`() throws {
                let bench = try GpiodBench(lines: 1)
                let run = bench.begin(1)
                #expect(bench.failure(bench.lines([0]))?.what == "is in use by 'tap'")
                run.finish()
                #expect(bench.failure(bench.lines([0])) == nil)
            }

            @Test func `a source that did not start has nothing open`() throws {
                let bench = try GpiodBench(lines: 4)
                var plan = Plan([Plan.Line(), Plan.Line()], length: .zero)
                plan.ring = RecordWriter.minimumCapacity
                let rig = Rig(
                    GpiodSource(lines: bench.lines([0, 9]), clock: SystemClock()), plan, clock: SystemClock())
                let run = HandRun(rig, plan)
                run.begin()
                #expect(rig.stage.failure?.kind == .notFound)
                #expect(bench.failure(bench.lines([0])) == nil)
                run.finish()
                #expect(run.finishes == 1)
            }

            @Test func `a line past the end of its chip is reported with the chip's size`() throws {
                let bench = try GpiodBench(lines: 4)
                #expect(
                    bench.failure(bench.lines([4]))?.description
                        == "line 'L4' (\(bench.chip.chip) offset 4): is past the end of chip '\(bench.chip.label)', "
                        + "which has 4 lines; does the board file describe another machine?")
            }

            @Test func `a chip that is not there is reported with those that are`() throws {
                let bench = try GpiodBench(lines: 1)
                var lines = bench.lines([0])
                lines[0].chip = "no-such-chip"
                let failure = bench.failure(lines)
                #expect(failure?.kind == .notFound)
                #expect(
                    failure?.description
                        == "chip 'no-such-chip': is not on this machine; it has \(bench.chip.label); "
                        + "does the board file describe another machine?")
            }

            @Test func `two chips of one label are not guessed between`() throws {
                let bench = try GpiodBench(lines: 1)
                let twin = try GpioSim("tap-twin", labelled: bench.chip.label, lines: 1)
                defer { withExtendedLifetime(twin) {} }
                let paths = [bench.chip.chip, twin.chip].sorted().map { "/dev/\($0)" }
                let failure = bench.failure(bench.lines([0]))
                #expect(failure?.kind == .configuration)
                #expect(
                    failure?.description
                        == "chip '\(bench.chip.label)': is the label of \(paths[0]) and \(paths[1]); "
                        + "it is ambiguous: give them different labels in the device tree")
            }

            @Test func `a line that the kernel holds is in use by its hog`() throws {
                let bench = try GpiodBench(
                    lines: 2, hogs: [1: GpioSim.Hog(name: "relay", direction: "output-high")])
                #expect(
                    bench.failure(bench.lines([1]))?.what == "is in use by 'relay'")
                #expect(bench.failure(bench.lines([0])) == nil)
            }

            @Test func `a chip that is not what the board says is refused before any line is requested`() throws {
                let bench = try GpiodBench(lines: 1, hogs: [0: GpioSim.Hog(name: "relay", direction: "output-high")])
                var options = GpiodOptions()
                options.provenance = .hardware
                // The request would fail with "in use": that it does not shows that none was made.
                #expect(
                    bench.failure(bench.lines([0]), options)?.description
                        == "chip '\(bench.chip.label)' (/dev/\(bench.chip.chip)): is emulated-kernel, not hardware as "
                        + "the board file says; use a board file with the right provenance; no line was requested")
                options.provenance = .emulatedKernel
                #expect(bench.failure(bench.lines([0]), options)?.what == "is in use by 'relay'")
            }

            @Test func `a line that was left as an output is refused and left alone`() throws {
                let bench = try GpiodBench(lines: 1)
                do { _ = try RawRequest(bench.chip.chip, [0], consumer: "drive", isOutput: true) }
                #expect(
                    bench.failure(bench.lines([0]))?.description
                        == "line 'L0' (\(bench.chip.chip) offset 0): is an output: requesting it would stop it from "
                        + "being driven; tap only listens; make it an input first if it should be one")
            }
        }
    }
#endif
