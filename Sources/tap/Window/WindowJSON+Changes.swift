import TapConfig
import TapCore
import TapFormats
import TapView
import TapWatch

extension WindowJSON {
    private static let mostChanges = 32
    private static let mostOpen = 16

    /// What became of incidents after a change, for a process that passes it on.
    ///
    /// - Parameters:
    ///   - after: its number; nil: incidents that are open, as they are.
    ///   - run: of whoever counts the changes.
    func changes(
        _ snapshot: WatchSnapshot, after: UInt64?, run: String, _ model: WindowModel, behind: Nanoseconds
    ) -> String {
        var (next, lost, isAll) = (snapshot.changeCount, UInt64(0), true)
        let incidents: [String]
        if let after {
            let first = snapshot.changes.first?.number ?? snapshot.changeCount + 1
            if first > after { lost = first - after - 1 }
            let later = snapshot.changes.filter { $0.number > after }
            let given = later.prefix(WindowJSON.mostChanges)
            isAll = given.count == later.count
            if !isAll, let last = given.last { next = last.number }
            incidents = given.map { change in
                incident(change.shown, [("change", JSON.string("\(change.number)"))], at: change.at)
            }
        } else {
            incidents = snapshot.incidents.filter { $0.change != .closed }.map { incident($0) }
        }
        return JSON.object([
            ("run", JSON.string(run)), ("next", JSON.string("\(next)")), ("lost", JSON.string("\(lost)")),
            ("all", "\(isAll)"), ("incidents", JSON.array(incidents)), ("watch", watch(model, behind)),
        ])
    }

    /// In short.
    private func watch(_ model: WindowModel, _ behind: Nanoseconds) -> String {
        let open = model.incidents.filter { $0.change != .closed }
        let named = open.prefix(WindowJSON.mostOpen).map { shown in
            JSON.object([
                ("incident", "\(shown.incident.number)"), ("severity", JSON.string(shown.incident.severity.rawValue)),
                ("title", JSON.string(shown.incident.title)),
                ("began_utc", JSON.string(time.people(shown.incident.began))),
                ("acknowledged", "\(shown.incident.acknowledgement != nil)"),
            ])
        }
        return JSON.object([
            ("site", JSON.string(site.name)), ("title", JSON.string(site.title)),
            ("provenance", JSON.string(header.provenance.rawValue)), ("speed", JSON.string(speed)),
            ("verdict", JSON.string(model.trust.verdict.rawValue)),
            ("why", JSON.array(model.trust.why.prefix(WindowJSON.mostOpen).map { JSON.string($0) })),
            ("utc", JSON.string(time.people(model.now))), ("now_ns", JSON.string("\(model.now.count)")),
            ("decided_ns", JSON.string("\(model.decided.count)")),
            ("decided_age_ms", "\((model.now - model.decided).count / 1_000_000)"),
            ("behind_ms", "\(behind.count / 1_000_000)"), ("ended", "\(model.isEnded)"),
            ("incidents_open", "\(open.count)"), ("open", JSON.array(named)),
        ])
    }
}
