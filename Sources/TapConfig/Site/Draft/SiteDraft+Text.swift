import TapCore

extension SiteDraft {
    /// A site file. Ends with a newline. Never blocks.
    public var text: String {
        let signals = signals
        let sources = namedSources(beside: signals.map(\.name))
        var parts = [head]
        if let board { parts[0] += "board: \(YAMLText.quoted(printable(board, longest: 1_000)))\n" }
        let rows = signals.filter { $0.refusal == nil }
        if !rows.isEmpty { parts[0] += each(rows) }
        parts.append(
            """
            assets:
              # FILL IN: an entry for each thing that findings are to be about, as 'P1: {title: Pump 1, zone: process}'.
              # 'zone' is its security zone (IEC 62443) and may be left out.
              plant: {title: \(YAMLText.quoted(shownTitle))}

            """)
        if !signals.isEmpty { parts.append(signalText(signals)) }
        if !self.sources.isEmpty { parts.append(claimText(sources, signals)) }
        parts.append(ruleText(rows, sources))
        parts.append(
            """
            # For 'tap run', which records:
            # record: {store: /var/lib/tap/record, keep: 20 GB, keep-for: 30d}

            """)
        return parts.joined(separator: "\n")
    }

    private var head: String {
        let from = origins.map { printable($0) }.joined(separator: " and ")
        let clocks = sources.contains { $0.tags.contains { $0.kind == .clock } }
        let hint = clocks ? "A clock is said in the claims, so it matters." : "Dates without one are of this zone."
        let zoneLine =
            zone.isEmpty
            ? "# FILL IN: the time zone. \(hint)\n# zone: Europe/Berlin\n" : "zone: \(YAMLText.scalar(zone))\n"
        return """
            # A first site file, made by 'tap site init'\(from.isEmpty ? "" : " from \(from)").
            # FILL IN marks what a person must decide. 'tap site check' says what each rule means and what no rule watches
            # yet; docs/sites.md explains every key.
            tap-site: 1
            name: \(name)
            title: \(YAMLText.quoted(shownTitle))   # FILL IN: what people call the installation
            \(zoneLine)
            """
    }

    private var shownTitle: String { title.isEmpty ? name : printable(title, longest: 80) }

    /// Lines that are heard have one rule, written once.
    private func each(_ rows: [Signal]) -> String {
        let lines = rows.filter(\.isLine).map { YAMLText.scalar($0.name) }
        guard !lines.isEmpty else { return "" }
        return "each: {LINE#: [\(lines.joined(separator: ", "))]}   # for the rule LINE#-heard below\n"
    }

    // Signals

    /// A line or channel, and how the file writes it.
    struct Signal {
        var name: String
        var isLine: Bool
        var unit = ""
        var entry: String
        var comment: String
        /// Why it stands in a comment; nil: it does not.
        var refusal: String?
    }

    private var signals: [Signal] {
        var names = DraftNames(sources.map(\.name))
        return lines.map { line in
            let name = names.term(line.name)
            let entry = YAMLText.map([
                ("asset", "plant"), ("role", "unset"),
                ("line", name == line.name ? nil : YAMLText.scalar(line.name)),
            ])
            let about = [line.pin.isEmpty ? "" : "pin \(line.pin)", line.note].filter { !$0.isEmpty }
            let refusal =
                line.function.isEmpty
                ? SiteDraft.fits(line.name, .lineName) ? nil : "no line of a board can be called so"
                : "the board uses it as \(line.function), from which asking for the line would take the pin away"
            return Signal(
                name: name, isLine: true, entry: entry,
                comment: (["FILL IN role"] + about).joined(separator: "; "), refusal: refusal)
        }
            + channels.map { channel in
                let name = names.term(channel.name)
                let isPlain = name == channel.name && channels.count { $0.name == name } == 1
                let isKnown = SiteUnit.named(channel.unit) != nil
                let written = "\(channel.adc).\(channel.name)"
                let entry = YAMLText.map([
                    ("asset", "plant"), ("role", "measurement"),
                    ("channel", isPlain ? nil : YAMLText.scalar(written)),
                    ("unit", isKnown ? YAMLText.scalar(channel.unit) : nil),
                ])
                let about = [
                    channel.unit == "A"
                        ? "FILL IN accuracy, and 'loop' instead of 'unit' if it is 4 to 20 mA" : "FILL IN accuracy",
                    channel.pin.isEmpty ? "" : "pin \(channel.pin)", channel.note,
                ].filter { !$0.isEmpty }
                let refusal =
                    !SiteDraft.fits(written, .words)
                    ? "no channel of a board can be called so"
                    : isKnown
                        ? channel.isOptional ? "the board does not say that \(channel.adc) is fitted" : nil
                        : "tap does not know its unit \(quoted(channel.unit))"
                return Signal(
                    name: name, isLine: false, unit: channel.unit, entry: entry,
                    comment: about.joined(separator: "; "), refusal: refusal)
            }
    }

    private func signalText(_ signals: [Signal]) -> String {
        let isEmpty = signals.allSatisfy { $0.refusal != nil }
        var text = """
            \(isEmpty ? "# " : "")signals:
              # FILL IN of each line: its 'role' (command, feedback, mode, interlock, count, alarm, supply, bus), what it means
              # that it is 'high', and for a contact how long it bounces, as 'settle: 20ms'. Of a channel: its 'accuracy' with
              # transmitter and loop; without one, what is measured counts as exact. 'loop: 4..20 mA = 0..5 m' instead of
              # 'unit' says what a current loop stands for. 'at' is the terminal, 'asset' what it belongs to. Delete what is
              # not wired: tap asks for all lines that stand here.

            """
        for signal in signals {
            let row = "\(YAMLText.scalar(signal.name)): \(printable(signal.entry, longest: 1_000))"
            text +=
                signal.refusal.map { "  # \(row)   # left out: \(printable($0))\n" }
                ?? "  \(row)   # \(printable(signal.comment))\n"
        }
        return text
    }

    // Rules

    private func ruleText(_ rows: [Signal], _ sources: [NamedSource]) -> String {
        var text = ""
        if rows.contains(where: \.isLine) {
            text += """
                  # True whether the line is high or low, so never broken: unknown while the line is not heard, and after a time
                  # that is a blind spot.
                  LINE#-heard: {asset: plant, always: LINE# or not LINE#}

                """
        }
        let channels = rows.filter { !$0.isLine }
        if !channels.isEmpty { text += "  # Of channels the same: no value is as large.\n" }
        for channel in channels {
            let unit = channel.unit == "degC" ? "K" : channel.unit
            text += "  \(channel.name)-heard: {asset: plant, never: \"abs(\(channel.name)) > 1000000 \(unit)\"}\n"
        }
        let frozen = sources.flatMap { source in
            source.tags.compactMap { tag in tag.frozenAfter(source.draft).map { (source.draft.name, tag, $0) } }
        }
        if !frozen.isEmpty {
            text += """
                  # Frozen: a time three times as long as it stayed the same while it was heard. FILL IN times that ordinary days
                  # do not reach.

                """
        }
        for (source, tag, time) in frozen {
            text +=
                "  \(source)-\(tag.name)-frozen: {asset: plant, never: \(source).\(tag.name) steady "
                + "\(DurationText.exact(time))}   # \(SiteDraft.people(tag.draft.longestSame)) at most\n"
        }
        let advice = """
              # FILL IN what must hold, as
              # obeys: {asset: plant, when: P1_CMD, then: P1_FB, within: 150ms, both-ways: true}
              # siren-sounds: {asset: plant, when: LT1 >= 3.6 m for 2s, then: SIREN, within: 1s, severity: high}

            """
        return text.isEmpty ? "# rules:\n" + advice : "rules:\n" + text + advice
    }
}
