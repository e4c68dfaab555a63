import TapCore
import TapDecode
import Testing

@testable import TapClaims

@Suite struct PollScheduleTests {
    private static func at(_ milliseconds: Int64) -> Timestamp { .zero + .milliseconds(milliseconds) }

    private static func schedule(questions: Int, budget: Int = 10) -> PollSchedule {
        PollSchedule(
            PollServer(address: "127.0.0.1", every: .seconds(1), budget: budget), questions: questions, from: .zero)
    }

    @Test func `each question is asked once a round, no faster than the budget`() {
        var schedule = Self.schedule(questions: 3)
        var asked: [(Int, Timestamp)] = []
        for _ in 0..<5 {
            asked.append((schedule.question, schedule.due))
            schedule.answered(asked: schedule.due, at: schedule.due + .milliseconds(20))
        }
        #expect(asked.map(\.0) == [0, 1, 2, 0, 1])
        #expect(asked.map(\.1) == [0, 100, 200, 1_000, 1_100].map(Self.at))
    }

    @Test func `a round that lasts longer leaves out the ones that it covers`() {
        var schedule = Self.schedule(questions: 1)
        schedule.answered(asked: .zero, at: Self.at(2_500))
        #expect(schedule.due == Self.at(3_000))
        // A budget below what a round needs.
        schedule = Self.schedule(questions: 3, budget: 2)
        for _ in 0..<3 { schedule.answered(asked: schedule.due, at: schedule.due) }
        #expect(schedule.question == 0 && schedule.due == Self.at(1_500))
    }

    @Test func `a server that fails is left alone for longer each time, up to a minute`() {
        var schedule = Self.schedule(questions: 2)
        schedule.answered(asked: .zero, at: .zero)
        var pauses: [Nanoseconds] = []
        for _ in 0..<9 {
            let now = schedule.due
            schedule.failed(at: now)
            #expect(schedule.question == 0)
            pauses.append(schedule.due - now)
        }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60].map { .seconds($0) })
        schedule.answered(asked: schedule.due, at: schedule.due)
        let now = schedule.due
        schedule.failed(at: now)
        #expect(schedule.due - now == .seconds(1))
    }

    @Test func `a server is written as modbus-tcp, an address and perhaps a port`() throws {
        let server = try #require(PollServer("modbus-tcp:10.0.0.5"))
        #expect(server.address == "10.0.0.5" && server.port == 502)
        #expect(PollServer("modbus-tcp:10.0.0.5:1502")?.port == 1_502)
        #expect(PollServer("modbus-tcp:[fe80::1]:1502")?.address == "fe80::1")
        #expect(PollServer("modbus-tcp:[fe80::1]:1502")?.description == "modbus-tcp:[fe80::1]:1502")
        for text in [
            "", "10.0.0.5", "modbus-tcp:", "modbus-tcp:10.0.0.5:", "modbus-tcp:10.0.0.5:0", "modbus-tcp:[::1",
            "modbus-tcp:a:1:2",
        ] {
            #expect(PollServer(text) == nil, "\(text)")
        }
    }

    @Test func `a question asks for no more than an answer holds`() {
        #expect(PollQuestion(.holdingRegisters, address: 0, count: 125) != nil)
        #expect(PollQuestion(.holdingRegisters, address: 0, count: 126) == nil)
        #expect(PollQuestion(.coils, address: 0, count: 2_000) != nil)
        #expect(PollQuestion(.coils, address: 65_535, count: 2) == nil)
        #expect(PollQuestion(.coils, address: 0, count: 0) == nil)
    }
}
