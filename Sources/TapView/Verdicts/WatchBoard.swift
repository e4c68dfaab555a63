import Synchronization
public import TapCore
public import TapWatch

/// Takes what a watch finds, on the watch's thread, and keeps the newest state of it for others. That costs the watch nothing but
/// a copy where something has changed. `newest` is safe from any thread, everything else on the watch's.
public final class WatchBoard: FindingSink, IncidentSink {
    /// The newest state, for other threads.
    public final class Newest: Sendable {
        private let state = Mutex((snapshot: WatchSnapshot(), revision: UInt64(0)))

        public init() {}

        public var snapshot: WatchSnapshot { state.withLock { $0.snapshot } }
        /// Grows where anything but the time up to which all is decided changes.
        public var revision: UInt64 { state.withLock { $0.revision } }

        fileprivate func set(_ snapshot: WatchSnapshot) { state.withLock { $0 = (snapshot, $0.revision + 1) } }

        fileprivate func decided(_ time: Nanoseconds) { state.withLock { $0.snapshot.decided = time } }
    }

    private static let mostFindings = 1_024
    private static let mostClosed = 64
    private static let mostRequests = 64
    /// For a process that passes them on.
    private static let mostChanges = 256

    private let newest: Newest
    private let findings: any FindingSink
    private let incidents: any IncidentSink
    public weak var log: FindingLog?
    public weak var grouped: IncidentLog?
    private var snapshot = WatchSnapshot()
    private var changes: [Int: Incident.Change] = [:]
    private var closed: [WatchSnapshot.Shown] = []
    private var revision: UInt64?

    /// - Parameters:
    ///   - findings: takes the findings as well, before the board does.
    ///   - permits: given before the start.
    public init(
        _ newest: Newest, findings: any FindingSink, incidents: any IncidentSink, permits: [WatchRequest] = []
    ) {
        self.newest = newest
        self.findings = findings
        self.incidents = incidents
        snapshot.requests = permits.map { WatchSnapshot.Asked(request: $0, author: "", from: .zero) }
    }

    public func began(_ finding: Finding) {
        findings.began(finding)
        if snapshot.findings.count == WatchBoard.mostFindings { snapshot.findings.removeFirst() }
        snapshot.findings.append(finding)
    }

    public func cleared(_ finding: Finding) {
        findings.cleared(finding)
        guard let place = snapshot.findings.lastIndex(where: { $0.number == finding.number }) else { return }
        snapshot.findings[place] = finding
    }

    public func outlasted(_ finding: Finding, at time: Nanoseconds) { findings.outlasted(finding, at: time) }

    public func asked(_ request: WatchRequest, by author: String, at time: Nanoseconds) {
        findings.asked(request, by: author, at: time)
        snapshot.requests.removeAll {
            $0.request.verb == request.verb && $0.request.subject == request.subject || $0.until <= time
        }
        if snapshot.requests.count == WatchBoard.mostRequests { snapshot.requests.removeFirst() }
        guard request.time > .zero else { return }
        snapshot.requests.append(WatchSnapshot.Asked(request: request, author: author, from: time))
    }

    public func late(_ note: LateNote) { findings.late(note) }

    public func surveyed(at time: Nanoseconds, blind: [Int]) { findings.surveyed(at: time, blind: blind) }

    public func passed(_ time: Nanoseconds) {
        findings.passed(time)
        snapshot.decided = time
    }

    public func changed(_ incident: Incident, _ change: Incident.Change, at time: Nanoseconds) {
        incidents.changed(incident, change, at: time)
        snapshot.changeCount += 1
        if snapshot.changes.count == WatchBoard.mostChanges { snapshot.changes.removeFirst() }
        snapshot.changes.append(
            WatchSnapshot.Change(
                number: snapshot.changeCount, shown: WatchSnapshot.Shown(incident: incident, change: change), at: time))
        changes[incident.number] = change
        closed.removeAll { $0.incident.number == incident.number }
        if change == .closed {
            changes[incident.number] = nil
            closed.insert(WatchSnapshot.Shown(incident: incident, change: change), at: 0)
            if closed.count > WatchBoard.mostClosed { closed.removeLast() }
        }
        revision = nil
    }

    public func flush() throws(TapError) {
        try findings.flush()
        publish()
    }

    private func publish() {
        guard let log, revision != log.revision else { return newest.decided(snapshot.decided) }
        revision = log.revision
        snapshot.tallies = log.tallies
        snapshot.standing = log.standing
        snapshot.findingCount = log.count
        snapshot.incidentCount = grouped?.count ?? 0
        let open = grouped?.open ?? []
        snapshot.incidents =
            open.map { WatchSnapshot.Shown(incident: $0, change: changes[$0.number] ?? .opened) } + closed
        newest.set(snapshot)
    }
}
