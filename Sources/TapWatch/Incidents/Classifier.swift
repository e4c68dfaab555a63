import TapConfig

/// From what is broken to what may be behind it. A function of the rules that are involved.
struct Classifier {
    /// An explanation so much less sure than the best one is left out.
    private static let reach = 3
    private static let most = 3

    struct Result {
        var explanations: [Explanation] = []
        var title = ""
        var clues: [Clue: [Int]] = [:]
        /// Where to look for it.
        var causes: [SiteAsset] = []
        /// Rules on which the leading explanation rests.
        var basis: [Int] = []
        /// Places of involved rules that rest on what is found false.
        var idle: Set<Int> = []
    }

    private let site: WatchedSite
    private let traits: [RuleTraits]
    private let driven: Set<String>
    /// Clues that the site's rules can give.
    private let watched: [Clue: [Int]]

    init(_ site: WatchedSite, _ traits: [RuleTraits]) {
        self.site = site
        self.traits = traits
        let signals = site.site.signals
        let driven = Set(
            signals.filter { $0.role == .command || $0.role == .feedback }.map(\.asset).filter { !$0.isEmpty })
        self.driven = driven
        watched = Dictionary(grouping: traits.indices) { Clue(traits[$0], driven: driven) }
    }

    /// - Parameter holds: whether a rule is in order now; nil: not known.
    /// - Parameter isHigh: whether a line is high now; nil: not known.
    func classify(
        _ involved: [Incident.Involved], holds: (Int) -> Bool?, isHigh: (String) -> Bool? = { _ in nil }
    ) -> Result {
        var result = Result()
        result.idle = idle(involved)
        for (place, part) in involved.enumerated() where !result.idle.contains(place) {
            let clue = part.relation == .blind ? Clue.blind : Clue(traits[part.rule], driven: driven)
            result.clues[clue, default: []].append(part.rule)
        }
        combine(&result.clues, holds, isHigh)
        let clues = Set(result.clues.keys)
        let rows = ExplanationTable.rows.filter { $0.matches(clues) }
        // Of several rows with one answer the surest speaks; of equals the first.
        var best: [ExplanationRow] = []
        for row in rows
        where !rows.contains(where: { $0.answer == row.answer && $0.ofTen > row.ofTen })
            && !best.contains(where: { $0.answer == row.answer })
        { best.append(row) }
        best = best.enumerated().sorted { ($1.element.ofTen, $0.offset) < ($0.element.ofTen, $1.offset) }.map(\.element)
        guard let leading = best.first else { return result }
        best = best.filter { $0.ofTen >= leading.ofTen - Classifier.reach }.prefix(Classifier.most).map { $0 }
        result.basis = rules(of: leading.basis, result.clues)
        let led = causes(result, isHigh)
        let others = best.dropFirst().filter { $0.about != nil }
        let found = Set((led + others.flatMap { assets($0, result.clues) ?? [] }).map(\.name))
        result.causes = site.site.assets.filter { found.contains($0.name) }
        result.title =
            ([fill(leading.title, led)]
            + others.map { row in
                fill(row.title.prefix(1).lowercased() + row.title.dropFirst(), assets(row, result.clues) ?? led)
            })
            .joined(separator: "; ")
        result.explanations = best.map { explanation($0, result.clues, assets($0, result.clues) ?? led, holds) }
        return result
    }

    /// Where an explanation is about something of its own.
    private func assets(_ row: ExplanationRow, _ clues: [Clue: [Int]]) -> [SiteAsset]? {
        guard let clue = row.about else { return nil }
        guard clue == .alarmCut else { return assets(of: clues[clue] ?? []) }
        let lines = (clues[clue] ?? []).reduce(into: Set<String>()) { $0.formUnion(traits[$1].sounding) }
        let names = Set(site.site.signals.filter { lines.contains($0.name) }.map(\.asset))
        return site.site.assets.filter { names.contains($0.name) }
    }

    /// Rules that compare what is said of lines with them and hold: there the lie is not to be seen.
    func agreeing(about lines: Set<String>, _ holds: (Int) -> Bool?) -> [Int] {
        traits.indices.filter { rule in
            traits[rule].relation == .shown && !traits[rule].signals.isDisjoint(with: lines) && holds(rule) == true
        }
    }

    private func rules(of basis: Set<Clue>, _ clues: [Clue: [Int]]) -> [Int] {
        Array(Set(clues.filter { basis.contains($0.key) }.flatMap(\.value))).sorted()
    }

    /// Assets that rules are about, in the site's order.
    func assets(of rules: [Int]) -> [SiteAsset] {
        let names = Set(rules.flatMap { site.rules[$0].assets }.map(\.name))
        return site.site.assets.filter { names.contains($0.name) }
    }

    /// What is commanded or shown otherwise than it is; else what the leading explanation is about, and of a program's rule what it
    /// commands: the one thing, or those that have a command now.
    private func causes(_ result: Result, _ isHigh: (String) -> Bool?) -> [SiteAsset] {
        // Of a whole picture that is false no one device is the first: all that are shown otherwise are where to look.
        if result.clues[.wholePicture] != nil {
            return assets(of: [Clue.commandShown, .feedbackShown].flatMap { result.clues[$0] ?? [] })
        }
        for clue in [Clue.commandShown, .feedbackShown] {
            if let rules = result.clues[clue] { return assets(of: rules) }
        }
        // Of values that are shown wrong each may be the one that was meant.
        let values = [Clue.processShown, .deviceValueShown, .amount].flatMap { result.clues[$0] ?? [] }
        if !result.basis.isEmpty, Set(result.basis).isSubset(of: values) { return assets(of: values) }
        guard result.basis.allSatisfy({ traits[$0].relation == .program }) else {
            return assets(of: result.basis)
        }
        let commands = site.site.signals.filter { signal in
            signal.role == .command && result.basis.contains { traits[$0].signals.contains(signal.name) }
        }
        let all = Set(commands.map(\.asset))
        let given = Set(commands.filter { isHigh($0.name) == true }.map(\.asset))
        guard let commanded = [all, given].first(where: { $0.count == 1 }) else { return assets(of: result.basis) }
        return site.site.assets.filter { commanded.contains($0.name) }
    }

    private func combine(
        _ clues: inout [Clue: [Int]], _ holds: (Int) -> Bool?, _ isHigh: (String) -> Bool?
    ) {
        let devices: [Clue] = [.commandShown, .feedbackShown]
        let process: [Clue] = [.processShown, .processCount]
        let (first, second) = (devices.flatMap { clues[$0] ?? [] }, process.flatMap { clues[$0] ?? [] })
        if !first.isEmpty, !second.isEmpty { clues[.wholePicture] = first + second }
        if assets(of: first).count > 1 { clues[.severalAssets] = first }
        let values = [Clue.processShown, .deviceValueShown].flatMap { clues[$0] ?? [] }
        let common = values.dropFirst().reduce(traits[values.first ?? 0].signals) {
            $0.intersection(traits[$1].signals)
        }
        if values.count > 1, common.isEmpty { clues[.severalValues] = values }
        let driven = (clues[.alarmOutputShown] ?? []).filter { rule in
            traits[rule].signals.contains { role($0) == .alarm && isHigh($0) == true }
        }
        if !driven.isEmpty { clues[.alarmDriven] = driven }
        let cut = (clues[.alarmSilent] ?? []).filter { !traits[$0].sounding.isEmpty }
        if !cut.isEmpty { clues[.alarmCut] = cut }
        let unobeyed = (clues[.program] ?? []).filter { rule in
            traits[rule].states.contains { state in
                !traits.indices.contains { traits[$0].isConfirmed(state) && holds($0) == true }
            }
        }
        if !unobeyed.isEmpty { clues[.unobeyed] = unobeyed }
    }

    /// Places of what says nothing of the cause.
    private func idle(_ involved: [Incident.Involved]) -> Set<Int> {
        var (falseTags, falseSources, doubted) = ([TagName: Int](), Set<String>(), Set<String>())
        for part in involved where part.relation != .blind {
            let own = traits[part.rule]
            switch own.relation {
            case .shown, .counted: for tag in own.tags { falseTags[tag] = part.rule }
            case .repeats, .silent: falseSources.formUnion(own.sources)
            // A feedback that its command and its measurement contradict; wires that contradict each other.
            case .device: doubted.formUnion(own.signals.filter { role($0) == .feedback })
            case .physics: doubted.formUnion(own.signals)
            default: break
            }
        }
        var idle = Set<Int>()
        for (place, part) in involved.enumerated() where part.relation != .blind {
            let own = traits[part.rule]
            let restsOnFalse = own.premises.contains { tag in
                falseSources.contains(tag.source) || falseTags[tag].map { $0 != part.rule } ?? false
            }
            let isDoubted = own.relation == .shown && !own.signals.isDisjoint(with: doubted)
            if restsOnFalse || isDoubted { idle.insert(place) }
        }
        // Something must be left to go by.
        return idle.count == involved.count ? [] : idle
    }

    private func role(_ signal: String) -> SiteSignal.Role? { site.site.signals.first { $0.name == signal }?.role }

    private func explanation(
        _ row: ExplanationRow, _ clues: [Clue: [Int]], _ about: [SiteAsset], _ holds: (Int) -> Bool?
    ) -> Explanation {
        let basis = Clue.allCases.filter { row.basis.contains($0) && clues[$0] != nil }
        let own = basis.filter { $0 == row.about } + basis.filter { $0 != row.about }
        let more = row.expects.filter { clues[$0] != nil && !own.contains($0) }
        let missing = row.expects.filter { clue in
            clues[clue] == nil && watched[clue].map { rules in rules.allSatisfy { holds($0) == true } } ?? false
        }
        return Explanation(
            answer: row.answer, ofTen: row.ofTen, techniques: row.techniques,
            speaksFor: (own + more).map { "\($0.words) (\(names(clues[$0] ?? [])))" },
            speaksAgainst: missing.map { "in order: \(names(watched[$0] ?? []))" },
            unless: fill(row.unless, about), check: fill(row.check, about), isBeside: row.about != nil)
    }

    private func names(_ rules: [Int]) -> String { IncidentText.list(rules.map { site.rules[$0].name }, most: 4) }

    private func fill(_ text: String, _ assets: [SiteAsset]) -> String {
        guard text.contains("{asset}") else { return text }
        let titles = assets.isEmpty ? site.title : IncidentText.list(assets.map(\.title), most: 2)
        var parts = text.split(separator: "{asset}", omittingEmptySubsequences: false)
        let first = parts.removeFirst()
        return parts.reduce(String(first)) { "\($0)\(titles)\($1)" }
    }
}

enum IncidentText {
    /// `a, b and 3 more`.
    static func list(_ names: [String], most: Int) -> String {
        guard names.count > most else { return names.joined(separator: ", ") }
        return names.prefix(most).joined(separator: ", ") + " and \(names.count - most) more"
    }
}
