#if Gpiod
    import Glibc
    import TapConformance
    import TapCore
    import TapDriver
    import TestSupport
    import Testing

    extension KernelTests {
        @Suite(.serialized) struct Options {
            private struct RealtimeClock: TapClock {
                func now() -> Timestamp {
                    var time = timespec()
                    unsafe clock_gettime(CLOCK_REALTIME, &time)
                    return Timestamp(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
                }
            }

            private var realtime: RealtimeClock { RealtimeClock() }

            @Test func `active-low turns levels and edges around`() throws {
                let bench = try GpiodBench(lines: 1)
                let run = bench.begin(1, LineOptions(isActiveLow: true))
                for isHigh in [true, false] {
                    try bench.chip.pull(0, up: isHigh)
                    run.go(5)
                }
                run.finish()
                #expect(run.recording.levels(of: 0).map(\.isHigh) == [true])
                #expect(run.recording.edges(of: 0).map(\.isRising) == [false, true])
                #expect(run.recording.gaps == [])
            }

            @Test(arguments: zip(LineOptions.Bias.allCases, [false, false, true, false]))
            func `a bias is set when the line is requested`(_ bias: LineOptions.Bias, _ isHigh: Bool) throws {
                let bench = try GpiodBench(lines: 1)
                let run = bench.begin(1, LineOptions(bias: bias))
                run.go(20)
                run.finish()
                #expect(run.rig.stage.failure == nil)
                #expect(try bench.chip.value(0) == isHigh)
                #expect(run.recording.levels(of: 0).map(\.isHigh) == [isHigh])
                #expect(run.recording.edges(of: 0) == [])
            }

            @Test(arguments: [LineOptions.Edges.rising, .falling])
            func `one direction alone is received if asked for`(_ edges: LineOptions.Edges) throws {
                let bench = try GpiodBench(lines: 1)
                let run = bench.begin(1, LineOptions(edges: edges))
                for toggle in 0..<6 {
                    try bench.chip.pull(0, up: toggle % 2 == 0)
                    run.go(5)
                }
                run.go(3_000)
                run.finish()
                #expect(run.recording.edges(of: 0).map(\.isRising) == Array(repeating: edges == .rising, count: 3))
                #expect(run.recording.edges(of: 0).map(\.sequence) == [1, 2, 3])
                #expect(run.recording.gaps == [])
            }

            @Test func `the kernel's debounce keeps short pulses away, and they are no losses`() throws {
                let bench = try GpiodBench(lines: 1)
                let run = bench.begin(1, LineOptions(debounce: .milliseconds(10)))
                for isHigh in [true, false, true, false, true] {
                    try bench.chip.pull(0, up: isHigh)
                    run.go(3)
                }
                run.go(50)
                try bench.chip.pull(0, up: false)
                run.go(2_000)
                run.finish()
                #expect(run.rig.stage.failure == nil)
                #expect(run.recording.edges(of: 0).map(\.isRising) == [true, false])
                #expect(run.recording.gaps == [])
            }

            @Test func `stamps are of the realtime clock if asked for`() throws {
                let bench = try GpiodBench(lines: 1)
                var options = GpiodOptions()
                options.isRealtime = true
                let monotonic = SystemClock()
                let realtime = RealtimeClock()
                let offset = monotonic.now() - realtime.now()
                let source = GpiodSource(
                    lines: bench.lines(0..<1), options: options, clock: monotonic, wallClock: realtime,
                    domain: ClockDomain(.realtime, offsetToMonotonic: offset))
                let plan = Plan(
                    [
                        Plan.Line(
                            pulses: 3, first: .milliseconds(10), width: .milliseconds(5), spacing: .milliseconds(20))
                    ],
                    length: .milliseconds(100))
                let run = HandRun(Rig(source, plan, clock: monotonic, wires: SimWires(bench.chip)), plan)
                run.begin()
                let start = realtime.now()
                run.go(to: plan.length)
                run.finish()
                let edges = run.recording.edges(of: 0)
                #expect(edges.count == 6)
                #expect(edges.allSatisfy { $0.time >= start && $0.time <= realtime.now() })
                #expect(edges.allSatisfy { !$0.flags.contains(.late) })
                #expect(run.recording.gaps == [])
            }

            @Test func `a wall clock that is set goes into no stamp`() throws {
                let bench = try GpiodBench(lines: 1)
                var plan = Plan(
                    [
                        Plan.Line(
                            pulses: 6, first: .milliseconds(10), width: .milliseconds(5), spacing: .milliseconds(20))
                    ],
                    length: .milliseconds(200))
                plan.isRealtime = true
                let run = HandRun(bench.rig(plan), plan)
                let before = realtime.now()
                run.begin()
                // An hour forward, two back, and as it was: each while edges come.
                for (time, hours) in [(40, 1), (80, -2), (120, 1)] as [(Int64, Int)] {
                    run.go(to: .milliseconds(time))
                    var wall = timespec()
                    unsafe clock_gettime(CLOCK_REALTIME, &wall)
                    wall.tv_sec += hours * 3_600
                    let status = unsafe clock_settime(CLOCK_REALTIME, &wall)
                    try #require(status == 0, "only root may set the clock")
                }
                run.go(to: plan.length)
                run.finish()
                let edges = run.recording.edges(of: 0)
                #expect(edges.map(\.isRising) == plan.drives(of: 0).map(\.isHigh))
                #expect(edges.allSatisfy { $0.time >= before && $0.time <= realtime.now() })
                #expect(zip(edges, edges.dropFirst()).allSatisfy { $0.time < $1.time })
                #expect(edges.allSatisfy { !$0.flags.contains(.late) })
                #expect(run.recording.gaps == [])
            }

            @Test func `a chip that has a second name by a link is one chip`() throws {
                let bench = try GpiodBench(lines: 1)
                let folder = ScratchFolder()
                for link in ["gpiochip0", "gpiochip4"] {
                    _ = unsafe symlink("/dev/\(bench.chip.chip)", folder.file(link))
                }
                let run = bench.begin(1) { $0.deviceDirectory = folder.path }
                try bench.chip.pullAndWait(0, up: true)
                run.go(5)
                run.finish()
                #expect(run.rig.stage.failure == nil)
                #expect(run.recording.edges(of: 0).map(\.isRising) == [true])
            }
        }
    }
#endif
