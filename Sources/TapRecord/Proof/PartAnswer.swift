public import TapCore

/// What the chunks of a proof alone say of a line in a span of its source's clock: one line of text, which whoever verifies makes
/// again.
///
/// That no loss from before the proof's first chunk reaches into the span is taken for granted.
struct PartAnswer {
    /// As it is printed.
    var line: String
    var session: UInt64
    var from: UInt64
    var to: UInt64

    /// Of one proof.
    static let most = 1_024
    static let longestFile: UInt64 = 1 << 20

    init(line: String, session: UInt64, from: UInt64, to: UInt64) {
        (self.line, self.session, self.from, self.to) = (line, session, from, to)
    }

    private var heading: String { "line '\(line)' session \(session) t_ns \(from) to \(to)" }

    /// From a line of text; nil: it is not the answer to a question.
    init?(parsing text: Substring) {
        let before = "line '"
        guard text.hasPrefix(before), let end = text.firstRange(of: "' session ") else { return nil }
        let words = text[end.upperBound...].prefix { $0 != ":" }.split(
            separator: " ", omittingEmptySubsequences: false)
        guard words.count == 5, words[1] == "t_ns", words[3] == "to", let session = UInt64(words[0]),
            let from = UInt64(words[2]), let to = UInt64(words[4]), from <= to, to <= UInt64(Int64.max)
        else { return nil }
        self.init(
            line: String(text[..<end.lowerBound].dropFirst(before.count)), session: session, from: from, to: to)
    }

    /// Blocks as long as reading chunks takes.
    ///
    /// - Parameters:
    ///   - disk: with the segments of the chunks.
    ///   - sessions: what their segments say of them.
    func text(_ contents: ProofContents, _ disk: any Disk, _ sessions: [SessionMessage]) -> String {
        guard let start = contents.starts.first(where: { $0.session == session }),
            let source = start.sources.firstIndex(where: { table in
                table.lines.contains { printable($0.name) == line }
            }), let subject = start.sources[source].lines.first(where: { printable($0.name) == line })
        else { return "\(heading): no answer can be given: it is not in here" }
        let id = LineID(UInt16(truncatingIfNeeded: subject.number))
        var evidence = Evidence(.line(id), from: from, to: to, on: disk)
        for (index, chunk) in contents.chunks where chunk.session == session && Int(chunk.source) == source {
            evidence.take(chunk, at: index)
        }
        evidence.finish()
        var reasons = evidence.reasons(start.sources[source])
        let options = sessions.first { $0.session == session }?.header.lines.first { $0.id == id }?.options
        if evidence.count == 0, options?.edges != .both {
            reasons.append("edges of one direction only are captured, so that the other is not known")
        }
        guard reasons.isEmpty else { return "\(heading): no answer can be given: \(reasons.joined(separator: "; "))" }
        guard evidence.count == 0 else {
            return
                "\(heading): \(evidence.count) \(evidence.count == 1 ? "edge" : "edges") detected, first at t_ns \(evidence.first), last at t_ns \(evidence.last); detected losses: none"
        }
        return
            "\(heading): no edge detected; level \(evidence.isHigh == true ? "high" : "low"), read \(evidence.readings) times, at most \(evidence.longestDistance) ns apart; detected losses: none"
    }
}

extension ProofDraft {
    /// What its chunks say of a line in a span of the source's clock, in one line. Blocks as long as reading them takes.
    public func answer(_ line: String, session: UInt64, from: Timestamp, to: Timestamp) -> String {
        PartAnswer(line: printable(line), session: session, from: from.nanoseconds, to: to.nanoseconds)
            .text(contents, parts, contents.sessions(parts))
    }
}
