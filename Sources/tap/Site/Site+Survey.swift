import TapConfig
import TapCore

extension Site {
    /// For people: what each rule means, and what none watches.
    var survey: String {
        let claims = sources.reduce(0) { $0 + $1.tags.count }
        var text =
            "\(printable(name)): \(printable(title))\n"
            + [
                counted(signals.count, "signal"), counted(claims, "claim"), counted(rules.count, "rule"),
                "\(work.count) kind\(work.count == 1 ? "" : "s") of work",
            ].joined(separator: ", ") + "\n"
        for meaning in meanings {
            text += "\n\(meaning.name)" + (latest(meaning).map { "  (\($0))" } ?? "") + "\n"
            text += "  \(meaning.sentence)\n"
            if !meaning.reliance.tags.isEmpty, !meaning.isClaim {
                let tags = meaning.reliance.tags.map(\.description).sorted()
                text += "  Rests on what is said: \(tags.joined(separator: ", "))\n"
            }
        }
        for work in work { text += "\n\(work.name)\n  \(sentence(of: work))\n" }
        return text + unsettled + notWatched + withoutRole
    }

    /// Claims that no wire checks: what wire would, and what else it would settle, most first.
    private var unsettled: String {
        let meanings = meanings
        let named = sources.flatMap { source in
            source.tags.compactMap { tag in
                wire(for: tag).map { (name: TagName(source: source.name, tag: tag.name), wire: $0) }
            }
        }
        let open = named.map { claim in
            let rests = meanings.filter { $0.reliance.tags.contains(claim.name) && $0.name != claim.name.description }
            return (claim.name, claim.wire, rests: rests.map(\.name))
        }
        // Sorting is stable: the site's order where as much rests on both.
        let ordered = open.sorted { $0.rests.count > $1.rests.count }
        guard !ordered.isEmpty else { return "" }
        return "\nNo wire checks these claims; what would, first where most rests on it:\n"
            + ordered.map { name, wire, rests in
                let settles = rests.isEmpty ? "" : "; and what rests on it: \(rests.joined(separator: ", "))"
                return "  \(name): \(wire)\(settles)\n"
            }.joined()
    }

    /// What kind of wire would check a claim; nil: one does, or none could.
    private func wire(for tag: SiteTag) -> String? {
        switch tag.agreement {
        case .approved, .clock, .edges: return nil
        case .condition(let condition) where !reliance(on: condition).signals.isEmpty: return nil
        case .measure(let measure) where !reliance(on: measure).signals.isEmpty: return nil
        case .words(let conditions) where conditions.contains { $0.map { !reliance(on: $0).signals.isEmpty } == true }:
            return nil
        case .condition, .measure, .words, nil: break
        }
        switch tag.kind {
        case .bool: return "a line (role: command, feedback, alarm or mode)"
        case .words(let words): return "lines that show which it is of \(words.joined(separator: ", ")) (role: mode)"
        case .number where tag.unit.isEmpty: return "a line whose edges are counted (role: count), or a channel"
        case .number: return "a channel in \(tag.unit) (role: measurement)"
        case .clock: return nil
        }
    }

    private var withoutRole: String {
        let names = signals.filter { $0.role == .unset }.map(\.name)
        return names.isEmpty
            ? "" : "! Nobody has said the role of \(names.joined(separator: ", ")): write it in place of 'unset'.\n"
    }

    private func latest(_ meaning: SiteMeaning) -> String? {
        meaning.latest.map { latest in
            let isFuzzy = !meaning.reliance.compared.isEmpty
            let time =
                latest < .seconds(100) ? "\(plain(Double(latest.count) / 1e9)) s" : DurationText.exact(latest)
            let when = latest == .zero ? "at once" : "at the latest after \(time)"
            return when + (isFuzzy ? ", later near a threshold" : "")
        }
    }

    private func sentence(of work: SiteWork) -> String {
        let permit = work.needsPermit ? ", with a permit," : ""
        let after = work.after > .zero ? " and \(DurationText.exact(work.after)) after it" : ""
        let claim =
            work.claimedBy.map { " Claimed (\($0.text)) without a permit it excuses nothing and is a finding." } ?? ""
        return "While \(work.seen.text)\(permit) for at most \(DurationText.exact(work.longest))\(after), excuses "
            + "\(work.excuses.joined(separator: ", ")).\(claim)"
    }

    private var notWatched: String {
        let (signals, tags) = unwatched
        let names = signals + tags.map(\.description)
        return names.isEmpty
            ? "\nEvery signal and every claim is watched by a rule.\n"
            : "\n! No rule watches \(names.joined(separator: ", ")).\n"
    }
}

extension SiteMeaning {
    /// It is about a claim: that it rests on one goes without saying.
    fileprivate var isClaim: Bool {
        sentence.hasPrefix("The claim ") || sentence.contains(": the claim ") || name.contains(" ")
    }
}
