import TapConfig
import TapCore
import TapFormats
import TapView
import TapWatch

extension WindowJSON {
    private static let around: Int64 = 10_000_000_000
    static let mostEvents = 500

    /// What lines and tags that the incident's rules read did from shortly before it began on, as far as it is remembered, in
    /// order of time.
    ///
    /// - Parameter spans: reads lanes, by their places, from a time to before another one.
    func events(
        of incident: Incident, _ layout: WindowLayout,
        _ spans: ([Int], Int64, Int64) throws(TapError) -> [WindowMemory.Span]
    ) throws(TapError) -> String {
        let rules = Set(incident.involved.map { watched.rules[$0.rule].name })
        let reliance = site.meanings.filter { rules.contains($0.name) }.map(\.reliance)
        let signals = reliance.reduce(into: Set<String>()) { $0.formUnion($1.signals) }
        let tags = reliance.reduce(into: Set<String>()) { $0.formUnion($1.tags.map(\.description)) }
        let lanes = layout.lanes.indices.filter { place in
            let lane = layout.lanes[place]
            return lane.kind == .digital && signals.contains(lane.name)
                || lane.kind == .claim && tags.contains(lane.name)
        }
        let from = max(0, incident.began.count - WindowJSON.around)
        let to = (incident.calm ?? incident.changed).count + WindowJSON.around
        let events = try spans(lanes, from, to).flatMap { span in
            (span.changes ?? []).map { (time: $0.time, lane: span.lane, value: $0.value) }
        }.sorted { $0.time < $1.time }
        return JSON.array(
            events.prefix(WindowJSON.mostEvents).map { event in
                let text = "\(event.lane.name) \(words(event.value, event.lane))"
                return JSON.object([
                    ("t_ns", "\"\(event.time)\""), ("utc", JSON.string(time.people(Nanoseconds(event.time)))),
                    ("wire", JSON.string(event.lane.kind == .digital ? text : "")),
                    ("claim", JSON.string(event.lane.kind == .digital ? "" : text)),
                ])
            })
    }

    private func words(_ value: Double?, _ lane: Lane) -> String {
        guard let value else { return "not known" }
        if lane.kind == .digital { return value != 0 ? "rising" : "falling" }
        if !lane.words.isEmpty {
            return Int(exactly: value).flatMap { lane.words.indices.contains($0) ? lane.words[$0] : nil } ?? "not known"
        }
        let number = Words.digits(value, 6)
        return lane.unit.isEmpty ? number : "\(number) \(lane.unit)"
    }
}
