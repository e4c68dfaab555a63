import TapCore
import TapFormats
import TapRecord

/// What 'tap record status' says.
enum StatusText {
    static func text(_ status: StoreStatus) -> String {
        var lines = [
            "store of \(status.origin), for \(status.provenance) signals",
            "\(counted(status.segments, "segment")), \(Words.bytes(status.bytes))"
                + (status.freeBytes.map { "; \(Words.bytes($0)) free" } ?? "")
                + (status.dropped > 0 ? "; \(counted(status.dropped, "segment")) dropped" : ""),
            "log: \(status.entries) entries, epoch \(status.epoch), checkpoint of \(status.signedEntries) entries",
        ]
        if status.isRecording { lines.append("a recorder is writing") }
        var before: UInt64?
        for session in status.sessions {
            if let before, session.utcStart > before {
                lines.append("off for \(Words.span(session.utcStart - before))")
            }
            lines.append(text(session))
            before = session.utcEnd
        }
        lines += status.pins.map(text)
        lines.append(clock(status))
        return lines.joined(separator: "\n")
    }

    private static func text(_ session: StoreStatus.Session) -> String {
        let end =
            switch session.end {
            case nil: "goes on"
            case "cut": "ended by a cut"
            default: "ended" + (session.utcEnd.map { " at \(Words.utc($0))" } ?? "")
            }
        let rate =
            session.length > .zero
            ? ", \(Words.digits(Double(session.edges) * 1e9 / Double(session.length.count), 3)) edges/s" : ""
        return
            "session \(session.number): from \(Words.utc(session.utcStart)), \(end); \(Words.span(session.length)) of "
            + "\(counted(session.lines.count, "line")), \(counted(session.devices.count, "ADC")), "
            + "\(counted(session.tags.count, "tag")): \(counted(session.edges, "edge"))\(rate), "
            + "\(counted(session.scans, "scan")), \(counted(session.events, "other record"))"
    }

    private static func text(_ pin: StoreStatus.Pin) -> String {
        "pin \(pin.number): \(Words.utc(pin.utcFrom)) to \(Words.utc(pin.utcTo)), \(counted(pin.segments, "segment")), \(Words.bytes(pin.bytes))"
            + (pin.why.isEmpty ? "" : ": \(pin.why)") + (pin.author.isEmpty ? "" : " (\(pin.author))")
    }

    private static func clock(_ status: StoreStatus) -> String {
        guard let fix = status.clockFix else { return "clock: no fix was recorded" }
        return
            "clock: last fix at \(Words.utc(fix.utcNanoseconds)), \(fix.isSynchronised ? "synchronised" : "not synchronised")"
    }

    static func json(_ status: StoreStatus) -> String {
        JSON.object([
            ("format", "1"), ("origin", JSON.string(status.origin)), ("provenance", JSON.string(status.provenance)),
            ("entries", "\(status.entries)"), ("epoch", "\(status.epoch)"),
            ("signed_entries", "\(status.signedEntries)"), ("segments", "\(status.segments)"),
            ("bytes", "\(status.bytes)"), ("free_bytes", status.freeBytes.map { "\($0)" } ?? "null"),
            ("dropped_segments", "\(status.dropped)"), ("pins", JSON.array(status.pins.map(json))),
            ("recording", "\(status.isRecording)"),
            ("sessions", JSON.array(status.sessions.map(json))),
            ("clock_fix_utc", status.clockFix.map { JSON.string(Words.utc($0.utcNanoseconds)) } ?? "null"),
            ("clock_synchronised", status.clockFix.map { "\($0.isSynchronised)" } ?? "null"),
        ])
    }

    private static func json(_ pin: StoreStatus.Pin) -> String {
        JSON.object([
            ("number", "\(pin.number)"), ("from_utc", JSON.string(Words.utc(pin.utcFrom))),
            ("to_utc", JSON.string(Words.utc(pin.utcTo))), ("why", JSON.string(pin.why)),
            ("by", JSON.string(pin.author)), ("segments", "\(pin.segments)"), ("bytes", "\(pin.bytes)"),
        ])
    }

    private static func json(_ session: StoreStatus.Session) -> String {
        JSON.object([
            ("session", "\(session.number)"), ("start_utc", JSON.string(Words.utc(session.utcStart))),
            ("end_utc", session.utcEnd.map { JSON.string(Words.utc($0)) } ?? "null"),
            ("end", session.end.map { JSON.string($0) } ?? "null"), ("version", JSON.string(session.version)),
            ("lines", JSON.array(session.lines.map { JSON.string($0) })),
            ("devices", JSON.array(session.devices.map { JSON.string($0) })),
            ("tags", JSON.array(session.tags.map { JSON.string($0) })), ("length_ns", "\(session.length.count)"),
            ("chunks", "\(session.chunks)"), ("edges", "\(session.edges)"), ("scans", "\(session.scans)"),
            ("events", "\(session.events)"),
        ])
    }
}
