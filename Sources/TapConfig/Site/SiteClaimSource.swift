public import TapCore

/// Someone who says what the wires carry: a PLC's registers, a screen, a file.
public struct SiteClaimSource: Sendable, Hashable {
    /// How its claims are had.
    public enum Origin: Sendable, Hashable {
        /// Modbus RTU on lines that are tapped: two of them where questions and answers have a wire each.
        case heard(lines: [String], unit: Int, function: Int?)
        /// Modbus TCP in packets: of a file, or of an interface. `socket`: where a session takes what `tap claims hear`
        /// hears there; nil: no session does.
        case packets(of: String, server: String?, port: Int, unit: Int?, function: Int?, socket: String?)
        /// tap asks; never what a passive tap does on its own.
        case poll(host: String, port: Int, unit: Int, function: Int)
        /// JSON Lines or a table that others write, as it is found from here; `-`: standard input.
        case file(String)
        /// JSON Lines that others write into a Unix socket, as it is found from here, while a session listens there.
        case socket(String)
        /// Messages of an MQTT broker, to which a session subscribes.
        case broker(SiteBroker)
        /// Whoever starts the watch gives them (`--given`, a simulated screen, a record).
        case given
    }

    /// What is written on the bus.
    public enum Writes: Sendable, Hashable {
        /// Each one is a finding.
        case none
        /// Those to these addresses are allowed.
        case addresses([ClosedRange<Int>])
    }

    /// The same reports again: a replay.
    public struct Repeats: Sendable, Hashable {
        public var tags: [String]
        /// How many in a row.
        public var span: SiteSpan
        /// How long ago they may have been.
        public var within: Nanoseconds
    }

    public var name: String
    public var origin: Origin
    /// From one poll to the next.
    public var every: Nanoseconds
    /// How old a true claim may be when it arrives.
    public var late: Nanoseconds
    /// From when on its silence is a finding; nil: never.
    public var silentAfter: SiteSpan?
    /// It says only what changes: a value stands until the whole source counts as silent.
    public var isByException = false
    /// Its counters live through a stop of the PLC.
    public var isRetained: Bool
    public var tags: [SiteTag] = []
    public var repeats: Repeats?
    /// nil: nobody looks.
    public var writes: Writes?
}

extension SiteClaimSource {
    /// How many claims it may make within a second: twenty of each tag a poll, 1,000 at least and 100,000 at most. More is a flood.
    public var mostClaims: Int {
        let polls = 1 + 999_999_999 / max(1, every.count)
        let (claims, isTooMany) = Int64(20 * max(1, tags.count)).multipliedReportingOverflow(by: polls)
        return isTooMany ? 100_000 : Int(min(100_000, max(1_000, claims)))
    }

    /// The Unix socket through which its claims come while a session listens there; nil: through none.
    public var socket: String? {
        switch origin {
        case .packets(_, _, _, _, _, let socket): socket
        case .socket(let path): path
        case .heard, .poll, .file, .broker, .given: nil
        }
    }
}
