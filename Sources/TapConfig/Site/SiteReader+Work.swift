import TapCore

extension SiteReader {
    mutating func work(_ fields: Fields) {
        let form = "download: {seen: not PLC_RUN, excuses: [hmi silent], longest: 5min}"
        for (key, node) in entries("work", fields, .siteEntry, form: form) {
            guard case .scalar(let name, _) = key.value, let work = work(name, node) else { continue }
            site.work.append(work)
        }
    }

    private func work(_ name: String, _ node: Node) -> SiteWork? {
        let known = ["seen", "excuses", "longest", "after", "permit", "as", "claimed-by"]
        guard let fields = fields(node, of: "work \(name)", known: known) else { return nil }
        require(
            [("seen", "seen: not PLC_RUN"), ("excuses", "excuses: [hmi silent]"), ("longest", "longest: 5min")],
            in: fields)
        let seen = condition("seen", fields)
        let claimed = condition("claimed-by", fields)
        let longest = time("longest", fields)
        let after = time("after", fields, mayBeZero: true) ?? .zero
        let permit = boolean("permit", fields) ?? false
        let handling = choice("as", fields, SiteWork.Handling.allCases) ?? .notice
        let excuses = list("excuses", fields, form: "- duty-starts", atLeastOne: true).compactMap { excuse($0) }
        if claimed != nil, !permit {
            mistakes.add(
                fields.keyPosition("claimed-by"), "work \(name) can be claimed without a permit",
                "which whoever attacks claims as well", fix: "add 'permit: true'")
        }
        guard let seen, let longest else { return nil }
        return SiteWork(
            name: name, seen: seen, excuses: excuses, longest: longest, after: after, needsPermit: permit,
            handling: handling, claimedBy: claimed)
    }

    /// A rule, a tag that is compared, or a source that may be silent.
    private func excuse(_ node: Node) -> String? {
        guard let (text, _) = scalar(node, "an item of excuses", meant: "a rule", example: "duty-starts") else {
            return nil
        }
        let agreements = site.sources.flatMap { source in
            source.tags.filter { $0.agreement != nil }.map { "\(source.name).\($0.name)" }
        }
        let delays = site.sources.flatMap { source in
            source.tags.filter { $0.lateByAtMost != nil }.map { "\(source.name).\($0.name) late-by-at-most" }
        }
        let silences = site.sources.filter { $0.silentAfter != nil }.map { "\($0.name) silent" }
        let floods = site.sources.map { "\($0.name) flooded" }
        let steps = site.guarded.map { Site.distrust(of: $0.name) }
        let all = site.rules.map(\.name) + agreements + delays + silences + floods + steps
        if all.contains(text) { return text }
        // A rule with a mistake is no second one here.
        if ruleNames.contains(text) { return nil }
        mistakes.add(
            node.position, "excuses \(quoted(text)), which is no rule",
            fix: agreements.first { $0.hasSuffix("." + text) }.map { "did you mean '\($0)'?" }
                ?? guess(text, in: all) ?? "write a rule, a tag that is compared as hmi.LEVEL, or 'hmi silent'")
        return nil
    }
}
