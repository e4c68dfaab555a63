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
    private var random: Random
    private var asked: UInt64
    /// When the controller may answer at the earliest; nil: no question is open.
    private(set) var openSince: UInt64?
    /// When the screen shows what was answered; nil: nothing is on its way.
    private(set) var shows: UInt64?
    /// When the screen gives up waiting.
    private(set) var deadline = UInt64.max

    init(_ timing: Timing, first: UInt64, random: Random) {
        self.timing = timing
        self.random = random
        asked = first
    }

    /// When the next question is asked.
    var nextQuestion: UInt64 { asked }

    /// Asks, if it is time. Never while an exchange is under way.
    mutating func ask(before end: UInt64) -> Bool {
        guard asked < end, openSince == nil, shows == nil else { return false }
        openSince = asked + timing.question
        deadline = asked + timing.period * 9 / 10
        asked += timing.period
        return true
    }

    /// The controller answers at `time`, which is not before `openSince`.
    mutating func answer(at time: UInt64) {
        openSince = nil
        deadline = .max
        shows = time + timing.answer + timing.display + random.below(timing.display + 1)
    }

    /// No answer in time.
    mutating func giveUp() {
        openSince = nil
        deadline = .max
    }

    /// The answer is on the screen.
    mutating func show() { shows = nil }
}
