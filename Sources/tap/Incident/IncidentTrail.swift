import TapCommand
import TapConfig
import TapCore
import TapFormats

/// What some lines and tags did in a span of a session, in order of time. A claim that is what it was before says nothing new.
struct IncidentTrail: RecordSink, ~Copyable {
    struct Entry {
        /// Since the session's start.
        var time: Nanoseconds
        /// Of the clock that stamped it, plus or minus; nil: not known.
        var uncertainty: Nanoseconds?
        var wire = ""
        var claim = ""
    }

    private(set) var entries: [Entry] = []
    /// More of them are there than were asked for.
    private(set) var isCut = false
    private let header: SessionHeader
    private let span: ClosedRange<Int64>
    private let most: Int
    /// By index; nil: not of the incident.
    private let lines: [String?]
    private let tags: [String?]
    private var last: [String: String] = [:]

    /// - Parameter rules: by name; what they read is followed.
    init(_ header: SessionHeader, _ site: Site, about rules: [String], _ span: ClosedRange<Int64>, most: Int) {
        self.header = header
        self.span = span
        self.most = most
        let reliance = site.meanings.filter { rules.contains($0.name) }.map(\.reliance)
        let signals = reliance.reduce(into: Set<String>()) { $0.formUnion($1.signals) }
        let claims = reliance.reduce(into: Set<TagName>()) { $0.formUnion($1.tags) }
        lines = header.lines.map { line in
            site.signals.first { signal in
                guard case .line(line.name) = signal.wire else { return false }
                return signals.contains(signal.name) && signal.role != .bus && signal.role != .count
            }?.name
        }
        tags = header.tags.map { tag in
            claims.contains(TagName(source: tag.source, tag: tag.name)) ? "\(tag.source).\(tag.name)" : nil
        }
    }

    mutating func edge(_ edge: Edge) {
        guard let name = lines[Int(edge.line.index)] else { return }
        add(edge.time, .line(edge.line), wire: "\(name) \(edge.isRising ? "rising" : "falling")")
    }

    mutating func scans(_ block: ScanBlock, raw: RawSpan) {}

    mutating func event(_ event: Event) {
        switch event {
        case .level(let level):
            guard let name = lines[Int(level.line.index)] else { return }
            let text = "\(name) \(level.isHigh ? "high" : "low")"
            guard last[name] != text else { return }
            last[name] = text
            add(level.notAfter, .line(level.line), wire: text + " (read)")
        case .claim(let claim):
            guard let name = tags[Int(claim.tag.index)] else { return }
            let text = "\(name) \(words(claim))"
            guard last[name] != text else { return }
            last[name] = text
            add(claim.time, .tag(claim.tag), claim: text)
        default: break
        }
    }

    private func words(_ claim: Claim) -> String {
        let value =
            switch claim.value {
            case .bool(let isTrue): "\(isTrue)"
            case .number(let number): Words.digits(number, 6)
            case .text(let text): "'\(printable(text.text))'"
            }
        let unit = header.tags[Int(claim.tag.index)].unit
        return unit.isEmpty ? value : "\(value) \(unit)"
    }

    private mutating func add(_ time: Timestamp, _ subject: Gap.Subject, wire: String = "", claim: String = "") {
        let clock = header.clock(of: subject)
        let since = (time - header.origin) + clock.offsetToMonotonic
        guard span.contains(since.count) else { return }
        guard entries.count < most else { return isCut = true }
        entries.append(Entry(time: since, uncertainty: clock.uncertainty, wire: wire, claim: claim))
    }

    static func text(_ entries: [Entry], isCut: Bool, at when: (Nanoseconds) -> String) -> String {
        guard !entries.isEmpty else { return "\nno edge and no new claim around its beginning\n" }
        let columns: [(title: String, cells: [String])] = [
            ("time", entries.map { when($0.time) }),
            ("clock within", entries.map { $0.uncertainty.map { Words.span($0) } ?? "not known" }),
            ("wire", entries.map(\.wire)),
        ]
        let widths = columns.map { ($0.cells + [$0.title]).map(\.count).reduce(0, max) + 2 }
        func row(_ cells: [String], _ claim: String) -> String {
            zip(cells, widths).map { $0.padded(to: $1) }.joined() + claim + "\n"
        }
        var text = "\n" + row(columns.map(\.title), "claim heard")
        for (place, entry) in entries.enumerated() { text += row(columns.map { $0.cells[place] }, entry.claim) }
        return text + (isCut ? "... only the first \(entries.count) are shown\n" : "")
    }

    /// - Parameter utc: of a time since the session's start; nil: it has no date.
    static func csv(_ entries: [Entry], utc: (Nanoseconds) -> String?) -> String {
        let rows = entries.map { entry in
            [
                utc(entry.time) ?? "", "\(entry.time.count)", entry.uncertainty.map { "\($0.count)" } ?? "", entry.wire,
                entry.claim,
            ]
        }
        return ([["time_utc", "since_start_ns", "clock_uncertainty_ns", "wire", "claim"]] + rows)
            .map { CSVCells.row($0) + "\n" }.joined()
    }
}
