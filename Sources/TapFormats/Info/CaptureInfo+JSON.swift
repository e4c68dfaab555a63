import TapCore

extension CaptureInfo {
    /// One object on a line, without a newline; docs/formats/info.md says what each member is.
    public var json: String {
        JSON.object([
            ("file", JSON.string(file)), ("format", JSON.string(format.rawValue)),
            ("provenance", provenance.map { JSON.string($0.rawValue) } ?? "null"),
            ("board", JSON.string(header.board)), ("seed", header.seed.map { "\($0)" }),
            ("kernel", JSON.string(header.kernel)),
            ("utc", beginUTC.map { JSON.string(Words.utc($0)) } ?? "null"),
            ("utc_ns", beginUTC.map { "\($0)" } ?? "null"),
            ("end_utc", endUTC.map { JSON.string(Words.utc($0)) } ?? "null"),
            ("end_utc_ns", endUTC.map { "\($0)" } ?? "null"),
            ("synchronised", header.fix.map { $0.isSynchronised ? "true" : "false" } ?? "null"),
            ("origin_ns", "\(header.origin.nanoseconds)"), ("length_ns", "\(survey.length.count)"),
            ("sample_rate_hz", sampleRate_hz.map { "\($0)" } ?? "null"),
            ("shortest_pulse_ns", header.shortestPulse.map { "\($0.count)" } ?? "null"),
            ("ends", isTorn ? "\"torn\"" : "\"whole\""),
            ("lines", JSON.array(header.lines.indices.map(line))),
            ("devices", JSON.array(header.devices.indices.map(device))),
            ("tags", JSON.array(header.tags.indices.map(tag))),
            ("entered_notes", "\(survey.notes)"), ("clock_fixes", "\(survey.clockFixes)"),
            ("late", "\(survey.statistics.lateRecords)"), ("losses", JSON.array(survey.statistics.losses.map(loss))),
            ("notes", JSON.array(header.notes.map(JSON.string))),
            ("limits", JSON.array(header.sources.flatMap(\.limits).map(JSON.string))),
            ("remarks", JSON.array(remarks.map(JSON.string))),
        ])
    }

    private func line(_ place: Int) -> String {
        let (info, line, tally) = (header.lines[place], survey.statistics.lines[place], survey.lines[place])
        func period(_ share: Double) -> String { line.periods.quantile(share).map { "\($0)" } ?? "null" }
        return JSON.object(
            [
                ("line", JSON.string(info.name)), ("edges", "\(line.edges)"), ("pulses", "\(line.pulses)"),
                ("frequency_hz", line.frequency_hz.map(JSON.number) ?? "null"), ("levels", "\(tally.levels)"),
                ("gaps", "\(tally.gaps)"), ("level", line.isHigh.map { $0 ? "1" : "0" } ?? "null"),
                ("shortest_pulse_ns", line.shortestPulse.map { "\($0.count)" } ?? "null"),
                ("shortest_period_ns", period(0)), ("median_period_ns", period(0.5)), ("longest_period_ns", period(1)),
            ] + span(tally))
    }

    private func device(_ place: Int) -> String {
        let (device, tally) = (header.devices[place], survey.devices[place])
        let channels = device.channels.map { channel in
            JSON.object([("channel", JSON.string(channel.name)), ("unit", JSON.string(channel.unit))])
        }
        return JSON.object(
            [
                ("device", JSON.string(device.name)), ("scans", "\(survey.statistics.scans[place])"),
                ("rate_hz", device.rate_hz.map(JSON.number) ?? "null"), ("gaps", "\(tally.gaps)"),
                ("channels", JSON.array(channels)),
            ] + span(tally))
    }

    private func tag(_ place: Int) -> String {
        let (tag, tally) = (header.tags[place], survey.tags[place])
        return JSON.object(
            [
                ("source", JSON.string(tag.source)), ("tag", JSON.string(tag.name)), ("unit", JSON.string(tag.unit)),
                ("claims", "\(tally.claims)"), ("gaps", "\(tally.gaps)"),
            ] + span(tally))
    }

    private func span(_ tally: CaptureSurvey.Tally) -> [(String, String?)] {
        [
            ("first_ns", tally.first.map { "\($0.nanoseconds)" } ?? "null"),
            ("last_ns", tally.last.map { "\($0.nanoseconds)" } ?? "null"),
        ]
    }

    private func loss(_ loss: CaptureStatistics.Loss) -> String {
        let certainty =
            switch loss.certainty {
            case .exact: "exact"
            case .estimated: "estimated"
            case .atLeast: loss.lost > 0 ? "at-least" : "unknown"
            }
        return JSON.object([
            ("gap", JSON.string(Words.kind(loss.kind))), ("of", JSON.string(header.name(of: loss.subject))),
            ("gaps", "\(loss.gaps)"), ("lost", certainty == "unknown" ? "null" : "\(loss.lost)"),
            ("lost_is", JSON.string(certainty)),
        ])
    }
}
