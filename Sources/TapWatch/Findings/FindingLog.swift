public import TapCore

/// From verdicts to findings. What comes out is a function of the verdicts and of how far time has passed.
///
/// A rule that becomes unknown stays as it was. Once it has been unknown for too long, that is a finding too. Not safe to use
/// from two threads at once.
public final class FindingLog: VerdictSink {
    /// What came of a rule.
    public struct Tally: Sendable, Hashable {
        public internal(set) var broken = 0
        public fileprivate(set) var blind = 0
        public fileprivate(set) var unproven = 0
        /// Of those that were broken and that work excused: no part of `broken`.
        public fileprivate(set) var excused = 0
        /// Whether the last finding of that kind stands.
        public fileprivate(set) var isBroken = false
        public fileprivate(set) var isBlind = false
        public fileprivate(set) var isUnproven = false
        /// Whether anything was known of it at any time.
        public fileprivate(set) var wasKnown = false
        /// nil: it was unknown in the end.
        public fileprivate(set) var holds: Bool?
    }

    public let rules: [WatchedRule]
    /// What is decided, in the order of the verdicts' numbers: work and its permits, rules, what puts rules to the proof, what
    /// ends their findings.
    public let formulas: [Formula]
    public internal(set) var tallies: [Tally]
    /// nil: findings say nothing of values.
    var readings: Readings?
    /// What rules ask for and the session has not, by its name in the site.
    var notCaptured: Set<String> = []
    /// When the survey was made; zero: it was not yet.
    private(set) var surveyedAt = Nanoseconds.zero
    /// How many findings there were.
    public private(set) var count = 0
    /// Grows with everything that changes what rules come to or what findings there are.
    public internal(set) var revision: UInt64 = 0
    let sink: any FindingSink
    private let verdicts: (any VerdictSink)?
    private let patience: Nanoseconds
    var states: [State]
    /// Of rules that say how often they must be proven, in their order.
    private var proofs: [ProofAge]
    /// Rules that say when their findings are over, in their order.
    private let clearings: [(rule: Int, horizon: Nanoseconds)]
    var works: [WorkState] = []
    var shelves: [RuleShelf] = []
    /// The number of the first verdict on a rule.
    private let firstRule: Int
    /// No blind spot is due earlier.
    var nextDue: Int64
    /// When the survey is due; `Int64.max`: it was made.
    private var surveyDue: Int64

    struct State {
        /// As of `Formula`.
        var horizon: Int64
        var lasting: Nanoseconds
        var memory: Nanoseconds
        var broken: Finding?
        var blind: Finding?
        /// Since when it is unknown; nil: it is known.
        var unknownSince: Int64? = 0
        /// When that is too long.
        var due: Int64
        /// From when on the rule was broken, where it says when a finding of it is over: when the one that stands began, and the
        /// last time.
        var brokenFrom: Int64 = 0
        var lastBrokenFrom: Int64 = 0
        /// Whether what is broken was counted as such.
        var isCounted = false
    }

    /// - Parameters:
    ///   - patience: how long a rule may be unknown, beyond what it has to look back; the survey is made so long after the
    ///     start.
    ///   - proven: by the rule's name, until when before the start (so negative) it was last seen to hold where it matters.
    ///   - verdicts: gets each verdict as well, by the places of `formulas`.
    public init(
        _ rules: [WatchedRule], work: [WatchedWork] = [], patience: Nanoseconds, proven: [String: Nanoseconds] = [:],
        into sink: any FindingSink, verdicts: (any VerdictSink)? = nil
    ) {
        // What excuses a rule is decided before it at every instant.
        formulas =
            work.flatMap { [$0.formula] + ($0.permit.map { [$0] } ?? []) } + rules.map(\.formula)
            + rules.compactMap { $0.proof?.formula } + rules.compactMap(\.clearing)
        var next = 0
        for work in work {
            works.append(WorkState(work, rules, verdict: next))
            next += work.permit == nil ? 1 : 2
        }
        firstRule = next
        self.rules = rules
        self.sink = sink
        self.verdicts = verdicts
        self.patience = patience
        tallies = rules.map { _ in Tally() }
        states = rules.map { rule in
            let horizon = rule.formula.horizon
            let due = (horizon + patience + rule.memory).count
            return State(horizon: horizon.count, lasting: rule.lasting, memory: rule.memory, due: due)
        }
        proofs = rules.indices.compactMap { rule in
            rules[rule].proof.map { proof in
                ProofAge(
                    rule: rule, limit: proof.every, horizon: proof.formula.horizon, last: proven[rules[rule].name])
            }
        }
        clearings = rules.indices.compactMap { rule in rules[rule].clearing.map { (rule, $0.horizon) } }
        surveyDue = patience.count
        nextDue = 0
        nextDue = earliest
    }

    public func verdict(rule number: Int, from time: Int64, _ truth: Truth) {
        revision &+= 1
        verdicts?.verdict(rule: number, from: time, truth)
        guard number >= firstRule else { return excuse(number, from: time, truth) }
        let rule = number - firstRule
        if rule >= rules.count {
            let place = rule - rules.count
            return place < proofs.count
                ? prove(place, from: time, truth) : end(place - proofs.count, from: time, truth)
        }
        let known = (Nanoseconds(time) + Nanoseconds(states[rule].horizon)).count
        if nextDue < known { speak(before: known) }
        if truth == .unknown {
            tallies[rule].holds = nil
            states[rule].unknownSince = time
            states[rule].due = (Nanoseconds(known) + patience + states[rule].memory).count
            nextDue = min(nextDue, states[rule].due)
            return
        }
        let wasKnown = tallies[rule].wasKnown
        tallies[rule].wasKnown = true
        tallies[rule].holds = truth == .true
        if !wasKnown { sink.known(rule, holds: truth == .true, at: Nanoseconds(known)) }
        states[rule].unknownSince = nil
        clear(states[rule].blind.take(), at: time)
        if truth == .false {
            states[rule].lastBrokenFrom = time
            if states[rule].broken == nil { breaks(rule, from: time, known: Nanoseconds(known)) }
        } else if rules[rule].clearing == nil {
            clear(states[rule].broken.take(), at: time)
        }
    }

    private func breaks(_ rule: Int, from time: Int64, known: Nanoseconds) {
        let began = max(Nanoseconds(time) - states[rule].lasting, .zero)
        states[rule].brokenFrom = time
        states[rule].broken = open(.broken, rule, began: began, known: known)
    }

    /// What says when findings of a rule are over has been decided: perhaps later than the rule, which may be broken again.
    private func end(_ place: Int, from time: Int64, _ truth: Truth) {
        let (rule, horizon) = clearings[place]
        let known = Nanoseconds(time) + horizon
        if nextDue < known.count { speak(before: known.count) }
        guard truth == .true, states[rule].brokenFrom <= time else { return }
        clear(states[rule].broken.take(), at: time)
        guard tallies[rule].holds == false, states[rule].lastBrokenFrom > time else { return }
        breaks(rule, from: states[rule].lastBrokenFrom, known: known)
    }

    /// Until when each rule that must be proven was last seen to hold where it matters: since the start, negative for a watch
    /// before this one; nil: never.
    public var proven: [(rule: Int, last: Nanoseconds?)] { proofs.map { ($0.rule, $0.last) } }

    /// Findings that stand, in the order of their rules.
    public var standing: [Finding] {
        let unproven = proofs.compactMap(\.finding)
        return states.indices.flatMap { rule in
            [states[rule].broken, states[rule].blind].compactMap { $0 } + unproven.filter { $0.rule == rule }
        }
    }

    private func excuse(_ number: Int, from time: Int64, _ truth: Truth) {
        guard let place = works.firstIndex(where: { $0.verdict == number || $0.permitVerdict == number }) else {
            return
        }
        if nextDue < time { speak(before: time) }
        let was = works[place].mark
        if works[place].verdict == number {
            works[place].isSeen = truth == .true
        } else {
            works[place].isPermitted = truth == .true
        }
        guard was?.isPermitted == true, works[place].mark?.isPermitted != true else { return }
        for rule in works[place].rules {
            review(rule, at: time)
        }
    }

    private func prove(_ place: Int, from time: Int64, _ truth: Truth) {
        let known = (Nanoseconds(time) + Nanoseconds(proofs[place].horizon)).count
        if nextDue < known { speak(before: known) }
        proofs[place].decide(truth, from: time)
        nextDue = min(nextDue, proofs[place].due)
        if truth == .true { clear(proofs[place].finding.take(), at: time) }
    }

    /// Everything up to that instant, itself included, is decided.
    func passed(_ time: Int64) {
        if nextDue <= time, time < .max { speak(before: time + 1) }
        sink.passed(Nanoseconds(time))
    }

    func late(_ note: LateNote) { sink.late(note) }

    func flush() throws(TapError) { try sink.flush() }

    private var earliest: Int64 {
        let shelf = shelves.reduce(surveyDue) { min($0, $1.until) }
        let first = proofs.reduce(shelf) { $1.finding == nil ? min($0, $1.due) : $0 }
        return states.reduce(first) { $1.unknownSince != nil && $1.blind == nil ? min($0, $1.due) : $0 }
    }

    /// Of what has been unknown or unproven for too long: in the order of when it was, then of rules.
    private func speak(before time: Int64) {
        while nextDue < time {
            let now = nextDue
            revision &+= 1
            if surveyDue == now {
                surveyDue = .max
                surveyedAt = Nanoseconds(now)
                sink.surveyed(at: Nanoseconds(now), blind: states.indices.filter { states[$0].unknownSince != nil })
            }
            expire(at: now)
            for rule in states.indices where states[rule].due == now && states[rule].blind == nil {
                guard let since = states[rule].unknownSince else { continue }
                states[rule].blind = open(.blind, rule, began: Nanoseconds(since), known: Nanoseconds(now))
            }
            for place in proofs.indices where proofs[place].due == now && proofs[place].finding == nil {
                let began = proofs[place].last ?? .zero
                proofs[place].finding = open(.unproven, proofs[place].rule, began: began, known: Nanoseconds(now))
            }
            nextDue = earliest
        }
    }

    private func open(_ kind: Finding.Kind, _ rule: Int, began: Nanoseconds, known: Nanoseconds) -> Finding {
        count += 1
        var finding = Finding(number: count, kind: kind, rule: rule, began: began, known: known)
        finding.proven = proofs.first { $0.rule == rule }?.last
        switch kind {
        case .broken:
            mark(&finding, at: known.count)
            states[rule].isCounted = !finding.isExcused
            finding.values = readings?.values(of: rules[rule].reads, at: known) ?? []
            tallies[rule].broken += finding.isExcused ? 0 : 1
            tallies[rule].excused += finding.isExcused ? 1 : 0
            tallies[rule].isBroken = true
        case .blind:
            tallies[rule].blind += 1
            tallies[rule].isBlind = true
        case .unproven:
            tallies[rule].unproven += 1
            tallies[rule].isUnproven = true
        }
        sink.began(finding)
        return finding
    }

    /// - Parameter finding: no longer among those that stand; nil: none did.
    private func clear(_ finding: Finding?, at time: Int64) {
        guard var finding else { return }
        finding.cleared = Nanoseconds(time)
        switch finding.kind {
        case .broken: tallies[finding.rule].isBroken = false
        case .blind: tallies[finding.rule].isBlind = false
        case .unproven: tallies[finding.rule].isUnproven = false
        }
        sink.cleared(finding)
    }
}
