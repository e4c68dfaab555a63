import TapConfig
import TapCore
import TapFormats
import TapSim

extension Verdict {
    /// As docs/scenarios.md describes it, without the end of the line.
    var json: String {
        JSON.object([
            (label.kind.rawValue, JSON.string(label.name)), ("target", JSON.string(target)),
            ("truth", JSON.string(label.truth)),
            ("from_ns", "\(label.from.nanoseconds)"),
            ("to_ns", label.to == .distantFuture ? "null" : "\(label.to.nanoseconds)"), ("visible", "\(isVisible)"),
            ("evidence", JSON.array(evidence.map(\.json))), ("within", JSON.array(within.map(\.json))),
            ("differs_before_ns", differsBefore.map { "\($0.nanoseconds)" }),
        ])
    }

    /// For people.
    static func table(_ verdicts: [Verdict]) -> String {
        verdicts.map { verdict in
            let target =
                verdict.label.kind == .fault
                ? " (\(verdict.label.truth))" : verdict.target.isEmpty ? "" : " on \(verdict.target)"
            var lines = [
                "\(verdict.label.name)\(target), from \(DurationText.exact(verdict.label.from - .zero)): "
                    + (verdict.isVisible ? "visible" : "leaves no trace")
            ]
            if let time = verdict.differsBefore {
                lines.append("  WRONG: the runs differ before it, at \(DurationText.exact(time - .zero))")
            }
            let rows = verdict.evidence.map { $0.row(since: verdict.label.from) }
            lines += textTable(rows, flushRight: [0]).map { "  " + $0 }
            lines += verdict.within.map {
                "  within what is honest: \($0.subject), off by \(Words.digits($0.by, 4)) \($0.unit)".trimmedAtEnd
            }
            return lines.joined(separator: "\n") + "\n"
        }.joined(separator: "\n")
    }
}

extension Evidence {
    fileprivate var json: String {
        JSON.object([
            ("relation", JSON.string(relation.rawValue)), ("since_ns", "\(since.nanoseconds)"),
            ("subject", JSON.string(subject)), ("against", JSON.string(against)), ("by", JSON.number(by)),
            ("unit", JSON.string(unit)), ("accuracy", JSON.number(accuracy)),
        ])
    }

    /// After how long, which relation, and what.
    fileprivate func row(since start: Timestamp) -> [String] {
        let what =
            switch relation {
            case .wireAgainstProgram: "\(subject) is not \(against)"
            case .wireAgainstMachine where unit.isEmpty: "\(subject) is not \(against)"
            case .silence:
                "\(subject) silent for \(Words.digits(by, 4)) s, otherwise at most \(Words.digits(accuracy, 4)) s"
            case .claimAgainstWire, .claimAgainstClaim, .wireAgainstMachine:
                "\(subject) differs from \(against), by \(Words.digits(by, 4)) \(unit)".trimmedAtEnd
                    + (accuracy > 0 ? ", honest is \(Words.digits(accuracy, 4))" : "")
            }
        return ["+\(Words.digits(Double((self.since - start).count) / 1e9, 6)) s", relation.rawValue, what]
    }
}

extension String {
    fileprivate var trimmedAtEnd: String { hasSuffix(" ") ? String(dropLast()) : self }
}
