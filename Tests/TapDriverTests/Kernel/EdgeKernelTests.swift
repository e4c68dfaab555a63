#if Gpiod
    import TapConformance
    import TapCore
    import TapDriver
    import Testing

    extension KernelTests {
        @Suite(.serialized) struct Edges {
            @Test func `driven in step, received is driven and no gap is reported`() throws {
                let bench = try GpiodBench(lines: 4)
                var lines: [Plan.Line] = []
                for line in 0..<4 {
                    lines.append(
                        Plan.Line(
                            startsHigh: line == 2, pulses: 50, first: .milliseconds(10 + Int64(line)),
                            width: .milliseconds(2 + Int64(line)), spacing: .milliseconds(11)))
                }
                try bench.chip.pull(2, up: true)
                let plan = Plan(lines, length: .milliseconds(700))
                let run = HandRun(bench.rig(plan), plan)
                run.begin()
                run.go(to: plan.length)
                run.finish()
                for line in 0..<4 {
                    #expect(
                        run.recording.edges(of: line).map(\.isRising) == plan.drives(of: line).map(\.isHigh))
                }
                #expect(run.recording.gaps == [])
                printHash("in-step", run)
            }

            @Test func `a queue that overflows is counted exactly and costs other lines nothing`() throws {
                let bench = try GpiodBench(lines: 2)
                let run = bench.begin(2)
                var isHigh = [false, false]
                for toggle in 0..<1_500 {
                    isHigh[0].toggle()
                    try bench.chip.pullAndWait(0, up: isHigh[0])
                    guard [300, 700, 1_400].contains(toggle) else { continue }
                    isHigh[1].toggle()
                    try bench.chip.pullAndWait(1, up: isHigh[1])
                }
                run.go(20)
                run.finish()
                let storm = run.recording.edges(of: 0)
                #expect(storm.count == 1_024)
                #expect(storm.map(\.sequence) == Array(477...1_500))
                #expect(storm[0].flags.contains(.missedBefore) && !storm[1].flags.contains(.missedBefore))
                let gaps = run.recording.gaps(of: 0)
                #expect(gaps.map(\.kind) == [.kernelQueueOverflow])
                #expect(gaps.first?.count == .exactly(476))
                #expect(gaps.first?.to == storm[0].time)
                #expect(gaps.first.map { $0.from >= run.start && $0.from <= run.started } == true)
                #expect(run.recording.edges(of: 1).map(\.isRising) == [true, false, true])
                #expect(run.recording.gaps(of: 1) == [])
                printHash("overflow", run)
            }

            @Test func `in one shared request the storm of a line pushes out the edge of another`() throws {
                let bench = try GpiodBench(lines: 2)
                do {
                    let shared = try RawRequest(bench.chip.chip, [0, 1], consumer: "shared", queue: 1_024)
                    try bench.chip.pullAndWait(0, up: true, consumer: "shared")
                    for toggle in 0..<1_100 { try bench.chip.pullAndWait(1, up: toggle % 2 == 0, consumer: "shared") }
                    let events = shared.read()
                    #expect(events.count == 1_024)
                    #expect(events.filter { $0.offset == 0 } == [])
                    // Of the 1,101 events 77 are gone, one of them the other line's; its numbers will never show it, unless it changes again.
                    #expect(events.first?.lineSequence == 77)
                    #expect(events.first?.sequence == 78)
                }
                try bench.chip.pull(0, up: false)
                do {
                    let own = try (0...1).map { try RawRequest(bench.chip.chip, [$0], consumer: "own", queue: 1_024) }
                    try bench.chip.pullAndWait(0, up: true, consumer: "own")
                    for toggle in 0..<1_100 { try bench.chip.pullAndWait(1, up: toggle % 2 == 0, consumer: "own") }
                    let events = own.map { $0.read() }
                    #expect(events[0].map(\.isRising) == [true])
                    #expect(events[1].map(\.lineSequence) == Array(77...1_100))
                }
            }

            /// Spacing in microseconds of virtual time, 200 toggles each.
            @Test(arguments: [0, 100, 250, 500, 1_000, 2_000])
            func `driven out of step, nothing is invented`(_ spacing_us: Int) throws {
                let bench = try GpiodBench(lines: 1)
                let run = bench.begin(1)
                let driven = 200
                for toggle in 0..<driven {
                    try bench.chip.pull(0, up: toggle % 2 == 0)
                    run.go(to: (run.now - run.start) + .microseconds(Int64(spacing_us)))
                }
                run.go(200)
                run.finish()
                let edges = run.recording.edges(of: 0)
                let reported = run.recording.reported(of: 0)
                #expect(edges.count + reported <= driven)
                // Each edge is the other direction of the one before, or says that it is not.
                var level = false
                for edge in edges {
                    #expect(edge.isRising != level || edge.flags.contains(.missedBefore))
                    level = edge.isRising
                }
                #expect(run.recording.gaps(of: 0).count == edges.count { $0.flags.contains(.missedBefore) })
                // Nothing shows a loss where there is time for each.
                #expect(spacing_us < 1_000 || edges.count == driven && reported == 0)
                print(
                    "HIL-LOSS spacing_us \(spacing_us) driven \(driven) received \(edges.count) reported \(reported) silent \(driven - edges.count - reported)"
                )
                printHash("unspaced-\(spacing_us)", run)
            }

            @Test func `a pulse shorter than the tick leaves a repeated direction`() throws {
                let bench = try GpiodBench(lines: 2)
                let run = bench.begin(2)
                run.go(20)
                for isHigh in [true, false] { try bench.chip.pull(0, up: isHigh) }
                run.go(20)
                // Up for good, with a pulse before that nobody sees: no trace at all.
                for isHigh in [true, false, true] { try bench.chip.pull(1, up: isHigh) }
                run.go(2_000)
                run.finish()
                let edges = run.recording.edges(of: 0)
                #expect(edges.map(\.isRising) == [false])
                #expect(edges.map(\.flags) == [.missedBefore])
                #expect(run.recording.gaps(of: 0).map(\.kind) == [.repeatedPolarity])
                #expect(run.recording.gaps(of: 0).map(\.count) == [.atLeast(1)])
                #expect(run.recording.edges(of: 1).map(\.isRising) == [true])
                #expect(run.recording.gaps(of: 1) == [])
                printHash("short-pulse", run)
            }

            @Test func `a level whose edge is under way is not reported as a disagreement`() throws {
                let bench = try GpiodBench(lines: 1)
                let run = bench.begin(1) { $0.rereadEvery = .milliseconds(1) }
                for toggle in 0..<40 {
                    // The edge comes with the next tick; the level is read before.
                    try bench.chip.pull(0, up: toggle % 2 == 0)
                    run.stepAgain()
                    run.go(3)
                }
                run.go(200)
                run.finish()
                #expect(run.recording.edges(of: 0).count == 40)
                #expect(run.recording.gaps == [])
                #expect(run.recording.levels(of: 0).map(\.reason) == [.first])
            }

            @Test func `the first level is that at the request, and edges before it are none`() throws {
                let bench = try GpiodBench(lines: 2)
                for toggle in 0..<5 {
                    try bench.chip.pull(1, up: toggle % 2 == 0)
                    pause(microseconds: 2_000)
                }
                let run = bench.begin(2)
                run.go(50)
                run.finish()
                #expect(run.recording.levels(of: 0).map(\.isHigh) == [false])
                #expect(run.recording.levels(of: 1).map(\.isHigh) == [true])
                #expect(run.recording.records.count == 2)
            }
        }
    }
#endif
