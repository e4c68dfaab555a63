public import TapCore

/// A time in which a store took nothing of what it was to record, as its log says.
public struct OffSpan: Sendable, Hashable {
    public enum Cause: String, Sendable, CaseIterable {
        /// The recorder was stopped in order.
        case stopped
        /// The machine started anew without a stop: a power cut, a reset or a crash of the machine.
        case restarted
        /// The recorder ended without a stop while the machine went on: it was killed, or crashed.
        case killed
        /// The service manager heard no sign of life from the recorder and ended it.
        case hung
        /// It ended without a stop, and what the machine did is not known.
        case cut
        /// The medium failed, or was away.
        case medium
        /// The medium had no room.
        case full
        /// An operator had it paused.
        case paused
    }

    /// In which it is, or behind which.
    public var session: UInt64
    /// Nanoseconds since 1970 by the machine's clock; 0: not known.
    public var utcFrom: UInt64
    /// nil: it goes on; 0: not known.
    public var utcTo: UInt64?
    public var cause: Cause
    /// As the log says it; empty: it says nothing more.
    public var why = ""

    /// nil: it goes on, there is no date, or the clock was set back.
    public var length: Nanoseconds? {
        guard let utcTo, utcFrom > 0, utcTo >= utcFrom else { return nil }
        return Nanoseconds(Int64(clamping: utcTo - utcFrom))
    }
}

/// How a service manager saw a recorder end, or fail to start, as a remark of its store.
public struct ServiceEnd: Sendable {
    private static let author = "tap"
    private static let beginning = "service ended: "
    private static let inBoot = ", boot "

    /// As "watchdog (killed ABRT)".
    let words: String
    /// Of the machine, in which it was; nil: the remark does not say.
    let boot: BootID?

    /// What `tap run --ended` enters, of this boot of this machine. - Parameters: as systemd.exec(5) has them in
    /// SERVICE_RESULT, EXIT_CODE and EXIT_STATUS; empty: it does not say.
    public static func request(result: String, code: String, status: String) -> StoreRequest {
        request(result: result, code: code, status: status, in: StoreMachine.here.boot)
    }

    static func request(result: String, code: String, status: String, in boot: BootID) -> StoreRequest {
        let how = [code, status].filter { !$0.isEmpty }.joined(separator: " ")
        let text = beginning + result + (how.isEmpty ? "" : " (\(how))") + "\(inBoot)\(boot)"
        return StoreRequest(.remark(text), author: author)
    }

    /// nil: it is another remark.
    init?(_ remark: RemarkEntry) {
        guard remark.author == Self.author, remark.text.hasPrefix(Self.beginning) else { return nil }
        let parts = remark.text.dropFirst(Self.beginning.count).split(separator: Self.inBoot, maxSplits: 1)
        guard let how = parts.first else { return nil }
        words = printable(String(how))
        boot = parts.count == 2 ? BootID(parts[1]) : nil
    }

    var isHang: Bool { words.split(separator: " ").first == "watchdog" }

    /// Whether it can be the end of a session that began in a boot: in another one it is of a start that failed.
    func canEnd(_ start: StartEntry) -> Bool { boot == nil || boot == start.bootID }
}

extension OffSpan {
    /// Behind a session that ended without a stop.
    ///
    /// - Parameter next: where recording began anew, or where it is asked; nil: on another machine.
    static func cause(of start: StartEntry, next: StoreMachine?) -> Cause {
        guard let next, next.machine == start.machineID, next.boot != BootID(high: 0, low: 0) else { return .cut }
        return next.boot == start.bootID ? .killed : .restarted
    }
}
