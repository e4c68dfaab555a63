import TapConfig
import TapCore
import TapFormats
import TapServe
import TapView
import TapWatch

/// The window's state for Prometheus: its text format, version 0.0.4.
enum WindowMetrics {
    static func text(
        _ model: WindowModel, _ header: SessionHeader, _ watched: WatchedSite, _ counts: WindowContent.Counts,
        _ recording: RecordingNow.Reading?
    ) -> String {
        var text = MetricText()
        text.family("tap_build_info", .gauge, "The version of tap and where its signals come from; 1.")
        text.sample(
            "tap_build_info",
            [("version", header.version), ("provenance", header.provenance.rawValue), ("site", watched.name)], 1)
        session(model, &text)
        if let recording { self.recording(recording, &text) }
        sources(model, &text)
        trust(model, &text)
        rules(model, watched, &text)
        viewers(counts, &text)
        return text.text
    }

    private static func session(_ model: WindowModel, _ text: inout MetricText) {
        text.family("tap_session_seconds", .gauge, "The session's time, since its start.")
        text.sample("tap_session_seconds", [], seconds(model.now))
        text.family("tap_watch_decided_seconds", .gauge, "Up to when rules are decided, since the session's start.")
        text.sample("tap_watch_decided_seconds", [], seconds(model.decided))
        text.family("tap_session_ended", .gauge, "1: the session is over.")
        text.sample("tap_session_ended", [], model.isEnded ? 1 : 0)
        text.family("tap_window_ring_fill_ratio", .gauge, "How full the fullest of the window's rings is.")
        text.sample("tap_window_ring_fill_ratio", [], model.witness.ringFill)
        text.family("tap_window_late_records_total", .counter, "Records that came too late to count.")
        text.sample("tap_window_late_records_total", [], Double(model.witness.lateRecords))
    }

    private static func recording(_ reading: RecordingNow.Reading, _ text: inout MetricText) {
        text.family("tap_recording", .gauge, "1: recording is in this state.")
        for condition in RecordingNow.Condition.allCases {
            text.sample("tap_recording", [("state", condition.rawValue)], reading.condition == condition ? 1 : 0)
        }
        guard let checkpoint = reading.checkpoint else { return }
        text.family("tap_checkpoint_age_seconds", .gauge, "Since the newest checkpoint was written.")
        text.sample("tap_checkpoint_age_seconds", [], seconds(checkpoint.age))
        text.family("tap_checkpoint_entries", .gauge, "Entries of the log that the newest checkpoint covers.")
        text.sample("tap_checkpoint_entries", [], Double(checkpoint.entries))
    }

    private static func sources(_ model: WindowModel, _ text: inout MetricText) {
        let sources = model.witness.sources
        text.family("tap_source_up", .gauge, "1: the source is heard.")
        for source in sources {
            text.sample("tap_source_up", [("source", source.name)], source.state == .hearing ? 1 : 0)
        }
        text.family("tap_source_records_total", .counter, "Edges, scans, levels and claims of the source.")
        for source in sources {
            text.sample("tap_source_records_total", [("source", source.name)], Double(source.records))
        }
        text.family(
            "tap_source_lost_total", .counter, "Records that are known to be lost, where their number is known.")
        for source in sources { text.sample("tap_source_lost_total", [("source", source.name)], Double(source.lost)) }
        text.family("tap_source_gaps_total", .counter, "Losses that were detected.")
        for source in sources { text.sample("tap_source_gaps_total", [("source", source.name)], Double(source.gaps)) }
        text.family("tap_source_age_seconds", .gauge, "Since the source was heard last.")
        for source in sources {
            guard let age = source.age else { continue }
            text.sample("tap_source_age_seconds", [("source", source.name)], seconds(age))
        }
        text.family("tap_claim_age_seconds", .gauge, "Since the tag was claimed last.")
        for row in model.assets.flatMap(\.rows) {
            guard let tag = row.tag, let age = row.claim?.age else { continue }
            text.sample("tap_claim_age_seconds", [("tag", tag)], seconds(age))
        }
    }

    private static func trust(_ model: WindowModel, _ text: inout MetricText) {
        func all(_ name: String, _ labels: [(String, String)], _ trust: WindowModel.Trust) {
            for verdict in WindowModel.Verdict.allCases {
                text.sample(name, labels + [("verdict", verdict.rawValue)], trust.verdict == verdict ? 1 : 0)
            }
        }
        text.family("tap_site_verdict", .gauge, "1: whether what is said of the site can be believed is this.")
        all("tap_site_verdict", [], model.trust)
        text.family("tap_asset_verdict", .gauge, "1: whether what is said of the asset can be believed is this.")
        for asset in model.assets { all("tap_asset_verdict", [("asset", asset.name)], asset.trust) }
        text.family("tap_tags_compared", .gauge, "Tags that are compared with something.")
        text.sample("tap_tags_compared", [], Double(model.trust.cover.compared))
        text.family("tap_tags", .gauge, "Tags of the site.")
        text.sample("tap_tags", [], Double(model.trust.cover.tags))
    }

    private static func rules(_ model: WindowModel, _ watched: WatchedSite, _ text: inout MetricText) {
        text.family("tap_rule_holds", .gauge, "1: the rule holds; 0: it is broken; no sample: not known.")
        for (rule, holds) in zip(watched.rules, model.rules) {
            guard let holds else { continue }
            text.sample("tap_rule_holds", [("rule", rule.name)], holds ? 1 : 0)
        }
        text.family("tap_rules", .gauge, "Rules that are watched.")
        text.sample("tap_rules", [], Double(watched.rules.count))
        text.family("tap_findings_total", .counter, "Findings since the start.")
        text.sample("tap_findings_total", [], Double(model.findingCount))
        text.family("tap_findings_standing", .gauge, "Findings that stand.")
        for kind in [Finding.Kind.broken, .blind, .unproven] {
            text.sample(
                "tap_findings_standing", [("kind", kind.rawValue)], Double(model.standing.count { $0.kind == kind }))
        }
        text.family("tap_incidents_total", .counter, "Incidents since the start.")
        text.sample("tap_incidents_total", [], Double(model.incidentCount))
        text.family("tap_incidents_open", .gauge, "Incidents that are open.")
        let open = model.incidents.filter { $0.change != .closed }
        for severity in ["low", "medium", "high"] {
            text.sample(
                "tap_incidents_open", [("severity", severity)],
                Double(open.count { $0.incident.severity.rawValue == severity }))
        }
    }

    private static func viewers(_ counts: WindowContent.Counts, _ text: inout MetricText) {
        text.family("tap_window_viewers", .gauge, "Streams of states that are open.")
        text.sample("tap_window_viewers", [], Double(counts.viewers))
        text.family("tap_window_connections", .gauge, "Connections that are open.")
        text.sample("tap_window_connections", [], Double(counts.connections))
        text.family("tap_window_requests_total", .counter, "Requests that were answered.")
        text.sample("tap_window_requests_total", [], Double(counts.requests))
        text.family(
            "tap_window_refused_total", .counter, "Requests that were refused, and connections that were rejected.")
        text.sample("tap_window_refused_total", [], Double(counts.refused) + Double(counts.turnedAway))
        text.family("tap_window_skipped_total", .counter, "States that a viewer did not take in time.")
        text.sample("tap_window_skipped_total", [], Double(counts.skipped))
    }

    private static func seconds(_ time: Nanoseconds) -> Double { Double(time.count) / 1e9 }
}

/// Lines of Prometheus's text format.
struct MetricText {
    enum Kind: String {
        case counter, gauge
    }

    private(set) var text = ""

    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Double) {
        let all = labels.map { "\($0.0)=\"\(MetricText.escaped($0.1))\"" }.joined(separator: ",")
        let number = value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
        text += "\(name)\(all.isEmpty ? "" : "{\(all)}") \(number)\n"
    }

    /// What would end the line is made visible first.
    private static func escaped(_ text: String) -> String {
        printable(text).map { $0 == "\\" ? "\\\\" : $0 == "\"" ? "\\\"" : String($0) }.joined()
    }
}
