import TapCore

extension Site {
    func meaning(of tag: SiteTag, _ source: SiteClaimSource) -> SiteMeaning? {
        guard let agreement = tag.agreement else { return nil }
        let name = TagName(source: source.name, tag: tag.name)
        let late = tag.late ?? source.late
        var reliance = Reliance()
        let sentence: String
        switch agreement {
        case .condition(let condition):
            sentence = "must be what \(condition.text) was at some time of the last \(DurationText.exact(late))"
            reliance = self.reliance(on: condition)
        case .measure(let measure):
            reliance = self.reliance(on: measure)
            sentence =
                "must be what \(measure.text) was at some time of the last \(DurationText.exact(late)), within "
                + tolerance(tag, reliance)
        case .edges(let line, let each):
            reliance = self.reliance(on: .line(line))
            let size = each == 1 ? "1" : "\(exact(each / tag.unitSize)) \(tag.unit)"
            sentence = "must grow by \(size) each time \(line) rises, and never otherwise"
        case .approved(let value):
            sentence =
                "must be \(exact(value / tag.unitSize)) \(tag.unit), as approved, or what a person approves instead"
        case .words(let conditions):
            guard case .words(let words) = tag.kind else { return nil }
            let parts = zip(words, conditions).compactMap { word, condition in condition.map { "\(word): \($0.text)" } }
            reliance = combined(conditions.compactMap { $0 }.map { self.reliance(on: $0) })
            sentence = "must say what holds (\(parts.joined(separator: "; ")))"
        case .clock:
            let within = tag.within.map { " within \(exact($0)) s" } ?? ""
            sentence = "must be the time in \(zone.isEmpty ? "UTC" : zone)\(within)"
        }
        let hold = tag.hold.time(every: source.every)
        let held = hold > .zero ? "; a difference counts after \(text(tag.hold))" : ""
        let delay = reliance.delay + source.every + late + hold
        reliance.tags.insert(name)
        var whole = "The claim \(name) \(sentence)\(held)."
        if let guarding = tag.guarding {
            whole = "While \(guarding.text): \(whole.prefix(1).lowercased())\(whole.dropFirst())"
            reliance.add(self.reliance(on: guarding))
        }
        reliance.delay = delay
        whole += tag.clearing?.sentence ?? ""
        return SiteMeaning(name: name.description, sentence: whole, latest: delay, reliance: reliance)
    }

    func punctuality(of tag: SiteTag, _ source: SiteClaimSource) -> SiteMeaning? {
        guard let limit = tag.lateByAtMost, tag.agreement != nil else { return nil }
        let name = TagName(source: source.name, tag: tag.name)
        var reliance = Reliance()
        if case .measure(let measure) = tag.agreement { reliance = self.reliance(on: measure) }
        reliance.tags.insert(name)
        reliance.delay = .seconds(20 * 60)
        return SiteMeaning(
            name: "\(name) late-by-at-most",
            sentence: "The claim \(name) may be late by \(DurationText.exact(limit)) at most, by estimate over 20min.",
            latest: nil, reliance: reliance)
    }

    private func tolerance(_ tag: SiteTag, _ reliance: Reliance) -> String {
        let accurate = signals.filter { reliance.signals.contains($0.name) && $0.accuracy > 0 }.map { signal in
            let unit = SiteUnit.named(signal.unit)
            let size = unit.map { $0.base(1) - $0.base(0) } ?? 1
            return "\(exact(signal.accuracy / size)) \(signal.unit) (accuracy of \(signal.name))"
        }
        let own = tag.within.map { ["\(exact($0 / tag.unitSize)) \(tag.unit)"] } ?? []
        let all = own + accurate
        return all.isEmpty ? "nothing: no accuracy is said" : all.joined(separator: " and ")
    }

    private func text(_ span: SiteSpan) -> String {
        switch span {
        case .polls(let count): counted(count, "poll")
        case .time(let time): DurationText.exact(time)
        }
    }

    func silence(_ source: SiteClaimSource) -> [SiteMeaning] {
        guard let after = source.silentAfter else { return [] }
        var reliance = Reliance()
        reliance.sources = [source.name]
        return [
            SiteMeaning(
                name: "\(source.name) silent", sentence: "\(source.name) must not be silent for \(text(after)).",
                latest: after.time(every: source.every) + source.late, reliance: reliance)
        ]
    }

    func repeats(_ source: SiteClaimSource) -> [SiteMeaning] {
        guard let repeats = source.repeats else { return [] }
        var reliance = Reliance()
        reliance.tags = Set(repeats.tags.map { TagName(source: source.name, tag: $0) })
        let span = repeats.span.time(every: source.every)
        return [
            SiteMeaning(
                name: "\(source.name) repeats",
                sentence:
                    "\(text(repeats.span)) of \(repeats.tags.joined(separator: ", ")) must not be, digit for digit, those of "
                    + "an earlier time of the last \(DurationText.exact(repeats.within)): that is a replay.",
                latest: span + source.every + source.late, reliance: reliance)
        ]
    }

    func flood(_ source: SiteClaimSource) -> SiteMeaning {
        var reliance = Reliance()
        reliance.sources = [source.name]
        return SiteMeaning(
            name: "\(source.name) flooded",
            sentence: "\(source.name) must not make more than \(source.mostClaims) claims within 1s.",
            latest: .zero, reliance: reliance)
    }

    func writes(_ source: SiteClaimSource) -> [SiteMeaning] {
        guard let writes = source.writes else { return [] }
        var reliance = Reliance()
        reliance.sources = [source.name]
        let allowed =
            switch writes {
            case .none: "Nobody may write to what \(source.name) reads."
            case .addresses(let ranges):
                "Whoever writes to what \(source.name) reads may write registers "
                    + ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)" }
                    .joined(separator: ", ") + " alone."
            }
        return [
            SiteMeaning(name: "\(source.name) writes", sentence: allowed, latest: source.late, reliance: reliance)
        ]
    }
}
