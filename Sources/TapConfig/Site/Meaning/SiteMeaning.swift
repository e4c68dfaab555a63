public import TapCore

/// What a rule, or a tag that is compared, means.
public struct SiteMeaning: Sendable, Hashable {
    /// A rule by name, a tag as `hmi.LEVEL`, `hmi silent`, `hmi repeats`, `hmi writes`, `hmi flooded`, `LT1 failed`, `LT1 untrusted`.
    public var name: String
    /// One plain sentence.
    public var sentence: String
    /// From when it is broken until it speaks at the latest, where nothing is lost; nil: an estimate over a longer time.
    public var latest: Nanoseconds?
    public var reliance: Reliance
}

extension Site {
    /// What each agreement and rule means: sources in order, then transmitters, then rules.
    public var meanings: [SiteMeaning] {
        let claims = sources.flatMap { source -> [SiteMeaning] in
            let places = source.tags.flatMap { tag in
                [meaning(of: tag, source), punctuality(of: tag, source)].compactMap { $0 }
            }
            return places + silence(source) + repeats(source) + writes(source) + [flood(source)]
        }
        let failures = transmitters.map { failure(of: $0) }
        let steps = guarded.map { distrust(of: $0) }
        return claims + failures + steps + rules.map { meaning(of: $0) } + work.compactMap { claim(of: $0) }
    }

    /// Channels whose transmitter can signal a failure, in order.
    public var transmitters: [SiteSignal] { signals.filter { $0.trusted != nil && !$0.isLine } }

    /// Channels that are not trusted after a step that is too fast, in order.
    public var guarded: [SiteSignal] { signals.filter { $0.backWithin != nil && $0.fastest != nil && !$0.isLine } }

    /// The rule that a channel is trusted.
    public static func distrust(of name: String) -> String { "\(name) untrusted" }

    private func distrust(of signal: SiteSignal) -> SiteMeaning {
        SiteMeaning(
            name: Site.distrust(of: signal.name),
            sentence:
                "\(signal.name) must not be untrusted for \(DurationText.exact(Site.failureLasts)): after a step that "
                + "is faster than its 'fastest' nothing is known of it, until it steps back or a person says that it is right.",
            latest: Site.failureLasts, reliance: delayed(reliance(on: .jumps(signal.name)), Site.failureLasts))
    }

    /// How long a failure must be signalled: longer than a dip of the supply.
    public static let failureLasts = Nanoseconds.seconds(2)

    private func failure(of signal: SiteSignal) -> SiteMeaning {
        let failed = Condition.failed(signal.name)
        let supplies = supplies(of: signal.name)
        let guarding = supplies.isEmpty ? "" : "While \(supplies.joined(separator: " and ")): "
        return SiteMeaning(
            name: failed.text,
            sentence: "\(guarding)\(signal.name) must not be beyond \(signal.trustedText) for "
                + "\(DurationText.exact(Site.failureLasts)): so its transmitter signals a failure.",
            latest: Site.failureLasts,
            reliance: delayed(
                combined([reliance(on: failed)] + supplies.map { reliance(on: .line($0)) }), Site.failureLasts))
    }

    /// Lines of supplies that feed the signal.
    public func supplies(of name: String) -> [String] {
        signals.filter { $0.isLine && $0.feeds.contains(name) }.map(\.name)
    }

    /// Of those, the ones without which nothing is known of it, and how far apart all may drop or come back.
    public func knownSupplies(of name: String) -> (lines: [String], decay: Nanoseconds)? {
        let all = signals.filter { $0.isLine && $0.feeds.contains(name) && $0.name != name && $0.decay != nil }
        return all.isEmpty ? nil : (all.map(\.name), all.compactMap(\.decay).max() ?? .zero)
    }

    /// What is said of work that nobody permits.
    private func claim(of work: SiteWork) -> SiteMeaning? {
        work.claimedBy.map { claimed in
            let reliance = reliance(on: claimed)
            return SiteMeaning(
                name: "\(work.name) claimed",
                sentence: "There must never be \(claimed.text) without a person's permit.",
                latest: reliance.delay, reliance: reliance)
        }
    }

    /// Signals and tags that no agreement and no rule reads, in order: what nobody would notice about them.
    public var unwatched: (signals: [String], tags: [TagName]) {
        let reliance = combined(meanings.map(\.reliance))
        let heard = sources.flatMap { source -> [String] in
            if case .heard(let lines, _, _) = source.origin { lines } else { [] }
        }
        let used = reliance.signals.union(heard)
        let tags = sources.flatMap { source in source.tags.map { TagName(source: source.name, tag: $0.name) } }
        return (signals.map(\.name).filter { !used.contains($0) }, tags.filter { !reliance.tags.contains($0) })
    }

    private func meaning(of rule: SiteRule) -> SiteMeaning {
        var (sentence, reliance) = body(rule.body)
        if let guarding = rule.guarding {
            let settle = rule.settle > .zero ? " and has for \(DurationText.exact(rule.settle))" : ""
            sentence = "While \(guarding.text)\(settle): \(sentence)"
            let delay = reliance.delay
            reliance.add(self.reliance(on: guarding))
            // The guard has held before.
            reliance.delay = delay
        } else {
            sentence = sentence.prefix(1).uppercased() + sentence.dropFirst()
        }
        if let time = rule.provenEvery { sentence += " Its last proof may be \(days(time)) ago at most." }
        sentence += rule.clearing?.sentence ?? ""
        return SiteMeaning(name: rule.name, sentence: sentence, latest: reliance.delay, reliance: reliance)
    }

    private func body(_ body: SiteRule.Body) -> (String, Reliance) {
        switch body {
        case .response(let when, let then, let within, let bothWays, let atMost):
            let reliance = combined([reliance(on: when), reliance(on: then)])
            let back = bothWays ? ", and only then" : ""
            let end = atMost.map { ", for the first \(DurationText.exact($0))" } ?? ""
            return (
                "whenever \(when.text), there must be \(then.text) within \(DurationText.exact(within))\(back)\(end).",
                delayed(reliance, within)
            )
        case .never(let condition, let time):
            let span = time > .zero ? " for \(DurationText.exact(time))" : ""
            return ("there must never be \(condition.text)\(span).", delayed(reliance(on: condition), time))
        case .always(let condition, let time):
            let lapse = time > .zero ? ", but for lapses shorter than \(DurationText.exact(time))" : ""
            return ("there must always be \(condition.text)\(lapse).", delayed(reliance(on: condition), time))
        case .count(let condition, let limits):
            let texts = limits.map { "\($0.count) times in \(DurationText.exact($0.span))" }
            return ("\(condition.text) may begin at most \(texts.joined(separator: " and ")).", reliance(on: condition))
        case .balance(let first, let second, let absolute, let relative, let over):
            let limits = [absolute > 0 ? exact(absolute) : nil, relative > 0 ? "\(exact(relative * 100)) %" : nil]
            let slack = limits.compactMap { $0 }.joined(separator: " and ")
            return (
                "over any \(DurationText.exact(over)), \(first.text) and \(second.text) may not differ by more than "
                    + "\(slack.isEmpty ? "their accuracy" : slack) (SI units).",
                combined([reliance(on: first), reliance(on: second)])
            )
        case .bound(let first, let limit, let slack, let over):
            return (
                "over any \(DurationText.exact(over)), \(first.text) may not exceed \(limit.text) by more than "
                    + "\(exact(slack)) (SI units).",
                combined([reliance(on: first), reliance(on: limit)])
            )
        case .start(let lines, let after, let needs, let turns): return start(lines, after, needs, turns)
        case .formula(let condition): return ("at every time, \(condition.text).", reliance(on: condition))
        }
    }

    private func start(
        _ lines: [String], _ after: Condition?, _ needs: Condition?, _ turns: [Condition]
    ) -> (String, Reliance) {
        let parts = [after, needs].compactMap { $0 } + turns
        var result = combined(parts.map { reliance(on: $0) } + lines.map { reliance(on: .line($0)) })
        // What the wires said before is known; what is claimed of it comes later.
        result.delay = combined(turns.map { reliance(on: $0) } + (needs.map { [reliance(on: $0)] } ?? [])).delay
        let when = after.map { ", after \($0.text)," } ?? ""
        let need = needs.map { " only where there is \($0.text)" } ?? ""
        let turn =
            turns.isEmpty
            ? "" : "\(needs == nil ? "" : ", and") in turn, as far as \(turns.map(\.text).joined(separator: ", "))"
        return ("\(alternatives(lines)) may begin\(when)\(need)\(turn).", result)
    }
}

/// Whole days as such.
private func days(_ time: Nanoseconds) -> String {
    let day: Int64 = 86_400_000_000_000
    return time.count % day == 0 ? "\(time.count / day)d" : DurationText.exact(time)
}

/// A number for people: at most six digits.
func exact(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return plain(value) }
    return plain((value * 1e6).rounded() / 1e6)
}
