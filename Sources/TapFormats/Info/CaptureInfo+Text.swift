import TapCore

extension CaptureInfo {
    /// For people: what it is, then tables of lines, channels and claims, losses, and what is not as it should be.
    ///
    /// Ends with a newline.
    public var text: String {
        var parts = [head.joined(separator: "\n")]
        let lines = StatisticsText.lines(
            header, survey.statistics,
            more: [
                ("levels", survey.lines.map { "\($0.levels)" }), ("gaps", survey.lines.map { "\($0.gaps)" }),
            ])
        if !lines.isEmpty { parts.append(lines.joined(separator: "\n")) }
        if !header.devices.isEmpty { parts.append(channels.joined(separator: "\n")) }
        if !header.tags.isEmpty { parts.append(tags.joined(separator: "\n")) }
        let losses = StatisticsText.losses(header, survey.statistics)
        parts.append(
            losses.isEmpty ? "losses: none recorded in the file" : (["losses:"] + losses).joined(separator: "\n  "))
        if survey.statistics.lateRecords > 0 {
            parts.append("\(counted(survey.statistics.lateRecords, "record")) out of order, marked as late")
        }
        if !header.notes.isEmpty {
            parts.append((["notes"] + header.notes.map { "- \($0)" }).joined(separator: "\n"))
        }
        if !remarks.isEmpty { parts.append(remarks.map { "! \($0)" }.joined(separator: "\n")) }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private var head: [String] {
        var rows = [["file", "\(InputPlace.name(file)), \(format.title)"], ["signals", signals]]
        if let beginUTC, let endUTC {
            rows += [["from", Words.utc(beginUTC)], ["to", Words.utc(endUTC)], ["clock", clock]]
        } else {
            rows.append(["from", "it has no date: times count from its beginning"])
        }
        rows.append(["lasts", Words.span(survey.length)])
        if let sampleRate_hz { rows.append(["raster", SampleRate.text(hertz: sampleRate_hz)]) }
        if !header.kernel.isEmpty { rows.append(["kernel", header.kernel]) }
        if let pulse = header.shortestPulse { rows.append(["resolves", "pulses of \(Words.span(pulse)) and longer"]) }
        if survey.notes > 0 { rows.append(["notes", "\(survey.notes) in the capture"]) }
        rows.append(["ends", isTorn ? "TORN, within a record: what followed is lost" : "whole"])
        return textTable(rows, flushRight: []) + header.sources.flatMap(\.limits).map { "! \($0)" }
    }

    private var signals: String {
        let name = header.seed == nil && header.board.isEmpty ? "" : ", \(header.wires)"
        return (provenance?.rawValue ?? "of unknown origin: the file does not say") + name
    }

    /// How far UTC is to be believed.
    private var clock: String {
        guard let fix = header.fix, format == .jsonl else { return "according to the file" }
        if provenance == .simulated { return "of the scenario" }
        let state = fix.isSynchronised ? "synchronised" : "NOT synchronised: UTC may be off"
        return "of the machine that captured, \(state)"
    }

    private var channels: [String] {
        var rows = [["channel", "unit", "scans", "a second", "gaps"]]
        for (place, device) in header.devices.enumerated() {
            for channel in device.channels {
                rows.append([
                    "\(device.name).\(channel.name)", channel.unit, "\(survey.statistics.scans[place])",
                    device.rate_hz.map { Words.digits($0, 4) } ?? "-", "\(survey.devices[place].gaps)",
                ])
            }
        }
        return textTable(rows, flushRight: [2, 3, 4])
    }

    private var tags: [String] {
        let rows = zip(header.tags, survey.tags).map { [$0.title, $0.unit, "\($1.claims)", "\($1.gaps)"] }
        return textTable([["claim", "unit", "claims", "gaps"]] + rows, flushRight: [2, 3])
    }
}
