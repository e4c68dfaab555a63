import TapCore
import TapFormats
import TapRecord

/// What 'tap verify' says, for people.
enum VerifyText {
    static func status(_ found: Verification) -> Int32 {
        let kinds = Set(found.findings.map(\.kind))
        if !kinds.isDisjoint(with: [.altered, .missing, .extra, .forked, .contradiction]) { return 1 }
        if kinds.contains(.unreadable) { return 3 }
        return kinds.isDisjoint(with: [.unproven, .unknown]) ? 0 : 2
    }

    static func text(_ found: Verification, store: String) -> String {
        var lines = ["provenance: \(found.provenance), origin \(found.origin)"]
        if let checkpoint = found.checkpoint {
            lines.append("checkpoint: \(checkpoint.size) entries, root \(checkpoint.root.base64)")
        } else {
            lines.append("checkpoint: none that is signed by the key that was given")
        }
        lines.append(
            "looked at: \(found.size) entries, \(counted(found.segments, "segment")), \(Words.bytes(found.bytes))")
        if found.dropped > 0 { lines.append("dropped by the retention policy: \(counted(found.dropped, "segment"))") }
        for recorded in found.sessions {
            lines.append(session(recorded))
            lines += outside(found.outside, "the clocks of witnesses", recorded.number)
            lines += outside(found.stamped, "time stamps", recorded.number)
            lines += found.pauses.filter { $0.session == recorded.number }.map(pause)
        }
        lines += grades(found)
        lines += stamps(found)
        lines += found.remarks
        lines += findings(found)
        lines.append("This says nothing about later times.")
        if found.witnessed == 0, found.cosigned == 0, found.checkpoint != nil {
            lines.append(
                "Without a checkpoint noted elsewhere (--seen) or cosigned (--policy), a log that was cut off or rewritten by whoever holds its keys looks the same."
            )
        }
        return lines.joined(separator: "\n")
    }

    static func findings(_ found: Verification) -> [String] {
        guard found.findingCount > 0 else { return ["found: nothing is altered, missing or unproven"] }
        let more = found.findingCount - UInt64(found.findings.count)
        return ["found: \(counted(found.findingCount, "finding"))"] + found.findings.map(finding)
            + (more > 0 ? ["  and \(more) more"] : [])
    }

    private static func session(_ session: Verification.Session) -> String {
        let begin = session.utcStart == 0 ? "without a date" : Words.utc(session.utcStart)
        let end =
            session.end.map { why in
                why == "cut"
                    ? "ended by a cut" : "ended in order" + (session.utcEnd.map { " at \(Words.utc($0))" } ?? "")
            } ?? "not ended"
        return
            "session \(session.number): from \(begin), \(end); \(counted(session.edges, "edge")), \(counted(session.scans, "scan")), \(counted(session.events, "other record")) in \(counted(session.chunks, "chunk"))"
            + (session.notesLost > 0 ? "; \(counted(session.notesLost, "note")) lost" : "")
    }

    /// When a session was, by clocks outside.
    static func outside(_ all: [Verification.Outside], _ whose: String, _ session: UInt64) -> [String] {
        guard let times = all.first(where: { $0.session == session }) else { return [] }
        var parts = times.noOlder_s.map { ["its entries are no older than \(utc($0))"] } ?? []
        if let by = times.by_s {
            parts.append("\(times.isWhole ? "all" : "entries of it up to \(times.size)") existed by \(utc(by))")
        }
        guard !parts.isEmpty else { return [] }
        return ["session \(session): by \(whose) \(parts.joined(separator: ", "))"]
    }

    private static func pause(_ pause: Verification.Pause) -> String {
        "session \(pause.session): paused from \(Words.utc(pause.utcFrom)) to \(pause.utcTo.map { Words.utc($0) } ?? "its end"): \(pause.why)"
            + (pause.author.isEmpty ? "" : " (\(pause.author))")
    }

    static func grades(_ found: Verification) -> [String] {
        var lines: [String] = []
        let signed = found.checkpoint?.size ?? 0
        if found.witnessed > 0 { lines.append("witnessed: entries up to \(found.witnessed)") }
        lines += cosigned(found)
        let isWitnessed = found.witnessed > 0 || found.cosigned > 0
        if isWitnessed, found.sealed > 0 {
            lines.append("sealed: entries up to \(found.sealed), by \(counted(found.epochs - 1, "closed epoch"))")
        }
        if signed > 0, !isWitnessed || signed > found.sealed {
            lines.append("consistent: entries up to \(signed)")
        }
        if found.size > signed {
            let span = found.unsigned.map { ", \(Words.span($0)) of records" } ?? ""
            lines.append("not signed: \(found.size - signed) entries at the end\(span)")
        }
        return lines
    }

    /// Those whose signature was not checked are never said to be more than there.
    static func stamps(_ found: Verification) -> [String] {
        let (entered, holding, authorities) = found.stamps
        guard entered > 0 else { return [] }
        guard holding > 0 else {
            return [
                "time stamps: \(entered) in the log, none of them signed by an authority that was given (--tsa-ca)"
            ]
        }
        return ["time stamps: \(holding) of \(entered) hold, signed by \(authorities.joined(separator: "; "))"]
    }

    /// By whom and when.
    static func cosigned(_ found: Verification) -> [String] {
        guard found.cosigned > 0 else { return [] }
        let witnesses = found.cosigners.map { "\($0.name) at \(utc($0.time_s))" }
        return ["witnessed: entries up to \(found.cosigned), by \(witnesses.joined(separator: ", "))"]
    }

    /// Of a witness's clock, which can say anything.
    static func utc(_ seconds: UInt64) -> String {
        let (nanoseconds, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return isTooLong ? "second \(seconds)" : Words.utc(nanoseconds)
    }

    static func finding(_ finding: Verification.Finding) -> String {
        var text = "  \(finding.kind.rawValue): \(finding.place): \(finding.what)"
        if let span = finding.span {
            let when =
                if let from = span.utcFrom, let to = span.utcTo {
                    "\(Words.utc(from)) to \(Words.utc(to))"
                } else {
                    "\(Words.span(span.from.nanoseconds)) to \(Words.span(span.to.nanoseconds))"
                }
            text += " (source '\(span.source)' of session \(span.session), \(when))"
        }
        return text
    }
}
