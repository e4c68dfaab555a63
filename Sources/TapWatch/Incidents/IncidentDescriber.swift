import TapConfig
import TapCore

/// Fills in what a person reads of an incident: what may be behind it, how bad it is, what wires and screen say.
struct IncidentDescriber {
    /// Farther away nothing is foretold.
    private static let farthest = Nanoseconds.seconds(7_200)
    /// So near, it is urgent.
    private static let near = Nanoseconds.seconds(1_800)
    private static let mostValues = 10
    private static let mostQuiet = 8
    /// What makes it worse for people, whatever is behind it.
    private static let effects: Set<Clue> = [.alarmNotShown, .alarmSilent, .processBound, .program, .silent]

    private let site: WatchedSite
    private let traits: [RuleTraits]
    private let classifier: Classifier
    /// Of rules of a limit: how bad it is to pass it.
    private let limits: [(rule: Int, limit: RuleTraits.Limit)]

    init(_ site: WatchedSite, _ traits: [RuleTraits]) {
        self.site = site
        self.traits = traits
        classifier = Classifier(site, traits)
        limits = traits.indices.compactMap { rule in traits[rule].limit.map { (rule, $0) } }
    }

    /// - Returns: what of it makes it worse for people.
    func describe(_ incident: inout Incident, _ log: FindingLog?) -> Set<Clue> {
        let holds = { (rule: Int) in log?.tallies[rule].holds }
        let readings = log?.readings
        let result = classifier.classify(incident.involved, holds: holds) { line in
            readings?.values(of: [line]).first?.text.map { $0 == "high" }
        }
        for place in incident.involved.indices { incident.involved[place].counts = !result.idle.contains(place) }
        incident.explanations = result.explanations
        incident.title = result.title.isEmpty ? site.rules[incident.involved[0].rule].name : result.title
        incident.causes = result.causes
        let known = Set(incident.causes.map(\.name))
        incident.effects = classifier.assets(
            of: IncidentDescriber.effects.flatMap { result.clues[$0] ?? [] }
        ).filter { !known.contains($0.name) }
        let rules = Set(incident.involved.map(\.rule))
        values(&incident, rules, readings)
        incident.outlook = outlook(rules, readings, holds)
        incident.severity = severity(incident, result)
        let standing = incident.involved.filter { $0.standing > 0 }.map(\.rule)
        incident.consequences = consequences(result, standing: standing, holds)
        neighbours(&incident, rules, holds)
        return Set(result.clues.keys).intersection(IncidentDescriber.effects)
    }

    private func severity(_ incident: Incident, _ result: Classifier.Result) -> SiteRule.Severity {
        let counting = incident.involved.filter { $0.counts && $0.relation != .blind }
        let severities = counting.map { site.rules[$0.rule].severity }
        let isLie = incident.explanations.first.map { $0.answer == .hiddenDeviation && $0.ofTen >= 8 } ?? false
        let isNear = incident.outlook.map { outlook in
            outlook.inTime <= IncidentDescriber.near
                && site.rules.first { $0.name == outlook.rule }?.severity == .high
        }
        if isLie || isNear == true || severities.contains(.high) { return .high }
        return severities.contains(.medium) ? .medium : .low
    }

    private func values(_ incident: inout Incident, _ rules: Set<Int>, _ readings: Readings?) {
        let signals = rules.reduce(into: Set<String>()) { $0.formUnion(traits[$1].signals) }
        let tags = rules.reduce(into: Set<String>()) { $0.formUnion(traits[$1].tags.map(\.description)) }
        let wires = site.site.signals.filter { signals.contains($0.name) && $0.role != .bus }
        // What is measured says most; how it moves matters where it must stay below or above something.
        let limited = Set(limits.map(\.limit.signal))
        let ordered = wires.filter { !$0.isLine } + wires.filter(\.isLine)
        incident.wires = ordered.compactMap { signal in
            readings?.values(of: [signal.name]).first.map { value in
                Incident.Value(
                    name: signal.name, text: value.text,
                    trend: limited.contains(signal.name) ? readings?.trend(of: signal.name)?.text : nil,
                    meaning: signal.high)
            }
        }.prefix(IncidentDescriber.mostValues).map { $0 }
        let said = site.site.sources.flatMap { source in source.tags.map { "\(source.name).\($0.name)" } }
        // What is approved, and who was heard to write it, where that is compared.
        incident.screen = said.filter { tags.contains($0) }.flatMap { name in
            readings?.values(of: [name, WatchedSite.approval(of: name), WatchedSite.write(to: name)]) ?? []
        }.prefix(IncidentDescriber.mostValues).map { Incident.Value(name: $0.name, text: $0.text) }
    }

    /// The limit that is passed next, of the signals that the incident is about and of those that its effects reach.
    private func outlook(_ rules: Set<Int>, _ readings: Readings?, _ holds: (Int) -> Bool?) -> Incident.Outlook? {
        guard let readings else { return nil }
        let about = rules.reduce(into: Set<String>()) { $0.formUnion(traits[$1].assets) }
        var next: Incident.Outlook?
        for (rule, limit) in limits
        where (rules.contains(rule) || !about.isDisjoint(with: traits[rule].assets)) && holds(rule) != false {
            guard let trend = readings.trend(of: limit.signal), (trend.perSecond > 0) == limit.isUpper else { continue }
            let seconds = (limit.value - trend.last) / trend.perSecond
            guard seconds > 0, seconds < Double(IncidentDescriber.farthest.count) / 1e9 else { continue }
            let time = Nanoseconds(Int64(seconds * 1e9))
            if next.map({ time < $0.inTime }) ?? true {
                next = Incident.Outlook(rule: site.rules[rule].name, limit: limit.text, inTime: time)
            }
        }
        return next
    }

    /// - Parameter standing: rules that are broken still; of the others nothing is said any more.
    private func consequences(_ result: Classifier.Result, standing: [Int], _ holds: (Int) -> Bool?) -> [String] {
        func stands(_ clue: Clue) -> Bool { result.clues[clue]?.contains(where: standing.contains) ?? false }
        var text: [String] = []
        if stands(.repeats) || stands(.wholePicture) { text.append("Do not go by the screen.") }
        for (clue, sentence) in IncidentDescriber.meaning where stands(clue) {
            text.append(sentence)
            if clue == .alarmSilent { text += hidden((result.clues[.alarmCut] ?? []).filter(standing.contains), holds) }
        }
        return text
    }

    /// Alarms that do not sound and of which it is said, truly, that they do not: only another wire shows what is wrong.
    private func hidden(_ rules: [Int], _ holds: (Int) -> Bool?) -> [String] {
        rules.compactMap { rule in
            let agreeing = classifier.agreeing(about: traits[rule].sounding, holds)
            guard !agreeing.isEmpty else { return nil }
            let lines = IncidentText.list(traits[rule].sounding.sorted(), most: 2)
            let claims = IncidentText.list(agreeing.map { site.rules[$0].name }, most: 2)
            return "\(lines) must have voltage while \(traits[rule].soundsWhen), and has none; "
                + "wire and claim (\(claims)) agree, so comparing them shows nothing."
        }
    }

    private static let meaning: [(Clue, String)] = [
        (.silent, "The operators see nothing new."),
        (.alarmSilent, "The wire of the alarm has no voltage: do not rely on hearing it."),
        (.alarmNotShown, "The screen does not show the alarm."),
        (.alarmLimitChanged, "The alarm will come at another value than approved, or not at all."),
        (.settingChanged, "The controller acts by another value than approved."),
        (.protectionShown, "Protection may be missing while the screen shows it."),
        (.program, "The plant does not do what its approved program would."),
        (.processBound, "The process is out of its bounds."),
        (.deviceBound, "A device does not run within its bounds."),
        (.blind, "What rests on that is not watched now."),
    ]

    /// Rules that share something with it: those in order speak for what is right, the others are what cannot be seen.
    private func neighbours(_ incident: inout Incident, _ rules: Set<Int>, _ holds: (Int) -> Bool?) {
        let signals = rules.reduce(into: Set<String>()) { $0.formUnion(traits[$1].signals) }
        let assets = rules.reduce(into: Set<String>()) { $0.formUnion(traits[$1].assets) }
        let near = traits.indices.filter { rule in
            !rules.contains(rule)
                && (!traits[rule].signals.isDisjoint(with: signals) || !traits[rule].assets.isDisjoint(with: assets))
        }
        incident.quiet = near.filter { holds($0) == true }.prefix(IncidentDescriber.mostQuiet).map {
            site.rules[$0].name
        }
        incident.unseen = near.filter { holds($0) == nil }.prefix(IncidentDescriber.mostQuiet).map {
            site.rules[$0].name
        }
    }
}
