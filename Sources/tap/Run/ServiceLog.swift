import CLinux
import Glibc
import TapCommand
import TapCore

/// What a service says: lines in the journal of the system, with fields, where it was started by systemd, and on standard
/// error otherwise. Safe from any thread.
struct ServiceLog: Sendable {
    /// What a line is about, as TAP_EVENT in the journal.
    enum Event: String, Sendable {
        case started, stopped, problem, loss, configuration, incident, finding, asked

        /// By which a program finds its lines in the journal whatever they say: MESSAGE_ID of systemd.journal-fields(7).
        var id: String? {
            switch self {
            case .incident: "249763b62b5a437aa13ae53bf2941e67"
            case .finding: "7dfe0ca619f044d294b91aab6ae6d1b0"
            case .asked: "67d9c77fde3d400cb311bec1f1179c3a"
            default: nil
            }
        }
    }

    /// As in syslog(3).
    enum Priority: Int, Sendable {
        case critical = 2
        case error = 3
        case warning = 4
        case notice = 5
    }

    let site: String
    private let isJournal: Bool

    init(site: String) {
        self.site = site
        isJournal = unsafe getenv("JOURNAL_STREAM") != nil
    }

    /// - Parameter more: further fields of the journal, as TAP_RULE.
    func say(_ event: Event, _ priority: Priority, _ text: String, _ more: [(String, String)] = []) {
        guard isJournal else { return ExitStatus.say("tap: \(text)") }
        // The native protocol, a field a line; a line end within a value would begin another field.
        let fields =
            [
                ("MESSAGE", text), ("PRIORITY", String(priority.rawValue)), ("SYSLOG_IDENTIFIER", "tap"),
                ("TAP_EVENT", event.rawValue), ("TAP_SITE", site),
            ] + (event.id.map { [("MESSAGE_ID", $0)] } ?? []) + more
        let bytes = Array(fields.map { "\($0.0)=\(printable($0.1, longest: 4_000))\n" }.joined().utf8)
        let status = unsafe bytes.withUnsafeBytes {
            unsafe tap_datagram("/run/systemd/journal/socket", $0.baseAddress, $0.count)
        }
        if status != 0 { ExitStatus.say("tap: \(text)") }
    }
}
