import TapConfig
import TapCore

// Of what is compared without a rule of the site's own: in people's words, and not as the law that is broken.
extension BrokenSentence {
    /// - Parameter name: as in `SiteMeaning`: `hmi.LEVEL`, `hmi.LEVEL late-by-at-most`, `hmi silent`, `LT1 failed`, `calibration claimed`.
    func text(ofClaim name: String) -> String {
        for source in site.sources {
            switch name {
            case "\(source.name) silent": return silence(source)
            case "\(source.name) repeats": return repetition(source)
            case "\(source.name) flooded":
                return "\(speaker(source.name)) makes more than \(source.mostClaims) claims within a second."
            case "\(source.name) writes":
                return "Somebody writes to what \(speaker(source.name)) reads, and may not."
            default: break
            }
            for tag in source.tags {
                if name == "\(source.name).\(tag.name)" { return disagreement(tag, source) }
                if name == "\(source.name).\(tag.name) late-by-at-most" {
                    let limit = tag.lateByAtMost.map { DurationText.exact($0) } ?? "allowed"
                    return "\(speaker(source.name)) shows \(tag.name) later than \(limit), by estimate over 20min."
                }
            }
        }
        if let signal = site.transmitters.first(where: { name == Condition.failed($0.name).text }) {
            return "The transmitter of \(signal.name) signals a failure: for "
                + "\(DurationText.exact(Site.failureLasts)) beyond \(signal.trustedText)."
        }
        if let signal = site.guarded.first(where: { name == Site.distrust(of: $0.name) }) {
            return
                "\(signal.name) changed faster than it can, and has not come back: nothing is known of it until it does, or a "
                + "person says that it is right."
        }
        let work = site.work.first { name == "\($0.name) claimed" }
        let said = work?.claimedBy.map { " (\($0.text))" } ?? ""
        return "\(work?.name ?? name) is claimed\(said), and nobody permitted it."
    }

    private func disagreement(_ tag: SiteTag, _ source: SiteClaimSource) -> String {
        let who = speaker(source.name)
        let hold = tag.hold.time(every: source.every) > .zero ? ", for \(text(tag.hold))" : ""
        switch tag.agreement {
        case .condition(.line(let line)):
            return "\(who) says of \(tag.name) otherwise than its wire: \(wire(line))\(hold)."
        case .condition(let condition):
            return "\(who) says of \(tag.name) otherwise than the wires: \(condition.text)\(hold)."
        case .measure(let measure):
            return
                "\(who) shows another \(tag.name) than the wires (\(measure.text)), by more than they are accurate to\(hold)."
        case .words: return "\(who) shows another \(tag.name) than the wires\(hold)."
        case .edges(let line, _): return "\(tag.name) of \(who) does not grow as \(line) rises\(hold)."
        // Which value that is, a person may have changed.
        case .approved: return "\(who) has another \(tag.name) than approved\(hold)."
        case .clock:
            let within = tag.within.map { " by more than \(plain($0)) s" } ?? ""
            return "\(tag.name) of \(who) is off\(within)\(hold)."
        case nil: return "\(who) says of \(tag.name) what it should not."
        }
    }

    private func silence(_ source: SiteClaimSource) -> String {
        let time = source.silentAfter.map { " for \(text($0))" } ?? ""
        return "No claim of \(speaker(source.name))\(time)."
    }

    private func repetition(_ source: SiteClaimSource) -> String {
        guard let repeats = source.repeats else { return "\(speaker(source.name)) repeats itself." }
        return "The last \(text(repeats.span)) of \(repeats.tags.joined(separator: ", ")) are, digit for digit, "
            + "those of an earlier time of the last \(DurationText.exact(repeats.within))."
    }

    /// A line and what its level means.
    private func wire(_ name: String) -> String {
        let meaning = site.signals.first { $0.name == name }?.high ?? ""
        return meaning.isEmpty ? name : "\(name) (high: \(meaning))"
    }

    private func text(_ span: SiteSpan) -> String {
        switch span {
        case .polls(let count): counted(count, "poll")
        case .time(let time): DurationText.exact(time)
        }
    }
}
