import TapConfig
public import TapCore

/// From findings to incidents: one for one cause. What comes out is a function of the findings and of how far time has passed.
///
/// A finding joins the open incident with which it shares most: signals, claims, assets, a source, a controller. It reopens a
/// closed one if its rule was part of it. Findings that work excuses, and rules that were not proven, open none and are counted.
/// An incident closes once nothing of it was wrong for `calmFor`; a counter that has counted one too many for good does not keep
/// it open. Memory is bounded by the number of rules. Not safe to use from two threads at once.
public final class IncidentLog: FindingSink {
    /// How long nothing must be wrong until it is over.
    public static let calmFor = Nanoseconds.seconds(3_600)
    /// How long after it closed its rules reopen it.
    public static let reopensFor = Nanoseconds.seconds(86_400)
    /// A change is said so long after it: what one poll shows comes within an instant or two.
    private static let changesAfter = Nanoseconds.seconds(2)
    /// After it, what else is wrong is no part of an incident of clocks alone.
    private static let clockAloneFor = Nanoseconds.seconds(600)
    /// So many that are over can be reopened, and be spoken of.
    public static let mostClosed = 64

    /// How many there were.
    public internal(set) var count = 0
    public private(set) var reopenings = 0
    /// Findings of which none was made: excused ones, and rules that were not proven.
    public private(set) var excused = 0
    public private(set) var unproven = 0
    public var open: [Incident] { states.map(\.incident) }
    /// Gives what is in order and what values are when a finding is known.
    public weak var log: FindingLog?

    let site: WatchedSite
    let sink: any IncidentSink
    let findings: (any FindingSink)?
    let traits: [RuleTraits]
    /// How much two rules share; 0: nothing.
    private let links: RuleLinks
    let describer: IncidentDescriber
    var states: [State] = []
    var closed: [State] = []
    /// The rules whose finding of each kind stands and belongs to an incident: its number.
    var places: [Key: Int] = [:]
    /// Of rules of before that were known to hold and were not broken since: they are over once the start has settled.
    var holding: Set<Int> = []
    var isSettled = false
    /// There is more to remember.
    var hasNews = false
    var now = Nanoseconds.zero
    /// What people said that is to be given on, once its instant is over: there may be more of it.
    private var said: [(number: Int, change: Incident.Change, at: Nanoseconds)] = []

    struct Key: Hashable {
        var rule: Int
        var kind: Finding.Kind
    }

    struct State {
        var incident: Incident
        /// What is to be said, and when its instant is over; nil: nothing.
        var pending: (change: Incident.Change, at: Nanoseconds)?
        /// What was said last.
        var said: Said?
        var closedAt = Nanoseconds.zero
        /// Places among what is involved that stood when the watch before this one ended, and of which nothing is known yet.
        var awaited: Set<Int> = []
    }

    /// What makes a change worth saying.
    struct Said: Equatable {
        var answers: Set<Explanation.Answer>
        var leading: Explanation.Answer?
        var isSure: Bool
        var severity: SiteRule.Severity
        var effects: Set<Clue>
    }

    /// - Parameter findings: takes the findings as well, each before the incident that it changes.
    public init(_ site: WatchedSite, into sink: any IncidentSink, findings: (any FindingSink)? = nil) {
        self.site = site
        self.sink = sink
        self.findings = findings
        traits = site.traits
        links = RuleLinks(traits)
        describer = IncidentDescriber(site, traits)
    }

    public func began(_ finding: Finding) {
        let time = advance(finding.known)
        findings?.began(finding)
        if finding.isExcused {
            excused += 1
            resolve(finding.rule, isBlind: finding.kind == .blind, at: time)
        } else {
            take(finding, at: time)
        }
    }

    public func outlasted(_ finding: Finding, at time: Nanoseconds) {
        let time = advance(time)
        findings?.outlasted(finding, at: time)
        // What was shelved only after it was said is of an incident already.
        if places[Key(rule: finding.rule, kind: finding.kind)] == nil { take(finding, at: time) }
    }

    public func asked(_ request: WatchRequest, by author: String, at time: Nanoseconds) {
        findings?.asked(request, by: author, at: time)
    }

    public func late(_ note: LateNote) { findings?.late(note) }

    /// Of an incident that is open, or that closed not long ago; of another one it is passed over.
    public func noted(_ request: IncidentRequest, by author: String, at time: Nanoseconds) {
        let time = advance(time)
        func take(_ incident: inout Incident) {
            if request.verb == .more {
                guard let last = incident.remarks.lastIndex(where: { $0.author == author }) else { return }
                incident.remarks[last].words += request.words
                if incident.acknowledgement?.time == time, incident.remarks[last].isAcknowledgement {
                    incident.acknowledgement?.words += request.words
                }
                return
            }
            let remark = IncidentRemark(
                isAcknowledgement: request.verb == .acknowledge, author: author, claimed: request.claimed, time: time,
                words: request.words)
            if incident.remarks.count < Incident.mostRemarks { incident.remarks.append(remark) }
            if remark.isAcknowledgement, incident.acknowledgement == nil { incident.acknowledgement = remark }
            said.append((incident.number, remark.isAcknowledgement ? .acknowledged : .noted, time))
        }
        if let place = states.firstIndex(where: { $0.incident.number == request.incident }) {
            take(&states[place].incident)
        } else if let place = closed.firstIndex(where: { $0.incident.number == request.incident }) {
            take(&closed[place].incident)
        }
    }

    public func cleared(_ finding: Finding) {
        let time = advance((finding.cleared ?? .zero) + site.rules[finding.rule].formula.horizon)
        findings?.cleared(finding)
        guard let number = places.removeValue(forKey: Key(rule: finding.rule, kind: finding.kind)),
            let place = states.firstIndex(where: { $0.incident.number == number }),
            let part = states[place].incident.involved.firstIndex(where: { $0.rule == finding.rule })
        else { return }
        states[place].incident.involved[part].standing -= 1
        rest(place, at: time)
        describe(place, at: time)
    }

    public func surveyed(at time: Nanoseconds, blind: [Int]) {
        let time = advance(time)
        findings?.surveyed(at: time, blind: blind)
        // Long enough: what is not known now is said.
        for place in states.indices where !states[place].awaited.isEmpty && states[place].pending == nil {
            describe(place, at: time)
            states[place].pending = (.updated, time)
        }
    }

    public func passed(_ time: Nanoseconds) {
        settle(upTo: time)
        speak(upTo: time)
        findings?.passed(time)
    }

    public func flush() throws(TapError) { try findings?.flush() }

    /// Verdicts of rules that look ahead are late, so time never goes back.
    func advance(_ time: Nanoseconds) -> Nanoseconds {
        settle(upTo: time)
        if time > now {
            speak(upTo: time - Nanoseconds(1))
            now = time
        }
        return now
    }

    /// Whether it is part of an incident: not what work excuses, what was not proven, or what was never known since the start.
    public static func makes(_ finding: Finding) -> Bool {
        !finding.isExcused && finding.kind != .unproven && !(finding.kind == .blind && finding.began == .zero)
    }

    private func take(_ finding: Finding, at time: Nanoseconds) {
        guard IncidentLog.makes(finding) else {
            if finding.kind == .unproven { unproven += 1 }
            return
        }
        if finding.kind == .broken { holding.remove(finding.rule) }
        let place = place(for: finding, at: time)
        var incident = states[place].incident
        let part =
            incident.involved.firstIndex {
                $0.rule == finding.rule && ($0.relation == .blind) == (finding.kind == .blind)
            }
            ?? incident.involved.endIndex
        if part == incident.involved.endIndex {
            incident.involved.append(
                Incident.Involved(
                    rule: finding.rule, relation: finding.kind == .blind ? .blind : traits[finding.rule].relation,
                    began: finding.began, known: finding.known))
        }
        // What stood before the start, and stands, is the same finding.
        if states[place].awaited.remove(part) == nil {
            incident.involved[part].findings += 1
            incident.involved[part].standing += 1
        }
        incident.calm = nil
        states[place].incident = incident
        places[Key(rule: finding.rule, kind: finding.kind)] = incident.number
        rest(place, at: time)
        describe(place, at: time)
    }

    /// The incident that the finding belongs to; a new one where there is none.
    private func place(for finding: Finding, at time: Nanoseconds) -> Int {
        let isBlind = finding.kind == .blind
        var best = (share: 0, place: -1)
        for (place, state) in states.enumerated() {
            let share = isOldClock(state.incident, finding, at: time) ? 0 : share(finding.rule, isBlind, state.incident)
            if share > best.share { best = (share, place) }
        }
        if best.place >= 0 { return best.place }
        if let again = closed.lastIndex(where: { state in
            time - state.closedAt <= IncidentLog.reopensFor
                && state.incident.involved.contains { $0.rule == finding.rule && ($0.relation == .blind) == isBlind }
        }) {
            var state = closed.remove(at: again)
            // It is another night: somebody has to look again.
            state.incident.acknowledgement = nil
            state.incident.reopenings += 1
            state.pending = (.reopened, time)
            reopenings += 1
            states.append(state)
            return states.count - 1
        }
        count += 1
        let incident = Incident(number: count, began: finding.began, known: finding.known, changed: time)
        states.append(State(incident: incident, pending: (.opened, time)))
        return states.count - 1
    }

    private func share(_ rule: Int, _ isBlind: Bool, _ incident: Incident) -> Int {
        incident.involved.reduce(0) { most, part in
            // What nobody sees any more may have one cause, whatever it is about.
            max(most, isBlind && part.relation == .blind ? 1 : links.share(rule, part.rule))
        }
    }

    /// A clock that has been off for a while is not what makes another claim wrong now.
    private func isOldClock(_ incident: Incident, _ finding: Finding, at time: Nanoseconds) -> Bool {
        time - incident.known > IncidentLog.clockAloneFor && traits[finding.rule].relation != .clock
            && incident.involved.allSatisfy { $0.relation == .clock }
    }

    /// Whether something is wrong that can become right again.
    func rest(_ place: Int, at time: Nanoseconds) {
        let stands = states[place].incident.involved.contains { $0.standing > 0 && $0.relation != .counted }
        states[place].incident.calm = stands ? nil : time
    }

    func describe(_ place: Int, at time: Nanoseconds) {
        unresolve(place)
        let effects = describer.describe(&states[place].incident, log)
        states[place].incident.changed = time
        let incident = states[place].incident
        let new = Said(
            answers: Set(incident.explanations.map(\.answer)), leading: incident.explanations.first?.answer,
            isSure: incident.explanations.first.map { $0.ofTen >= 9 } ?? false, severity: incident.severity,
            effects: effects)
        guard new != states[place].said else { return }
        states[place].said = new
        if states[place].pending == nil { states[place].pending = (.updated, time + IncidentLog.changesAfter) }
    }

    private func say(_ incident: Incident, _ change: Incident.Change, at time: Nanoseconds) {
        hasNews = true
        sink.changed(incident, change, at: time)
    }

    /// Says what was due up to then: in order of time, then of incidents.
    func speak(upTo time: Nanoseconds) {
        while true {
            var next: (at: Nanoseconds, place: Int, isEnd: Bool)?
            for (place, state) in states.enumerated() {
                let end = state.incident.calm.map { ($0 + IncidentLog.calmFor, place, true) }
                for due in [state.pending.map { ($0.at, place, false) }, end] {
                    if let due, due.0 <= time, next.map({ due.0 < $0.at }) ?? true { next = due }
                }
            }
            if let word = said.first, word.at <= time, next.map({ word.at <= $0.at }) ?? true {
                said.removeFirst()
                let incident = (states + closed).first { $0.incident.number == word.number }?.incident
                if let incident { say(incident, word.change, at: word.at) }
                continue
            }
            guard let next else { return }
            if next.isEnd {
                var state = states.remove(at: next.place)
                state.closedAt = next.at
                state.incident.changed = next.at
                places = places.filter { $0.value != state.incident.number }
                say(state.incident, .closed, at: next.at)
                closed.append(state)
                if closed.count > IncidentLog.mostClosed { closed.removeFirst() }
            } else if let pending = states[next.place].pending {
                states[next.place].pending = nil
                say(states[next.place].incident, pending.change, at: next.at)
            }
        }
    }
}
