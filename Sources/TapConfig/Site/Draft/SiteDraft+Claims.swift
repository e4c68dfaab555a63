import TapCore

extension SiteDraft {
    struct NamedSource {
        var draft: Source
        var tags: [NamedTag]
        /// What a site cannot have: names that are none.
        var refused: [Tag]
    }

    struct NamedTag {
        var name: String
        var draft: Tag

        /// Three times as long as it ever stayed the same, if it was heard for longer; nil: it moves too seldom to say.
        func frozenAfter(_ source: Source) -> Nanoseconds? {
            guard case .number = draft.kind, draft.changes >= 3,
                source.name.utf8.count + draft.name.utf8.count <= 56
            else { return nil }
            let time = SiteDraft.round(max(.seconds(60), Nanoseconds(draft.longestSame.count * 3)))
            return time <= source.heardFor ? time : nil
        }
    }

    /// Claims come by these names, so nothing is renamed: what a site cannot name is left out.
    func namedSources(beside signals: [String]) -> [NamedSource] {
        sources.filter { SiteDraft.isTerm($0.name) }.compactMap { (source) -> NamedSource? in
            guard source.tags.contains(where: isFit) else { return nil }
            return NamedSource(
                draft: source, tags: source.tags.filter(isFit).map { NamedTag(name: $0.name, draft: $0) },
                refused: source.tags.filter { !isFit($0) })
        }
    }

    func claimText(_ sources: [NamedSource], _ signals: [Signal]) -> String {
        guard !sources.isEmpty else { return "# claims:\n" + withoutName }
        var text = """
            claims:
              # FILL IN of each tag what it must agree with: 'of: LINE' or 'of: CHANNEL' for what is shown of a wire, 'counts:
              # LINE' for a counter, 'approved: 2 m' for a setting, 'one-of: {auto: AUTO_LINE, ...}' for a word. A tag with none
              # of these is only heard, and 'tap site check' names it.

            """
        for source in sources { text += entry(source, signals) }
        return text + withoutName
    }

    private var withoutName: String {
        sources.map { source in
            guard SiteDraft.isTerm(source.name) else {
                return "  # Left out: \(quoted(source.name)) is no name that a source of a site can have.\n"
            }
            guard !source.tags.contains(where: isFit) else { return "" }
            return "  # Left out: \(source.name), of which no tag can be written:\n"
                + source.tags.map { "  # \(refusal($0))\n" }.joined()
        }.joined()
    }

    private func isFit(_ tag: Tag) -> Bool {
        guard SiteDraft.isTerm(tag.name) else { return false }
        switch tag.kind {
        case .bool, .number: return true
        case .words(let words): return words.allSatisfy { SiteDraft.fits($0, .siteEntry) }
        case .clock: return !zone.isEmpty
        case .other: return false
        }
    }

    /// Whether a signal, a tag or a source may be called so.
    static func isTerm(_ name: String) -> Bool { fits(name, .siteTerm) }

    static func fits(_ text: String, _ rule: TextRule) -> Bool {
        !text.isEmpty && rule.isMet(by: text) && text.unicodeScalars.count <= rule.longest
    }

    private func entry(_ source: NamedSource, _ signals: [Signal]) -> String {
        let draft = source.draft
        var text = "  \(YAMLText.scalar(draft.name)):\n" + origin(draft)
        let silence = Nanoseconds(draft.longestSilence.count * 2)
        let polls = Nanoseconds(draft.every.count * 3)
        let isSteady = !draft.isByException && draft.longestSilence < polls
        text += "    every: \(DurationText.exact(draft.every))"
        text +=
            draft.isByException
            ? "   # what it said came so often, not each tag each time\n    by-exception: true\n"
            : "   # as it was heard\n"
        text +=
            "    late: \(DurationText.exact(draft.every))   # FILL IN: how old a true value may be when it is heard; here as 'every'\n"
        text +=
            isSteady
            ? "    silent-after: 3 polls\n"
            : "    silent-after: \(DurationText.exact(SiteDraft.round(max(polls, silence))))   # FILL IN: it was silent for "
                + "\(SiteDraft.people(draft.longestSilence)) at most while it was heard\n"
        text += "    tags:\n"
        for tag in source.tags {
            text += "      \(YAMLText.scalar(tag.name)): \(entry(tag.draft))   # \(advice(tag, signals))\n"
        }
        for tag in source.refused { text += "      # \(refusal(tag))\n" }
        let moving = source.tags.filter { tag in
            guard case .number = tag.draft.kind else { return false }
            return tag.draft.claims > 0 && tag.draft.changes * 2 > tag.draft.claims
        }
        if !draft.isByException, !moving.isEmpty, draft.heardFor >= .seconds(600) {
            text += """
                    # The same reports again: a recording is played.
                    repeats: {tags: [\(moving.map { YAMLText.scalar($0.name) }.joined(separator: ", "))], span: 60 polls, within: 24h}

                """
        }
        return text + writes(draft)
    }

    private func origin(_ source: Source) -> String {
        guard let server = source.server else {
            return """
                    # FILL IN 'from': {heard: LINE, unit: 1, function: 3} for a tapped Modbus line, {file: claims.jsonl} for a file
                    # that a program writes, {poll: modbus-tcp, host: 10.0.0.5}. Without it, claims are those of '--given', of a
                    # simulated screen, or of the capture that is replayed.

                """
        }
        return "    from: "
            + YAMLText.map([
                ("packets", YAMLText.scalar(server.packets)), ("server", YAMLText.quoted(server.address)),
                ("port", server.port == 502 ? nil : "\(server.port)"), ("unit", "\(server.unit)"),
                ("function", "\(server.function)"),
            ])
            + "\n    # FILL IN names, and what a number of each register is. Two registers may be one number ('words: 2').\n"
    }

    private func writes(_ source: Source) -> String {
        guard source.server != nil else { return "" }
        guard !source.writes.isEmpty else { return "    writes: {allowed: none}   # nobody wrote while it was heard\n" }
        let ranges = source.writes.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)..\($0.upperBound)" }
        return
            "    # FILL IN: delete what nobody should write. Heard from \(printable(source.writers.joined(separator: ", "))).\n"
            + "    writes: {allowed: [\(ranges.joined(separator: ", "))]}\n"
    }

    // Tags

    private func entry(_ tag: Tag) -> String {
        let address = tag.address.map { "\($0)" }
        switch tag.kind {
        case .bool, .other: return YAMLText.map([("at", address)])
        case .clock: return "{clock: local, within: 10s}"
        case .number(let unit):
            let isKnown = !unit.isEmpty && SiteUnit.named(unit) != nil
            return YAMLText.map([("at", address), ("is", isKnown ? YAMLText.scalar(unit) : "\"1\"")])
        case .words(let words):
            return "{one-of: [\(words.map(YAMLText.scalar).joined(separator: ", "))]}"
        }
    }

    private func advice(_ tag: NamedTag, _ signals: [Signal]) -> String {
        let isNumber = if case .number = tag.draft.kind { true } else { false }
        var words: [String] = []
        if tag.draft.kind == .clock {
            words.append("FILL IN: how far off it may be")
        } else if let signal = signals.first(where: {
            $0.name == tag.name && $0.isLine != isNumber && $0.refusal == nil
        }) {
            words.append("FILL IN: if it is what \(signal.name) carries, 'of: \(signal.name)'")
        } else {
            words.append("FILL IN")
        }
        if case .number(let unit) = tag.draft.kind, !unit.isEmpty, SiteUnit.named(unit) == nil {
            words.append("said in \(quoted(unit)), a unit that tap does not know")
        }
        if tag.draft.claims > 0, tag.draft.changes == 0 { words.append("never changed while it was heard") }
        if let only = tag.draft.only, case .number(let unit) = tag.draft.kind, tag.draft.address == nil {
            words.append("if it is a setting, 'approved: \(plain(only))\(unit.isEmpty ? "" : " \(unit)")'")
        }
        if case .words = tag.draft.kind { words.append("add the words that were not heard") }
        return words.joined(separator: "; ")
    }

    private func refusal(_ tag: Tag) -> String {
        switch tag.kind {
        case _ where !SiteDraft.isTerm(tag.name):
            "left out: \(quoted(tag.name)) is no name that a tag of a site can have: letters, digits and _"
        case .clock: "FILL IN 'zone' above, then \(tag.name): {clock: local, within: 10s}"
        default:
            "left out: \(tag.name), \(tag.claims == 0 ? "of which nothing was said" : "whose texts are many, or no words of a site")"
        }
    }

    /// Up, to a whole second or minute.
    static func people(_ time: Nanoseconds) -> String {
        let second: Int64 = 1_000_000_000
        let step = time.count < 2 * second ? 10_000_000 : time.count < 600 * second ? second : 60 * second
        return DurationText.exact(Nanoseconds((time.count + step - 1) / step * step))
    }

    /// Up, to a time that people say.
    static func round(_ time: Nanoseconds) -> Nanoseconds {
        let seconds: [Int64] = [1, 2, 3, 5, 10, 15, 20, 30, 60, 120, 180, 300, 600, 900, 1_200, 1_800, 3_600, 7_200]
        for count in seconds where time <= .seconds(count) { return .seconds(count) }
        return .seconds((time.count / 3_600_000_000_000 + 1) * 3_600)
    }
}
