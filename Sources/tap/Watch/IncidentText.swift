import TapConfig
import TapCore
import TapFormats
import TapWatch

/// Incidents for people: what to know at three in the morning, the most important first.
enum IncidentText {
    private static let indent = 16
    private static let width = 100

    /// - Parameter at: a time as people read it.
    static func block(
        _ incident: Incident, _ change: Incident.Change, _ site: WatchedSite, at when: (Nanoseconds) -> String
    ) -> String {
        guard change != .closed else {
            let again = incident.reopenings == 0 ? "" : ", after \(counted(incident.reopenings, "reopening"))"
            let gone =
                incident.involved.isEmpty && !incident.removed.isEmpty
                ? "; the site file has its rules no more: \(removed(incident))" : ""
            let marks = (incident.standing == 0 ? "" : "; still wrong: \(standing(incident, site.rules))") + gone
            return "incident \(incident.number)  over  \(title(incident))  closed \(when(incident.changed)), "
                + "quiet since \(when(incident.calm ?? incident.changed))\(again)\(marks)"
        }
        if change == .acknowledged || change == .noted {
            let said = incident.remarks.last.map { "  " + remark($0, when) } ?? ""
            return "incident \(incident.number)  \(change.rawValue)  \(title(incident))\(said)"
        }
        let severity = incident.severity == .high ? "HIGH" : incident.severity.rawValue
        let word =
            change == .updated
            ? " (changed)" : change == .reopened ? " (again)" : change == .resumed ? " (from before the start)" : ""
        let head =
            "INCIDENT \(incident.number)\(word)  \(severity)  \(title(incident))  [\(printable(site.title))]  since "
            + when(incident.began) + (word.isEmpty ? "" : ", as of \(when(incident.changed))")
        return ([head] + rows(incident, site, when).map { row($0.0, $0.1) }).joined(separator: "\n")
    }

    /// What follows the head: a name and what it is.
    private static func rows(
        _ incident: Incident, _ site: WatchedSite, _ when: (Nanoseconds) -> String
    ) -> [(String, String)] {
        var rows: [(String, String)] = []
        func add(_ name: String, _ parts: [String], _ separator: String = "; ") {
            if !parts.isEmpty { rows.append((name, parts.joined(separator: separator))) }
        }
        add("So", incident.consequences, " ")
        add(
            "People",
            incident.remarks.map { ($0.isAcknowledgement ? "acknowledged by " : "noted by ") + remark($0, when) })
        if let outlook = incident.outlook {
            rows.append(
                (
                    "Then",
                    "\(printable(outlook.rule)) (\(printable(outlook.limit))) in about \(about(outlook.inTime)), if nothing changes"
                ))
        }
        add("By the wires", incident.wires.map { wire($0) })
        add("By claims", incident.screen.map { "\(printable($0.name)) \(printable($0.text ?? "not known"))" })
        add("Rules broken", incident.involved.map { broken($0, site.rules) }, ", ")
        add(
            "Not known",
            incident.unresolved.map { "\(printable($0)) (stood before the start; not known yet since)" })
        if !incident.removed.isEmpty { rows.append(("Removed", "of the site file no more: \(removed(incident))")) }
        add("First", incident.involved.prefix(1).map { printable(site.rules[$0.rule].sentence, longest: 1_000) })
        for (place, explanation) in incident.explanations.enumerated() {
            rows.append((place == 0 ? "What it is" : explanation.isBeside ? "and" : "or", answer(explanation)))
        }
        if incident.isUndecided { rows.append(("", "Fault or attack: it cannot be decided from here.")) }
        let checks = incident.explanations.map(\.check).reduce(into: [String]()) {
            if !$1.isEmpty, !$0.contains($1) { $0.append($1) }
        }
        if let first = checks.first { rows.append(("Look", printable(first, longest: 1_000))) }
        add("Cause at", incident.causes.map { printable($0.title) }, ", ")
        add("Effect at", incident.effects.map { printable($0.title) }, ", ")
        add("Rules kept", incident.quiet, ", ")
        add("Not decided", incident.unseen + site.unwatched, ", ")
        return rows
    }

    /// All of it that matters, on one line.
    static func line(_ incident: Incident, _ change: Incident.Change, at when: (Nanoseconds) -> String) -> String {
        let since = "since \(when(incident.began))"
        let calm = "quiet since \(when(incident.calm ?? incident.changed))"
        let likeliest = incident.explanations.first.map { ". \(answer($0))" } ?? ""
        let consequences = incident.consequences.isEmpty ? "" : ". \(incident.consequences.joined(separator: " "))"
        let said = incident.remarks.last.map { ". By \(remark($0, when))" } ?? ""
        let rest =
            switch change {
            case .closed: ""
            case .acknowledged, .noted: said
            case .opened, .updated, .reopened, .resumed: "\(consequences)\(likeliest)"
            }
        return printable(
            "incident \(incident.number) \(change.rawValue): \(incident.title), \(change == .closed ? calm : since)\(rest)",
            longest: 2_000)
    }

    private static func removed(_ incident: Incident) -> String {
        incident.removed.map { printable($0) }.joined(separator: ", ")
    }

    /// Who said it and when, and what.
    private static func remark(_ remark: IncidentRemark, _ when: (Nanoseconds) -> String) -> String {
        let claimed = remark.claimed.isEmpty ? "" : " (says: \(printable(remark.claimed)))"
        let words = remark.words.isEmpty ? "" : ": \(printable(remark.words, longest: 1_000))"
        return "\(printable(remark.author))\(claimed), \(when(remark.time))\(words)"
    }

    private static func title(_ incident: Incident) -> String { printable(incident.title, longest: 200) }

    private static func wire(_ value: Incident.Value) -> String {
        let word = value.text == "high" ? "" : value.text == "low" ? "not: " : "high: "
        let means = value.meaning.isEmpty ? "" : " (\(word)\(value.meaning))"
        return printable(value.name) + " " + printable(value.text ?? "not known")
            + (value.trend.map { ", \($0)" } ?? "") + printable(means, longest: 200)
    }

    private static func broken(_ part: Incident.Involved, _ rules: [WatchedRule]) -> String {
        let count = part.findings == 1 ? "" : " (\(part.findings))"
        let marks = [
            part.relation == .blind ? "blind" : nil, part.standing == 0 ? "ended" : nil,
            part.counts ? nil : "rests on what is in doubt",
        ].compactMap { $0 }
        return rules[part.rule].name + count + (marks.isEmpty ? "" : " [\(marks.joined(separator: ", "))]")
    }

    private static func standing(_ incident: Incident, _ rules: [WatchedRule]) -> String {
        incident.involved.filter { $0.standing > 0 }.map { rules[$0.rule].name }.joined(separator: ", ")
    }

    private static func answer(_ explanation: Explanation) -> String {
        var text = "\(explanation.answer.words)  (by judgement \(explanation.ofTen) of 10)"
        if !explanation.techniques.isEmpty {
            text += "  \(explanation.techniques.joined(separator: ", ")) (ATT&CK ICS v\(Explanation.attackVersion))"
        }
        text += ".  For it: \(explanation.speaksFor.joined(separator: "; "))."
        if !explanation.speaksAgainst.isEmpty {
            text += "  Against it: \(explanation.speaksAgainst.joined(separator: "; "))."
        }
        if !explanation.unless.isEmpty { text += "  Unless: \(explanation.unless)." }
        return printable(text, longest: 2_000)
    }

    /// A rough time, as its accuracy allows.
    static func about(_ time: Nanoseconds) -> String {
        let seconds = Double(time.count) / 1e9
        if seconds < 90 { return "\(max(10, Int((seconds / 10).rounded()) * 10)) s" }
        return "\(Int((seconds / 60).rounded())) min"
    }

    /// A name in its column, and words below each other.
    static func row(_ name: String, _ text: String) -> String {
        var lines: [String] = []
        var line = "  \(name)".padded(to: indent)
        var isEmpty = true
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if !isEmpty, line.count + 1 + word.count > width {
                // Behind a sentence there are two spaces.
                while line.last == " " { line.removeLast() }
                lines.append(line)
                line = "".padded(to: indent)
                isEmpty = true
            }
            if isEmpty, word.isEmpty { continue }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return (lines + [line]).joined(separator: "\n")
    }
}
