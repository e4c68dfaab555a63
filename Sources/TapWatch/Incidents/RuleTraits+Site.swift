import TapConfig
import TapCore

extension WatchedSite {
    /// Of each watched rule, in their order.
    var traits: [RuleTraits] {
        let reader = TraitsReader(site)
        return rules.map { reader.traits(of: $0) }
    }
}

/// Signals and tags of an expression.
private struct Reads {
    var signals: Set<String> = []
    var tags: Set<TagName> = []
}

/// Finds out what rules of a site compare.
private struct TraitsReader {
    let site: Site
    private let signals: [String: SiteSignal]
    private let rules: [String: SiteRule]
    /// Assets that something drives: they have commands or feedback.
    private let driven: Set<String>
    /// Thresholds of rules about alarms, in the SI's base.
    private let alarmLimits: [(value: Double, dimension: Dimension)]

    init(_ site: Site) {
        self.site = site
        signals = Dictionary(site.signals.map { ($0.name, $0) }) { first, _ in first }
        rules = Dictionary(site.rules.map { ($0.name, $0) }) { first, _ in first }
        driven = Set(
            site.signals.filter { $0.role == .command || $0.role == .feedback }.map(\.asset).filter { !$0.isEmpty })
        alarmLimits = site.rules.flatMap { rule -> [(Double, Dimension)] in
            guard case .response(let when, let then, _, _, _) = rule.body else { return [] }
            let (asked, given) = (site.reliance(on: when), site.reliance(on: then))
            let isAlarm = given.signals.contains { name in
                site.signals.contains { $0.name == name && $0.role == .alarm }
            }
            return isAlarm || asked.tags.isEmpty && !given.tags.isEmpty ? site.thresholds(in: when) : []
        }
    }

    private func reads(_ condition: Condition) -> Reads {
        let reliance = site.reliance(on: condition)
        return Reads(signals: reliance.signals, tags: reliance.tags)
    }

    private func reads(_ measure: Measure) -> Reads {
        let reliance = site.reliance(on: measure)
        return Reads(signals: reliance.signals, tags: reliance.tags)
    }

    func traits(of rule: WatchedRule) -> RuleTraits {
        if let own = rules[rule.name] { return traits(of: own) }
        for source in site.sources {
            for (name, relation) in [
                ("silent", RuleRelation.silent), ("repeats", .repeats), ("writes", .written), ("flooded", .flooded),
            ] where rule.name == "\(source.name) \(name)" {
                return RuleTraits(relation: relation, sources: [source.name], assets: assets(of: source.name))
            }
            for tag in source.tags where rule.name.hasPrefix("\(source.name).\(tag.name)") {
                let rest = rule.name.dropFirst(source.name.count + tag.name.count + 1)
                if rest.isEmpty { return traits(of: tag, source) }
                if rest == " late-by-at-most" {
                    var traits = traits(of: tag, source)
                    traits.relation = .late
                    return traits
                }
            }
        }
        let failed = site.transmitters.first { rule.name == Condition.failed($0.name).text }
        if let signal = failed ?? site.guarded.first(where: { rule.name == Site.distrust(of: $0.name) }) {
            var traits = RuleTraits(relation: .transmitter)
            judge([signal.name], &traits)
            return traits
        }
        // Work that is said to go on, without a permit.
        let claimed = site.work.first { rule.name == "\($0.name) claimed" }?.claimedBy
        return RuleTraits(relation: .work, premises: claimed.map { reads($0).tags } ?? [])
    }

    private func assets(of source: String) -> Set<String> {
        site.assets.contains { $0.name == source } ? [source] : []
    }

    private func traits(of tag: SiteTag, _ source: SiteClaimSource) -> RuleTraits {
        let name = TagName(source: source.name, tag: tag.name)
        var traits = RuleTraits(relation: .shown, tags: [name], sources: [source.name])
        if let guarding = tag.guarding { traits.premises = reads(guarding).tags }
        var reliance = Reads()
        switch tag.agreement {
        case .condition(let condition): reliance = reads(condition)
        case .measure(let measure): reliance = reads(measure)
        case .words(let conditions):
            for condition in conditions.compactMap({ $0 }) {
                let part = reads(condition)
                reliance.signals.formUnion(part.signals)
                reliance.tags.formUnion(part.tags)
            }
        case .edges(let line, _):
            traits.relation = .counted
            reliance.signals = [line]
        case .approved(let value):
            traits.relation = .approved
            traits.isAlarmLimit = alarmLimits.contains {
                $0.dimension == tag.dimension && abs($0.value - value) <= TraitsReader.margin(of: value, tag.dimension)
            }
        case .clock: traits.relation = .clock
        case nil: break
        }
        traits.premises.formUnion(reliance.tags)
        if traits.relation == .shown, reliance.signals.isEmpty { traits.relation = .contradiction }
        judge(reliance.signals, &traits)
        if !tag.asset.isEmpty { traits.assets = [tag.asset] }
        // A step or a mode of something else: none of the wires that show it is said to be otherwise.
        if case .words = tag.agreement, !tag.asset.isEmpty { traits.roles = [] }
        if traits.relation == .clock { traits.assets = assets(of: source.name) }
        return traits
    }

    /// Where a rule about an alarm has its threshold, beside the alarm's own limit: far enough that no honest alarm breaks it.
    private static func margin(of value: Double, _ dimension: Dimension) -> Double {
        dimension == .temperature ? 2 : 0.05 * abs(value)
    }

    /// Adds the signals that are judged, their roles and assets.
    private func judge(_ names: Set<String>, _ traits: inout RuleTraits) {
        let own = names.compactMap { signals[$0] }
        let specific = own.filter { $0.role != .supply && $0.role != .bus && $0.role != .mode }
        for signal in specific.isEmpty ? own : specific {
            traits.signals.insert(signal.name)
            traits.roles.insert(signal.role)
            if !signal.asset.isEmpty { traits.assets.insert(signal.asset) }
        }
    }

    private func traits(of rule: SiteRule) -> RuleTraits {
        var traits = RuleTraits(relation: .physics)
        var (judged, given) = (Reads(), Reads())
        if let guarding = rule.guarding { traits.premises = reads(guarding).tags }
        switch rule.body {
        case .response(let when, let then, _, _, _):
            let asked = reads(when)
            judged = asked
            given = reads(then)
            // What is asked for alone is claimed to be so; what must follow is judged.
            if !asked.tags.isEmpty { traits.premises.formUnion(asked.tags) }
        case .never(let condition, _), .always(let condition, _), .count(let condition, _), .formula(let condition):
            judged = reads(condition)
        case .balance(let left, let right, _, _, _), .bound(let left, let right, _, _):
            judged = reads(left)
            given = reads(right)
        case .start(let lines, let after, let needs, let turns):
            judged.signals = Set(lines)
            for part in [after, needs].compactMap({ $0 }) {
                given.signals.formUnion(reads(part).signals)
                traits.premises.formUnion(reads(part).tags)
            }
            for turn in turns { traits.premises.formUnion(reads(turn).tags) }
        }
        judge(judged.signals.union(given.signals), &traits)
        traits.tags = judged.tags.union(given.tags)
        traits.sources = Set(traits.tags.map(\.source))
        if !rule.asset.isEmpty { traits.assets.insert(rule.asset) }
        traits.limit = site.limit(of: rule)
        traits.relation = relation(of: rule, judged, given)
        // As with such a tag.
        if traits.relation == .shown { traits.roles = [] }
        if case .response(_, _, _, true, _) = rule.body { traits.isBothWays = true }
        let outputs = judged.signals.union(given.signals)
        if traits.relation == .program, !outputs.contains(where: { signals[$0]?.role == .command }) {
            traits.states = outputs.filter { signals[$0]?.role == .feedback }
        }
        if traits.relation == .alarmSounds, traits.tags.isEmpty, traits.premises.isEmpty,
            case .response(let when, _, _, _, _) = rule.body
        {
            traits.sounding = given.signals.filter { signals[$0]?.role == .alarm }
            traits.soundsWhen = site.plain(when).text
        }
        return traits
    }

    private func relation(of rule: SiteRule, _ judged: Reads, _ given: Reads) -> RuleRelation {
        if rule.kind == .process { return .process }
        if case .count = rule.body { return .rate }
        let (before, after) = (roles(judged), roles(given))
        if case .response = rule.body {
            if !given.tags.isEmpty {
                if judged.signals.isEmpty, !judged.tags.isEmpty { return .contradiction }
                return given.tags.contains(where: isFlag) ? .alarmShown : .shown
            }
            if after.contains(.alarm) { return .alarmSounds }
            if !judged.tags.isEmpty { return .contradiction }
        } else if !judged.tags.isEmpty || !given.tags.isEmpty {
            switch rule.body {
            case .balance, .bound: return .account
            default:
                if judged.signals.isEmpty { return .contradiction }
                // What is no alarm says where its program is and what it was given; the wires, what it does.
                return judged.tags.contains(where: isFlag) ? .alarmFounded : .program
            }
        }
        return amongWires(rule, before, after, judged, given)
    }

    private func isFlag(_ name: TagName) -> Bool {
        site.sources.contains { $0.name == name.source && $0.tags.contains { $0.name == name.tag && $0.kind == .bool } }
    }

    private func amongWires(
        _ rule: SiteRule, _ before: Set<SiteSignal.Role>, _ after: Set<SiteSignal.Role>, _ judged: Reads,
        _ given: Reads
    ) -> RuleRelation {
        let outputs: Set<SiteSignal.Role> = [.command, .feedback]
        switch rule.body {
        case .start: return before.contains(.command) ? .program : .device
        case .response:
            if after.isDisjoint(with: outputs) {
                return before.isDisjoint(with: outputs) || assets(judged).isDisjoint(with: assets(given))
                    ? .physics : .device
            }
            return before.contains(.command) ? .device : .program
        case .balance, .bound: return .physics
        default:
            let all = before.union(after)
            if all.isDisjoint(with: outputs) { return site.limit(of: rule) == nil ? .physics : .process }
            return assets(judged).count > 1 ? .program : .device
        }
    }

    private func specific(_ reliance: Reads) -> [SiteSignal] {
        reliance.signals.compactMap { signals[$0] }.filter { $0.role != .supply && $0.role != .mode && $0.role != .bus }
    }

    private func roles(_ reliance: Reads) -> Set<SiteSignal.Role> { Set(specific(reliance).map(\.role)) }

    private func assets(_ reliance: Reads) -> Set<String> {
        Set(specific(reliance).map(\.asset).filter { !$0.isEmpty })
    }
}

extension Site {
    /// Of a rule that asks of one channel to stay on one side of a constant.
    fileprivate func limit(of rule: SiteRule) -> RuleTraits.Limit? {
        guard case .never(.compare(let left, let relation, let right), _) = rule.body, case .channel(let name) = left,
            let value = right.constant
        else { return nil }
        return RuleTraits.Limit(
            signal: name, value: value, isUpper: relation == .greater || relation == .atLeast,
            text: "\(left.text) \(relation.rawValue) \(right.text)")
    }

    /// Without the site's own word, and without for how long, where that is all of it.
    fileprivate func plain(_ condition: Condition) -> Condition {
        switch condition {
        case .holds(let inner, _): return plain(inner)
        case .word(let name):
            guard case .condition(let inner)? = words.first(where: { $0.name == name })?.meaning else {
                return condition
            }
            return inner
        default: return condition
        }
    }

    /// Constants that channels are compared with, words included.
    fileprivate func thresholds(in condition: Condition) -> [(Double, Dimension)] {
        switch condition {
        case .not(let inner), .holds(let inner, _): thresholds(in: inner)
        case .all(let parts), .any(let parts): parts.flatMap { thresholds(in: $0) }
        case .word(let name):
            words.lazy.filter { $0.name == name }.flatMap { word -> [(Double, Dimension)] in
                if case .condition(let inner) = word.meaning { thresholds(in: inner) } else { [] }
            }
        case .compare(.channel(let name), _, let limit):
            limit.constant.flatMap { value in
                signals.first { $0.name == name }.map { [(value, $0.dimension)] }
            } ?? []
        default: []
        }
    }
}
