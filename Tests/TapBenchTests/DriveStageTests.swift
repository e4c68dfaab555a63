import TapBench
import TapCore
import TapDriver
import TapSim
import Testing

@Suite struct DriveStageTests {
    /// Changes of line 0 at these milliseconds, high and low in turn.
    private func changes(_ times: [Int64]) -> () -> WireTransitions.Change? {
        var left = times.enumerated().map { index, time in
            WireTransitions.Change(time: .milliseconds(time), line: 0, isHigh: index % 2 == 0)
        }[...]
        return { left.popFirst() }
    }

    private func run(
        _ lines: [FakeLine], _ times: [Int64], capacity: Int = 100,
        _ change: (inout DriveStage.Options) -> Void = { _ in }
    ) throws -> DriveStage {
        var options = DriveStage.Options()
        change(&options)
        let stage = DriveStage(lines, options: options, log: DriveLog(capacity: capacity), next: changes(times))
        try stage.begin(lines.map { _ in false })
        ThreadDriver(clock: SystemClock(), sources: [ThreadDriver.Group("drive", [stage])], consumers: []).run()
        return stage
    }

    @Test func `changes are made in order, each not before its time, and lines are let go`() throws {
        let line = FakeLine()
        let stage = try run([line], [0, 1, 3, 3, 150, 151]) { $0.lead = .milliseconds(5) }
        #expect(
            line.events == [
                .begin(false), .set(true), .set(false), .set(true), .set(false), .set(true), .set(false), .release,
            ])
        let records = stage.log.records
        #expect(records.map { ($0.due - stage.origin).count / 1_000_000 } == [0, 1, 3, 3, 150, 151])
        #expect(records.allSatisfy { $0.due <= $0.before && $0.before <= $0.after })
        #expect(zip(records, records.dropFirst()).allSatisfy { $0.after <= $1.before })
        #expect(stage.log.lateness.count == 6 && stage.log.writes.count == 6)
    }

    @Test func `watching the clock is as little early as sleeping`() throws {
        let stage = try run([FakeLine()], Array(0..<20)) { $0.spin = .microseconds(50) }
        #expect(stage.log.records.count == 20)
        #expect(stage.log.records.allSatisfy { $0.due <= $0.before })
    }

    @Test func `so many times as fast is so much less time`() throws {
        let stage = try run([FakeLine()], [0, 30, 60]) { $0.speed = 10 }
        #expect(stage.log.records.map { ($0.due - stage.origin).count / 1_000_000 } == [0, 3, 6])
    }

    @Test func `a change at the end of its length is not made`() throws {
        let stage = try run([FakeLine()], [0, 1, 2, 3]) { $0.length = .milliseconds(2) }
        #expect(stage.log.changes == 2)
    }

    @Test func `a log that is full counts on`() throws {
        let stage = try run([FakeLine()], [0, 1, 2, 3], capacity: 3)
        #expect(stage.log.records.count == 3 && stage.log.changes == 4 && stage.log.unrecorded == 1)
    }

    @Test func `a line that fails ends it, and all are let go`() throws {
        let lines = [FakeLine(fails: 2), FakeLine()]
        let stage = try run(lines, [0, 1, 2, 3])
        #expect(stage.failure == FakeLine.failure)
        #expect(lines[0].events == [.begin(false), .set(true), .set(false), .release])
        #expect(lines[1].events == [.begin(false), .release])
    }

    @Test func `where one line is refused none stays taken`() {
        let lines = [FakeLine(), FakeLine(refusal: FakeLine.failure)]
        #expect(throws: FakeLine.failure) { try run(lines, [0]) }
        #expect(lines[0].events == [.begin(false), .release])
    }

    @Test func `a stop ends a long rest`() throws {
        let line = FakeLine()
        let stage = DriveStage(
            [line], options: DriveStage.Options(), log: DriveLog(capacity: 1), next: changes([3_600_000]))
        try stage.begin([true])
        let driver = ThreadDriver(clock: SystemClock(), sources: [ThreadDriver.Group("drive", [stage])], consumers: [])
        driver.stop()
        driver.run()
        #expect(line.events == [.begin(true), .release])
    }
}
