import TapCore
import TapDoctor
import TapFormats
import TapRecord

/// What 'tap record status' says.
struct StatusText {
    let status: StoreStatus
    let life: MediumLife
    /// Bytes that may be written to the medium; nil: not stated.
    let endurance: Double?
    /// Nanoseconds since 1970.
    let now: UInt64

    var text: String {
        var lines = [
            "store of \(status.origin), for \(status.provenance) signals",
            "\(counted(status.segments, "segment")), \(Words.bytes(status.bytes))"
                + (status.freeBytes.map { "; \(Words.bytes($0)) free" } ?? "")
                + (status.dropped > 0 ? "; \(counted(status.dropped, "segment")) dropped" : ""),
            "log: \(status.entries) entries, epoch \(status.epoch), checkpoint of \(status.signedEntries) entries"
                + (checkpointAge.map { ", written \(Words.span($0)) ago" } ?? ""),
            "recorded: \(Words.span(status.recorded)); written to the medium: at least \(Words.bytes(status.writtenBytes)); kept checkpoints: \(status.keptCheckpoints.count)",
            limits, "medium: \(medium)",
        ]
        if status.isRecording {
            lines.append(status.isPaused ? "a recorder is running, and paused" : "a recorder is writing")
        }
        for session in status.sessions {
            lines.append(StatusText.text(session))
            lines += status.offs.filter { $0.session == session.number }.map(text)
        }
        lines += status.pins.map(StatusText.text)
        lines.append(StatusText.clock(status))
        return lines.joined(separator: "\n")
    }

    /// By the machine's clock; nil: not known.
    private var checkpointAge: UInt64? { status.checkpointUTC.flatMap { $0 <= now ? now - $0 : nil } }

    private var limits: String {
        let set = [
            status.keepBytes.map { "\(Words.bytes($0)) of segments\(shares)" },
            status.keepFor.map { "\(Words.span($0)) of records" },
        ].compactMap { $0 }
        let what = set.isEmpty ? "the medium is full" : "the oldest is dropped"
        let rate =
            status.bytesPerSecond.map { "; \(Words.bytes(UInt64(min(1e18, $0 * 86_400)))) a day at present" } ?? ""
        let left =
            switch status.left {
            case nil: ""
            case let left? where left > .zero: ": \(what) in \(StatusText.days(left))"
            default: ": \(what) already"
            }
        return "limits: \(set.isEmpty ? "none" : "at most " + set.joined(separator: " and "))\(rate)\(left)"
    }

    private var shares: String {
        let parts = status.shares.sorted { $0.key < $1.key }.map { "\($0.key) \(counted($0.value, "part"))" }
        return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")), any other source 1)"
    }

    private static func days(_ span: Nanoseconds) -> String {
        let days = Double(span.count) / 86_400e9
        return days < 1 ? Words.span(span) : days > 36_500 ? "more than 100 years" : "\(Words.digits(days, 3)) days"
    }

    private var medium: String {
        var parts = [life.medium.isEmpty ? "not known" : life.medium]
        if let used = life.usedAtMost {
            parts.append(used > 100 ? "its life is used up" : "at most \(used) % of its life is used")
        }
        if let reserve = life.reserve { parts.append("reserve of blocks: \(reserve.rawValue)") }
        if let share = enduranceUsed {
            parts.append("this store wrote \(Words.digits(100 * share, 3)) % of its stated endurance")
        }
        if life.usedAtMost == nil, endurance == nil { parts.append("its life is not known") }
        return parts.joined(separator: "; ")
    }

    private var enduranceUsed: Double? { endurance.map { Double(status.writtenBytes) / $0 } }

    private func text(_ off: OffSpan) -> String {
        let length =
            off.utcTo == nil
            ? "off since \(off.utcFrom == 0 ? "a time that is not known" : Words.utc(off.utcFrom))"
            : off.length.map { "off for \(Words.span($0)) from \(Words.utc(off.utcFrom))" }
                ?? "off for a time that is not known"
        return "\(length): \(off.cause.rawValue)" + (off.why.isEmpty || off.cause == .stopped ? "" : ", \(off.why)")
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
            + (session.notesLost > 0 ? ", \(counted(session.notesLost, "note")) lost" : "")
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

    var json: String {
        JSON.object([
            ("format", "1"), ("origin", JSON.string(status.origin)), ("provenance", JSON.string(status.provenance)),
            ("entries", "\(status.entries)"), ("epoch", "\(status.epoch)"),
            ("signed_entries", "\(status.signedEntries)"), ("segments", "\(status.segments)"),
            ("bytes", "\(status.bytes)"), ("free_bytes", status.freeBytes.map { "\($0)" } ?? "null"),
            ("dropped_segments", "\(status.dropped)"), ("pins", JSON.array(status.pins.map(StatusText.json))),
            ("recorded_ns", "\(status.recorded.count)"),
            ("written_bytes", "\(status.writtenBytes)"),
            ("kept_checkpoints", JSON.array(status.keptCheckpoints.map { JSON.string($0) })),
            ("recording", "\(status.isRecording)"), ("paused", "\(status.isPaused)"),
            ("checkpoint_utc", StatusText.utc(status.checkpointUTC)),
            ("checkpoint_age_ns", StatusText.number(checkpointAge)),
            ("keep_bytes", StatusText.number(status.keepBytes)),
            ("keep_for_ns", StatusText.number(status.keepFor?.count)),
            (
                "shares",
                JSON.array(status.shares.sorted { $0.key < $1.key }.map { StatusText.json(share: $0.key, $0.value) })
            ),
            ("bytes_per_second", status.bytesPerSecond.map { Words.digits($0, 6) } ?? "null"),
            ("left_ns", StatusText.number(status.left?.count)),
            ("off", JSON.array(status.offs.map(StatusText.json))),
            ("medium", JSON.string(life.medium)),
            ("medium_life_used_at_most_percent", StatusText.number(life.usedAtMost)),
            ("medium_reserve", life.reserve.map { JSON.string($0.rawValue) } ?? "null"),
            ("endurance_used_percent", enduranceUsed.map { Words.digits(100 * $0, 6) } ?? "null"),
            ("sessions", JSON.array(status.sessions.map(StatusText.json))),
            ("clock_fix_utc", status.clockFix.map { JSON.string(Words.utc($0.utcNanoseconds)) } ?? "null"),
            ("clock_synchronised", status.clockFix.map { "\($0.isSynchronised)" } ?? "null"),
        ])
    }

    private static func number(_ value: (some BinaryInteger)?) -> String { value.map { "\($0)" } ?? "null" }

    /// - Parameter time: nil or 0: not known.
    private static func utc(_ time: UInt64?) -> String {
        time.flatMap { $0 == 0 ? nil : JSON.string(Words.utc($0)) } ?? "null"
    }

    private static func json(share source: String, _ parts: UInt64) -> String {
        JSON.object([("source", JSON.string(source)), ("parts", "\(parts)")])
    }

    private static func json(_ off: OffSpan) -> String {
        JSON.object([
            ("session", "\(off.session)"), ("from_utc", utc(off.utcFrom)), ("to_utc", utc(off.utcTo)),
            ("goes_on", "\(off.utcTo == nil)"), ("cause", JSON.string(off.cause.rawValue)),
            ("why", JSON.string(off.why)),
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
            ("events", "\(session.events)"), ("notes_lost", "\(session.notesLost)"),
        ])
    }
}
