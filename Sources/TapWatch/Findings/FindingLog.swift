public import TapCore

/// From verdicts to findings. What comes out is a function of the verdicts and of how far time has passed.
///
/// A rule that becomes unknown stays as it was. Once it has been unknown for too long, that is a finding too. Not safe to use
/// from two threads at once.
public final class FindingLog: VerdictSink {
    /// What came of a rule.
    public struct Tally: Sendable, Hashable {
        public fileprivate(set) var broken = 0
        public fileprivate(set) var blind = 0
        /// Whether the last finding of that kind stands.
        public fileprivate(set) var isBroken = false
        public fileprivate(set) var isBlind = false
        /// Whether anything was known of it at any time.
        public fileprivate(set) var wasKnown = false
        /// nil: it was unknown in the end.
        public fileprivate(set) var holds: Bool?
    }

    public let rules: [WatchedRule]
    public private(set) var tallies: [Tally]
    /// How many findings there were.
    public private(set) var count = 0
    private let sink: any FindingSink
    private let verdicts: (any VerdictSink)?
    private let patience: Nanoseconds
    private var states: [State]
    /// No blind spot is due earlier.
    private var nextDue: Int64
    /// When the survey is due; `Int64.max`: it was made.
    private var surveyDue: Int64

    private struct State {
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
    }

    /// - Parameters:
    ///   - patience: how long a rule may be unknown, beyond what it has to look back; the survey is made so long after the
    ///     start.
    ///   - verdicts: gets each verdict as well.
    public init(
        _ rules: [WatchedRule], patience: Nanoseconds, into sink: any FindingSink, verdicts: (any VerdictSink)? = nil
    ) {
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
        surveyDue = patience.count
        nextDue = 0
        nextDue = earliest
    }

    public func verdict(rule: Int, from time: Int64, _ truth: Truth) {
        verdicts?.verdict(rule: rule, from: time, truth)
        let known = (Nanoseconds(time) + Nanoseconds(states[rule].horizon)).count
        if nextDue < known { speak(before: known) }
        if truth == .unknown {
            tallies[rule].holds = nil
            states[rule].unknownSince = time
            states[rule].due = (Nanoseconds(known) + patience + states[rule].memory).count
            nextDue = min(nextDue, states[rule].due)
            return
        }
        tallies[rule].wasKnown = true
        tallies[rule].holds = truth == .true
        states[rule].unknownSince = nil
        clear(\.blind, rule, at: time)
        if truth == .true {
            clear(\.broken, rule, at: time)
        } else if states[rule].broken == nil {
            let began = max(Nanoseconds(time) - states[rule].lasting, .zero)
            states[rule].broken = open(.broken, rule, began: began, known: Nanoseconds(known))
        }
    }

    /// Everything up to that instant, itself included, is decided.
    func passed(_ time: Int64) {
        if nextDue <= time, time < .max { speak(before: time + 1) }
    }

    func flush() throws(TapError) { try sink.flush() }

    private var earliest: Int64 {
        states.reduce(surveyDue) { $1.unknownSince != nil && $1.blind == nil ? min($0, $1.due) : $0 }
    }

    /// Of what has been unknown for too long: in the order of when it was, then of rules.
    private func speak(before time: Int64) {
        while nextDue < time {
            let now = nextDue
            if surveyDue == now {
                surveyDue = .max
                sink.surveyed(at: Nanoseconds(now), blind: states.indices.filter { states[$0].unknownSince != nil })
            }
            for rule in states.indices where states[rule].due == now && states[rule].blind == nil {
                guard let since = states[rule].unknownSince else { continue }
                states[rule].blind = open(.blind, rule, began: Nanoseconds(since), known: Nanoseconds(now))
            }
            nextDue = earliest
        }
    }

    private func open(_ kind: Finding.Kind, _ rule: Int, began: Nanoseconds, known: Nanoseconds) -> Finding {
        count += 1
        let finding = Finding(number: count, kind: kind, rule: rule, began: began, known: known)
        switch kind {
        case .broken:
            tallies[rule].broken += 1
            tallies[rule].isBroken = true
        case .blind:
            tallies[rule].blind += 1
            tallies[rule].isBlind = true
        }
        sink.began(finding)
        return finding
    }

    private func clear(_ finding: WritableKeyPath<State, Finding?>, _ rule: Int, at time: Int64) {
        guard var cleared = states[rule][keyPath: finding] else { return }
        states[rule][keyPath: finding] = nil
        cleared.cleared = Nanoseconds(time)
        switch cleared.kind {
        case .broken: tallies[rule].isBroken = false
        case .blind: tallies[rule].isBlind = false
        }
        sink.cleared(cleared)
    }
}
