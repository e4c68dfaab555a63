import TapCore
import TapFormats
import TapRecord

/// What 'tap verify' says of a proof, for people.
enum ProofText {
    static func text(_ found: ProofVerification) -> String {
        let record = found.record
        var lines = ["provenance: \(record.provenance), origin \(record.origin)"]
        if let checkpoint = record.checkpoint {
            lines.append("checkpoint: \(checkpoint.size) entries, root \(checkpoint.root.base64)")
        } else {
            lines.append("checkpoint: none that is signed by the key that was given")
        }
        let range = found.range.map { ", of them \($0.lowerBound) to \($0.upperBound)" } ?? ""
        lines.append(
            "looked at: \(counted(record.size, "entry", "entries"))\(range), \(counted(record.segments, "segment")), \(Words.bytes(record.bytes))"
        )
        for session in record.sessions {
            lines.append(
                "session \(session.number): \(counted(session.edges, "edge")), \(counted(session.scans, "scan")), \(counted(session.events, "other record")) in \(counted(session.chunks, "chunk"))"
            )
            lines += found.spans.filter { $0.session == session.number }.map(span)
            lines += VerifyText.outside(record.outside, "the clocks of witnesses", session.number)
            lines += VerifyText.outside(record.stamped, "time stamps", session.number)
        }
        lines += VerifyText.cosigned(record)
        if let checkpoint = record.checkpoint, record.cosigned == 0 || record.witnessed > 0 {
            lines.append(
                record.witnessed > found.range?.upperBound ?? .max
                    ? "witnessed: entries up to \(record.witnessed)" : "consistent: entries up to \(checkpoint.size)")
        }
        lines += VerifyText.stamps(record)
        lines += record.remarks
        if !found.uncovered.isEmpty {
            lines.append("not covered by any signature: " + found.uncovered.joined(separator: ", "))
        }
        lines += VerifyText.findings(record)
        lines.append("This says nothing about later times.")
        if record.witnessed == 0, record.cosigned == 0, record.checkpoint != nil {
            lines.append(
                "Without a checkpoint noted elsewhere (--seen) or cosigned (--policy), a log that whoever holds its keys wrote anew looks the same."
            )
        }
        return lines.joined(separator: "\n")
    }

    private static func counted(_ number: some BinaryInteger, _ noun: String, _ nouns: String? = nil) -> String {
        "\(number) \(number == 1 ? noun : nouns ?? noun + "s")"
    }

    private static func span(_ span: Verification.Span) -> String {
        guard let from = span.utcFrom, let to = span.utcTo else {
            return
                "  source '\(span.source)': t_ns \(span.from.nanoseconds) to \(span.to.nanoseconds), without a date"
        }
        return "  source '\(span.source)': \(Words.utc(from)) to \(Words.utc(to))"
    }
}
