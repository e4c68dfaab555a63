public import TapCore

/// What a watch remembers from one start to the next: until when rules were proven, how far counters had come, the incidents and
/// what people asked for.
///
/// As text it is a line each, so that any version of tap can read what it knows of. Nothing in it is trusted to be true: it
/// decides from where on a counter went back, how old a proof is, and under which number an incident goes on.
public struct WatchState: Sendable, Hashable {
    /// By the rule's name: nanoseconds since 1970, UTC.
    public var proven: [String: UInt64] = [:]
    /// By the tag, as `hmi.VOLUME`: what was claimed last, in the SI's base.
    public var counters: [String: Double] = [:]
    /// By the channel's name in the site: the last trusted value of one that is not trusted, in the SI's base.
    public var distrusted: [String: Double] = [:]

    /// Permits and shelves.
    public var requests: [KeptRequest] = []
    public var approvals: [KeptApproval] = []
    public var incidents: [KeptIncident] = []
    /// How many incidents there were.
    public var numbered = 0

    private static let head = "tap-watch-state 1 "

    public init() {}

    /// - Returns: nil: it is no such text, or of another site.
    public init?(_ text: String, site: String) {
        var lines = text.split(separator: "\n")[...]
        guard let first = lines.popFirst(), first == Self.head + site else { return nil }
        for line in lines {
            let words = line.split(separator: " ", maxSplits: 2).map(String.init)
            guard words.count == 3 else { return nil }
            switch words[0] {
            case "proven":
                guard let time = UInt64(words[1]) else { return nil }
                proven[words[2]] = time
            case "counter":
                guard let value = Double(words[1]), value.isFinite else { return nil }
                counters[words[2]] = value
            case "distrusted":
                guard let value = Double(words[1]), value.isFinite else { return nil }
                distrusted[words[2]] = value
            case "request":
                let fields = WatchState.fields(words[2])
                guard let until = UInt64(words[1]), fields.count == 2 else { return nil }
                requests.append(KeptRequest(text: fields[1], author: fields[0], until: until))
            case "approval":
                let fields = WatchState.fields(words[2])
                guard let time = UInt64(words[1]), fields.count == 3, let instead = Double(fields[2]) else {
                    return nil
                }
                approvals.append(KeptApproval(text: fields[1], author: fields[0], time: time, instead: instead))
            case "numbered":
                guard let count = Int(words[1]), count >= 0 else { return nil }
                numbered = count
            case "incident":
                guard let number = Int(words[1]), let new = KeptIncident(number: number, WatchState.fields(words[2]))
                else { return nil }
                incidents.append(new)
            case "part", "remark":
                guard let number = Int(words[1]), let last = incidents.indices.last, incidents[last].number == number,
                    incidents[last].take(words[0], WatchState.fields(words[2]))
                else { return nil }
            // What a later version remembers.
            default: break
            }
        }
    }

    public func text(site: String) -> String {
        let rules = proven.sorted { $0.key < $1.key }.map { "proven \($0.value) \($0.key)\n" }
        let tags = counters.sorted { $0.key < $1.key }.map { "counter \($0.value) \($0.key)\n" }
        let channels = distrusted.sorted { $0.key < $1.key }.map { "distrusted \($0.value) \($0.key)\n" }
        let asked = requests.map { request in
            "request \(request.until) \(KeptIncident.field(request.author))\t\(KeptIncident.field(request.text))\n"
        }
        let approved = approvals.map { approval in
            "approval \(approval.time) \(KeptIncident.field(approval.author))\t\(KeptIncident.field(approval.text))"
                + "\t\(approval.instead)\n"
        }
        let count = numbered > 0 ? ["numbered \(numbered) incidents\n"] : []
        return Self.head + site + "\n"
            + (rules + tags + channels + asked + approved + count + incidents.flatMap(\.lines)).joined()
    }

    private static func fields(_ text: String) -> [String] {
        text.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }

    /// Since a session's start, so negative: until when rules were proven.
    ///
    /// - Parameter utc: at the session's start, in nanoseconds since 1970.
    public func ages(at utc: UInt64) -> [String: Nanoseconds] {
        proven.mapValues { Nanoseconds(Int64(clamping: Int128($0) - Int128(utc))) }
    }
}

extension SessionHeader {
    /// UTC at the session's start, in nanoseconds since 1970; nil: it has no date.
    public var startUTC_ns: UInt64? {
        fix.map { $0.utcNanoseconds &+ UInt64(bitPattern: (origin - $0.monotonic).count) }
    }

    /// The same of a session that was; nil: it has no date, or one of a scenario, which comes again at each run.
    public var dateUTC_ns: UInt64? { provenance == .simulated ? nil : startUTC_ns }
}
