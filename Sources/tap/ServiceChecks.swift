import TapCore
import TapDoctor
import TapFormats
import TapRecord

/// Whether a site is being recorded, and when it was not.
struct ServiceChecks {
    let store: String
    let status: StoreStatus
    /// Nanoseconds since 1970.
    let now: UInt64

    /// A recorder gives a sign each 60 s at least: behind twice that it has missed one for sure.
    private static let silence = Nanoseconds.seconds(150)
    /// Of how many the newest are checks of their own.
    private static let shown = 10

    var checks: [DoctorCheck] {
        [recorder] + (missed.isEmpty ? [none] : missed.suffix(Self.shown).reversed().map(check))
    }

    private var recorder: DoctorCheck {
        guard !status.sessions.isEmpty else {
            return DoctorCheck(
                "recorder", .broken, "nothing was ever recorded into \(store)", why: "it has no session",
                remedy: "Start the service:\nsudo systemctl enable --now tap")
        }
        let last = "last sign of life \(alive)"
        guard status.isRecording else {
            let cause = status.offs.last.map(words) ?? "cut"
            return DoctorCheck(
                "recorder", .broken, "nothing records; \(last)", why: "the last session ended: \(cause)",
                remedy: "Look at what it said, and start it:\njournalctl -u tap -n 50\nsudo systemctl start tap")
        }
        guard !status.isPaused else {
            return DoctorCheck(
                "recorder", .degraded, "it is paused; \(last)", why: status.offs.last?.why ?? "",
                remedy: "End the pause when the work is done:\nsudo -u tap tap record resume \(store)")
        }
        guard let age, age <= Self.silence else {
            return DoctorCheck(
                "recorder", age == nil ? .unknown : .broken, "the store is held by a recorder; \(last)",
                why: age == nil
                    ? "the machine's clock is behind the record's" : "it hangs, or its medium takes nothing",
                remedy: "Look at it:\nsystemctl status tap\njournalctl -u tap -n 50")
        }
        return DoctorCheck("recorder", .fine, "it records; \(last)")
    }

    /// nil: the clock was set back.
    private var age: Nanoseconds? {
        now >= status.lastUTC ? Nanoseconds(Int64(clamping: now - status.lastUTC)) : nil
    }

    private var alive: String {
        let time = "at \(Words.utc(status.lastUTC))"
        return age.map { "\(time), \(Words.span($0)) ago" } ?? time
    }

    /// What is over.
    private var missed: [OffSpan] { status.offs.filter { $0.utcTo != nil } }

    private var none: DoctorCheck { DoctorCheck("missed", .fine, "no time since the store was made") }

    private func check(_ off: OffSpan) -> DoctorCheck {
        let from = off.utcFrom == 0 ? "a time that is not known" : Words.utc(off.utcFrom)
        let length = off.length.map(Words.span) ?? "for a time that is not known"
        let isMeant = off.cause == .stopped || off.cause == .paused
        return DoctorCheck(
            "missed", isMeant ? .fine : .degraded, "\(length) from \(from): \(words(off))",
            why: isMeant ? "" : Self.why(off.cause), remedy: isMeant ? "" : Self.remedy(off.cause))
    }

    private func words(_ off: OffSpan) -> String {
        off.why.isEmpty || off.cause == .stopped ? off.cause.rawValue : "\(off.cause.rawValue), \(off.why)"
    }

    private static func why(_ cause: OffSpan.Cause) -> String {
        switch cause {
        case .restarted: "the machine started anew without a stop: a power cut, a reset or a crash of the machine"
        case .killed: "the recorder ended without a stop while the machine went on: it was killed, or crashed"
        case .hung: "the service manager heard no sign of life and ended the recorder"
        case .cut: "the recorder ended without a stop, and what the machine did is not known"
        case .medium: "the medium failed or was away"
        case .full: "the medium had no room"
        case .stopped, .paused: ""
        }
    }

    private static func remedy(_ cause: OffSpan.Cause) -> String {
        switch cause {
        case .restarted: "Use a supply with a buffer module, where the power was cut."
        case .killed, .hung, .cut: "Look at what the system said then:\njournalctl -u tap"
        case .medium: "Look at what the kernel said of the medium:\njournalctl -k -p err"
        case .full: "Make room, or name a limit in the site file, as 'record: {keep: 20 GB}'."
        case .stopped, .paused: ""
        }
    }
}
