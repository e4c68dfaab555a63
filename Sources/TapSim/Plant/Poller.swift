import TapCore

/// An operator's screen that asks a controller for its registers again and again: what it shows is as old as the
/// question, the controller's answer and the lines between are slow. Does not know the machine.
///
/// Each exchange has three times: the question is on its way from `asked`, the controller answers out of the registers
/// as they are at `answered`, and what the screen says then is said at `shown`.
struct Poller: Sendable {
    struct Timing: Sendable {
        var period: UInt64
        /// From asking until the controller has the question.
        var question: UInt64
        /// What the answer takes on the line.
        var answer: UInt64
        /// Until the screen shows it: this and up to as much again.
        var display: UInt64
    }

    private(set) var timing: Timing
    private let seed: UInt64
    private static let stream = Random.digest("screen")
    /// When the next question is asked.
    private(set) var nextQuestion: UInt64
    /// When the controller may answer at the earliest; nil: no question is open.
    private(set) var openSince: UInt64?
    /// When the screen shows what was answered; nil: nothing is on its way.
    private(set) var shows: UInt64?
    /// When the screen gives up waiting.
    private(set) var deadline = UInt64.max

    init(_ timing: Timing, first: UInt64, seed: UInt64) {
        self.timing = timing
        self.seed = seed
        nextQuestion = first
    }

    /// It asks before a time, or waits for something.
    func isBusy(before end: UInt64) -> Bool { nextQuestion < end || openSince != nil || shows != nil }

    /// Asks, if it is time. Never while an exchange is under way.
    mutating func ask(before end: UInt64) -> Bool {
        guard nextQuestion < end, openSince == nil, shows == nil else { return false }
        openSince = nextQuestion + timing.question
        deadline = nextQuestion + timing.period * 9 / 10
        nextQuestion += timing.period
        return true
    }

    /// The controller answers at `time`, which is not before `openSince`.
    mutating func answer(at time: UInt64) {
        openSince = nil
        deadline = .max
        // By the question, not in turn: one that is not answered changes nothing for the others.
        let draw = Random.at(nextQuestion, seed: seed, stream: Poller.stream) % (timing.display + 1)
        shows = time + timing.answer + timing.display + draw
    }

    /// No answer in time.
    mutating func giveUp() {
        openSince = nil
        deadline = .max
    }

    /// The answer is on the screen.
    mutating func show() { shows = nil }
}
