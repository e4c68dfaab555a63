import TapCommand
import TapConfig
import TapCore
import TapFormats

/// What some lines and tags did in a span of a session, in order of time. A claim that is what it was before says nothing new.
struct IncidentTrail: RecordSink, ~Copyable {
    struct Entry {
        /// Since the session's start.
        var time: Nanoseconds
        var wire = ""
        var claim = ""
    }

    /// More are counted only.
    static let most = 500
    private(set) var entries: [Entry] = []
    private let header: SessionHeader
    private let span: ClosedRange<Int64>
    /// By index; nil: not of the incident.
    private let lines: [String?]
    private let tags: [String?]
    private var last: [String: String] = [:]

    /// - Parameter rules: by name; what they read is followed.
    init(_ header: SessionHeader, _ site: Site, about rules: [String], _ span: ClosedRange<Int64>) {
        self.header = header
        self.span = span
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
        let since = (time - header.origin) + header.clock(of: subject).offsetToMonotonic
        guard span.contains(since.count), entries.count < IncidentTrail.most else { return }
        entries.append(Entry(time: since, wire: wire, claim: claim))
    }

    static func text(_ entries: [Entry], at when: (Nanoseconds) -> String) -> String {
        guard !entries.isEmpty else { return "\nno edge and no new claim around its beginning\n" }
        let width = (entries.map { $0.wire.count }.max() ?? 0) + 2
        let column = (entries.map { when($0.time).count }.max() ?? 0) + 2
        var text = "\n" + "time".padded(to: column) + "wire".padded(to: width) + "claim heard\n"
        for entry in entries {
            text += when(entry.time).padded(to: column) + entry.wire.padded(to: width) + entry.claim + "\n"
        }
        return text + (entries.count == most ? "... only the first \(most) are shown\n" : "")
    }
}
