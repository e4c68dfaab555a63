import TapCommand
import TapCore
import TapFormats
import TapRecord

/// What 'tap complete' answers, for people.
struct CompleteText {
    var subject: AskedSubject
    /// As they were asked for.
    var from: String
    var to: String

    func text(_ answer: Completeness) -> String {
        var lines: [String] = []
        for part in answer.parts { lines += text(part, isAlone: answer.parts.count == 1) }
        if let checkpoint = answer.checkpoint {
            lines.append("last checkpoint: \(checkpoint.size) entries; nothing is said about later times")
        }
        return lines.joined(separator: "\n")
    }

    private func text(_ part: Completeness.Part, isAlone: Bool) -> [String] {
        let span =
            "from \(printable(from)) to \(printable(to))"
            + (isAlone ? sinceStart(of: part) : part.session == 0 ? "" : ", as far as session \(part.session) goes")
        let name = printable(subject.name)
        var lines: [String]
        switch part.answer {
        case .unknown:
            return ["\(name): no answer can be given \(span)"] + part.reasons.map { "  \($0)" }
        case .silent:
            lines = ["\(name): no \(CompleteText.word(subject)) detected \(span)", rests(part)]
        case .found(let count, let first, let last):
            lines = [
                "\(name): \(counted(count, CompleteText.word(subject))) detected \(span)",
                "first at t_ns \(first.nanoseconds), last at t_ns \(last.nanoseconds), in the clock of source '\(part.source)'",
            ]
        }
        lines.append("detected losses: none; provenance: \(part.provenance), session \(part.session)")
        if case .line = subject {
            lines.append(
                part.shortestPulse.map { "pulses shorter than \(Words.span($0)) cannot be excluded" }
                    ?? "the shortest detectable pulse was not measured: shorter pulses cannot be excluded")
        }
        lines.append("recorded so and unchanged since: \(part.grade.rawValue)")
        return lines
    }

    /// Whose start times are counted from, where there were others.
    private func sinceStart(of part: Completeness.Part) -> String {
        guard part.session > 1, Words.nanoseconds(utc: from) == nil else { return "" }
        return " since the start of session \(part.session), the last that has it"
    }

    private func rests(_ part: Completeness.Part) -> String {
        let distance = "at most \(Words.span(part.longestDistance)) apart"
        guard case .line = subject else { return "its source was heard \(counted(part.readings, "time")), \(distance)" }
        return "level \(part.isHigh == true ? "high" : "low"), read \(counted(part.readings, "time")), \(distance)"
    }

    private static func word(_ subject: AskedSubject) -> String {
        switch subject {
        case .line: "edge"
        case .tag: "claim"
        case .device: "scan"
        }
    }
}
