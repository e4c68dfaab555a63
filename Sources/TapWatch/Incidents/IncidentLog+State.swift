import TapConfig
public import TapCore

// From one start of a watch to the next.
extension IncidentLog {
    public func takeNews() -> Bool {
        defer { hasNews = false }
        return hasNews
    }

    /// Each incident that was open goes on under its number: what stood is taken to stand until something is known of it. One of
    /// which the site file has no rule any more is over.
    public func restore(_ kept: WatchState, utc: UInt64) {
        count = max(count, kept.numbered)
        func time(_ utc_ns: UInt64) -> Nanoseconds { Nanoseconds(Int64(clamping: Int128(utc_ns) - Int128(utc))) }
        let rules = Dictionary(site.rules.enumerated().map { ($1.name, $0) }) { first, _ in first }
        for old in kept.incidents {
            count = max(count, old.number)
            var incident = Incident(
                number: old.number, began: time(old.began), known: time(old.known), changed: .zero)
            incident.title = old.title
            incident.reopenings = old.reopenings
            incident.remarks = old.remarks.prefix(Incident.mostRemarks).map { remark in
                IncidentRemark(
                    isAcknowledgement: remark.isAcknowledgement, author: remark.author, claimed: remark.claimed,
                    time: time(remark.time), words: remark.words)
            }
            if let place = old.acknowledgement, incident.remarks.indices.contains(place) {
                incident.acknowledgement = incident.remarks[place]
            }
            var state = State(incident: incident)
            for part in old.parts {
                guard let rule = rules[part.rule] else {
                    state.incident.removed.append(part.rule)
                    continue
                }
                if part.stands { state.awaited.insert(state.incident.involved.count) }
                state.incident.involved.append(
                    Incident.Involved(
                        rule: rule, relation: part.isBlind ? .blind : traits[rule].relation, findings: part.findings,
                        standing: part.stands ? 1 : 0, began: time(part.began), known: time(part.known)))
            }
            if let end = old.closed {
                guard !state.incident.involved.isEmpty, closed.count < IncidentLog.mostClosed else { continue }
                state.closedAt = time(end)
                closed.append(state)
            } else if state.incident.involved.isEmpty {
                state.incident.calm = .zero
                sink.changed(state.incident, .closed, at: .zero)
            } else {
                states.append(state)
                rest(states.count - 1, at: .zero)
                describe(states.count - 1, at: .zero)
                states[states.count - 1].pending = nil
                sink.changed(states[states.count - 1].incident, .resumed, at: .zero)
            }
        }
    }

    public func known(_ rule: Int, holds: Bool, at time: Nanoseconds) {
        let time = advance(time)
        findings?.known(rule, holds: holds, at: time)
        resolve(rule, isBlind: true, at: time)
        guard holds, states.contains(where: { !$0.awaited.isEmpty }) else { return }
        // What is wrong has to last before it is a finding: at the start that is not known yet.
        if isSettled { resolve(rule, isBlind: false, at: time) } else { holding.insert(rule) }
    }

    /// So long after the start, what is known to hold is over.
    private static let settling = Nanoseconds.seconds(60)

    func settle(upTo time: Nanoseconds) {
        let end = IncidentLog.settling
        guard !isSettled, time >= end else { return }
        isSettled = true
        guard !holding.isEmpty else { return }
        speak(upTo: end - Nanoseconds(1))
        now = max(now, end)
        for rule in holding.sorted() { resolve(rule, isBlind: false, at: end) }
        holding = []
    }

    /// What stood before the start does not any more.
    func resolve(_ rule: Int, isBlind: Bool, at time: Nanoseconds) {
        for place in states.indices where !states[place].awaited.isEmpty {
            let parts = states[place].awaited.filter { part in
                let involved = states[place].incident.involved[part]
                return involved.rule == rule && (involved.relation == .blind) == isBlind
            }
            guard !parts.isEmpty else { continue }
            states[place].awaited.subtract(parts)
            for part in parts { states[place].incident.involved[part].standing -= 1 }
            rest(place, at: time)
            describe(place, at: time)
        }
    }

    func unresolve(_ place: Int) {
        let state = states[place]
        states[place].incident.unresolved = state.awaited.sorted().map {
            site.rules[state.incident.involved[$0].rule].name
        }
    }

    public func remember(in state: inout WatchState, utc: UInt64) {
        func date(_ time: Nanoseconds) -> UInt64 { UInt64(clamping: Int128(utc) + Int128(time.count)) }
        func keep(_ entry: State, closed: Nanoseconds?) -> KeptIncident {
            let incident = entry.incident
            var kept = KeptIncident(
                number: incident.number, title: incident.title, began: date(incident.began),
                known: date(incident.known))
            kept.closed = closed.map(date)
            kept.reopenings = incident.reopenings
            kept.parts = incident.involved.map { part in
                KeptIncident.Part(
                    rule: site.rules[part.rule].name, isBlind: part.relation == .blind, findings: part.findings,
                    stands: closed == nil && part.standing > 0, began: date(part.began), known: date(part.known))
            }
            kept.remarks = incident.remarks.map { remark in
                KeptIncident.Remark(
                    isAcknowledgement: remark.isAcknowledgement, author: remark.author, claimed: remark.claimed,
                    time: date(remark.time), words: remark.words)
            }
            kept.acknowledgement = incident.acknowledgement.flatMap { own in incident.remarks.firstIndex { $0 == own } }
            return kept
        }
        state.numbered = count
        state.incidents =
            closed.map { keep($0, closed: $0.closedAt) } + states.map { keep($0, closed: nil) }
    }
}
