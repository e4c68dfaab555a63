import TapCore

/// When a server is asked what: each question once a round, no faster than its budget, and after a failure not again until a
/// pause that doubles.
struct PollSchedule: Sendable {
    /// The next question, by its place.
    private(set) var question = 0
    /// When it may be asked.
    private(set) var due: Timestamp
    private let questions: Int
    private let every: Nanoseconds
    private let gap: Nanoseconds
    private var round: Timestamp
    private var failures = 0

    static let firstPause = Nanoseconds.seconds(1)
    static let longestPause = Nanoseconds.seconds(60)

    init(_ server: PollServer, questions: Int, from start: Timestamp) {
        self.questions = max(1, questions)
        every = max(.milliseconds(1), server.every)
        gap = Nanoseconds(1_000_000_000 / Int64(max(1, server.budget)))
        (due, round) = (start, start)
    }

    /// What was asked at a time is answered by now. Rounds that could not begin in time are left out.
    mutating func answered(asked: Timestamp, at now: Timestamp) {
        failures = 0
        question += 1
        due = asked + gap
        guard question == questions else { return }
        question = 0
        round = round + every
        if round < now { round = round + every * ((now - round).count / every.count + 1) }
        due = max(due, round)
    }

    /// The server is not there, silent, or speaks garbage.
    mutating func failed(at now: Timestamp) {
        let pause = Nanoseconds(PollSchedule.firstPause.count << Int64(min(failures, 6)))
        failures += 1
        question = 0
        round = now + min(pause, PollSchedule.longestPause)
        due = round
    }
}
