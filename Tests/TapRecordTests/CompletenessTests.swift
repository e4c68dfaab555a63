import Glibc
import TapCore
import TestSupport
import Testing

@testable import TapRecord

/// Random questions about random records, judged by what really happened. `TAP_QUESTIONS` is how many.
@Suite struct CompletenessTests {
    static let limit = unsafe getenv("TAP_QUESTIONS").flatMap { unsafe Int(String(cString: $0)) } ?? 300

    struct Score {
        var asked = 0
        var allowed = 0
        var answered = 0
        var failures: [String] = []
    }

    @Test func `no answer is wrong, and where the truth allows one there is one`() throws {
        let each = 30
        var score = Score()
        for seed in 0..<UInt64((CompletenessTests.limit + each - 1) / each) {
            let run = try TruthRun(seed: seed + Soak.seed << 32)
            var dice = Dice(seed ^ 0xA5A5)
            for _ in 0..<each { try CompletenessTests.ask(run, "seed \(seed)", &dice, &score) }
        }
        #expect(score.failures.prefix(5) == [])
        #expect(score.failures.count == 0)
        #expect(score.allowed * 2 >= score.asked, "\(score.allowed) of \(score.asked)")
        print("\(score.asked) questions, \(score.allowed) that can be answered, \(score.answered) answered")
    }

    private static func ask(_ run: TruthRun, _ name: String, _ dice: inout Dice, _ score: inout Score) throws {
        // Most of them of the last, whose times can be counted from its start.
        let number = dice.isTrue(oneIn: 3) ? dice.below(run.sessions.count) : run.sessions.count - 1
        let session = run.sessions[number]
        let line = dice.below(TruthRun.lines.count)
        let length = UInt64(50_000_000) << UInt64(dice.below(6))
        let most = Int((session.end - session.begin) / 1_000)
        let from = session.begin &- 500_000_000 &+ UInt64(dice.below(most)) * 1_000
        let to = from + length
        let isLast = number == run.sessions.count - 1
        let isUTC = !isLast || dice.isTrue(oneIn: 3)
        let span: (from: AskedTime, to: AskedTime)
        var (first, last) = (from, to)
        if isUTC {
            let utc = session.utc(from)
            span = (.utc(utc), .utc(utc + length))
            // Half of the bracket, and one.
            (first, last) = (from - 501, to + 501)
        } else {
            // Counted from the source's first stamp.
            let begin = session.begin + 2
            guard from > begin else { return }
            span = (
                .sinceStart(Nanoseconds(Int64(from - begin))), .sinceStart(Nanoseconds(Int64(to - begin)))
            )
        }
        let answer = try StoreQuestion(
            run.store.disk, key: run.store.key, .line(TruthRun.lines[line]), from: span.from, to: span.to
        ).answer()
        let place =
            "\(name), \(TruthRun.lines[line]), session \(number + 1) of \(run.sessions.count), \(from) to \(to), utc \(isUTC): "
        score.asked += 1
        let isAmbiguous = isUTC && run.sessions.contains { $0.stepAt != .max }
        judge(answer, session, line, (first, last), isUTC ? span : nil, isAmbiguous: isAmbiguous, place, &score)
    }

    private static func judge(
        _ answer: Completeness, _ session: TruthRun.Session, _ line: Int, _ span: (from: UInt64, to: UInt64),
        _ utc: (from: AskedTime, to: AskedTime)?, isAmbiguous: Bool, _ place: String, _ score: inout Score
    ) {
        let truth = session.lines[line]
        let isStepped = utc != nil && session.stepAt != .max
        // Where the clock was set, every time that may be meant counts.
        let inSpan = { (time: UInt64) -> Bool in
            guard isStepped, case .utc(let from)? = utc?.from, case .utc(let to)? = utc?.to else {
                return time >= span.from && time <= span.to
            }
            return session.utc(time) >= from && session.utc(time) <= to
        }
        let edges = truth.edges.count(where: inSpan)
        switch answer.answer {
        case .silent:
            score.answered += 1
            if edges != 0 { score.failures.append(place + "silent, and there were \(edges) edges") }
        case .found(let count, _, _):
            score.answered += 1
            if !isStepped, count != edges { score.failures.append(place + "\(count) edges, and there were \(edges)") }
            if isStepped, count < edges { score.failures.append(place + "\(count) edges, and there were \(edges)") }
        case .unknown: break
        }
        // A clock that was set back gives times of one session to another.
        guard !isAmbiguous, truth.allows(span.from, span.to) else { return }
        score.allowed += 1
        if answer.answer == .unknown { score.failures.append(place + "no answer: \(answer.reasons)") }
    }
}
