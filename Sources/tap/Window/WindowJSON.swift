import TapConfig
import TapCore
import TapFormats
import TapServe
import TapView
import TapWatch

/// The window's state for programs: docs/formats/window-api.yaml describes each member.
struct WindowJSON {
    let site: Site
    let watched: WatchedSite
    let header: SessionHeader
    /// As `1` or `max`.
    let speed: String
    let time: SessionTimeText

    init(_ site: Site, _ watched: WatchedSite, _ header: SessionHeader, speed: String) {
        self.site = site
        self.watched = watched
        self.header = header
        self.speed = speed
        time = SessionTimeText(header)
    }

    /// - Parameters:
    ///   - record: an object that says of which record it is; nil: what is shown is watched now.
    ///   - recording: one of what is recorded meanwhile; nil: nothing is.
    func state(
        _ model: WindowModel, statements: WindowContent.Statements, sequence: UInt64, behind: Nanoseconds,
        record: String?, recording: String?
    ) -> String {
        JSON.object([
            (
                "site",
                JSON.object([
                    ("name", JSON.string(site.name)), ("title", JSON.string(site.title)),
                    ("zone", JSON.string(site.zone)),
                ])
            ),
            ("provenance", JSON.string(header.provenance.rawValue)), ("wires", JSON.string(header.wires)),
            ("speed", JSON.string(speed)), ("mode", JSON.string(record == nil ? "live" : "store")),
            ("sequence", text(Int64(clamping: sequence))),
            ("now_ns", text(model.now.count)), ("decided_ns", text(model.decided.count)),
            ("behind_ms", "\(behind.count / 1_000_000)"), ("utc", JSON.string(time.people(model.now))),
            ("dateUTC_ns", header.dateUTC_ns.map { JSON.string("\($0)") } ?? "null"), ("ended", "\(model.isEnded)"),
            ("trust", trust(model.trust)), ("assets", JSON.array(model.assets.map(asset))),
            ("incidents", JSON.array(model.incidents.map { incident($0) })),
            ("permits", JSON.array(model.permits.map(asked))), ("shelved", JSON.array(model.shelves.map(asked))),
            ("statements", self.statements(statements)), ("tap", own(model, recording)), ("record", record ?? "null"),
        ])
    }

    private func statements(_ statements: WindowContent.Statements) -> String {
        switch statements {
        case .refused(let why): JSON.object([("taken", "false"), ("why", JSON.string(why))])
        case .taken, .passedOn: JSON.object([("taken", "true"), ("why", "null")])
        }
    }

    private func trust(_ trust: WindowModel.Trust) -> String { JSON.object(members(of: trust)) }

    private func members(of trust: WindowModel.Trust) -> [(String, String?)] {
        [
            ("verdict", JSON.string(trust.verdict.rawValue)),
            ("since_ns", trust.since.map { text($0.count) } ?? "null"),
            ("since_utc", trust.since.map { JSON.string(time.people($0)) } ?? "null"), ("why", names(trust.why)),
            (
                "cover",
                JSON.object([
                    ("compared", "\(trust.cover.compared)"), ("tags", "\(trust.cover.tags)"),
                    ("unwatched", names(trust.cover.unwatched)),
                ])
            ),
        ]
    }

    private func asset(_ asset: WindowModel.Asset) -> String {
        let outlook = asset.outlook.map { outlook in
            JSON.object([
                ("rule", JSON.string(outlook.rule)), ("limit", JSON.string(outlook.limit)),
                ("in_s", "\(outlook.inTime.count / 1_000_000_000)"),
            ])
        }
        return JSON.object(
            [
                ("name", JSON.string(asset.name)), ("title", JSON.string(asset.title)),
                ("zone", JSON.string(asset.zone)),
            ] + members(of: asset.trust) + [
                ("rows", JSON.array(asset.rows.map(row))), ("outlook", outlook ?? "null"),
            ])
    }

    private func row(_ row: WindowModel.Row) -> String {
        JSON.object([
            ("tag", string(row.tag)), ("signal", string(row.signal)), ("unit", JSON.string(row.unit)),
            ("meaning", row.meaning.isEmpty ? "null" : JSON.string(row.meaning)),
            ("wire", row.wire.map { side($0, hasTrend: true) } ?? "null"),
            ("claim", row.claim.map { side($0, hasTrend: false) } ?? "null"),
            (
                "difference",
                row.difference.map {
                    JSON.object([("text", JSON.string($0)), ("beyond", "\(row.verdict == .disagree)")])
                } ?? "null"
            ),
            ("verdict", JSON.string(row.verdict.rawValue)), ("note", string(row.note)),
        ])
    }

    private func side(_ side: WindowModel.Side, hasTrend: Bool) -> String {
        JSON.object([
            ("text", string(side.text)), ("state", JSON.string(side.state.rawValue)),
            ("age_ms", side.age.map { "\($0.count / 1_000_000)" } ?? "null"),
            ("trend", hasTrend ? string(side.trend) : nil),
        ])
    }

    /// - Parameters:
    ///   - more: further members.
    ///   - changed: when it became so; nil: as the incident has it.
    func incident(
        _ shown: WatchSnapshot.Shown, _ more: [(String, String?)] = [], at changed: Nanoseconds? = nil
    ) -> String {
        let incident = shown.incident
        let line = IncidentJSON.line(
            incident, shown.change, watched.rules, utc: time.date(changed ?? incident.changed))
        let block = IncidentText.block(incident, shown.change, watched, at: time.people)
        let own = JSON.object(
            [
                ("began_utc", JSON.string(time.people(incident.began))),
                ("known_utc", JSON.string(time.people(incident.known))),
                ("changed_utc", JSON.string(time.people(incident.changed))),
                ("text", names(block.split(separator: "\n").map(String.init))),
                ("open", "\(shown.change != .closed)"),
                ("acknowledged_utc", string(incident.acknowledgement.map { time.people($0.time) })),
            ] + more)
        return line.dropLast() + "," + own.dropFirst()
    }

    private func asked(_ asked: WatchSnapshot.Asked) -> String {
        JSON.object([
            ("name", JSON.string(asked.request.subject)), ("from_ns", text(asked.from.count)),
            ("until_ns", text(asked.until.count)), ("until_utc", JSON.string(time.people(asked.until))),
            ("user", asked.author.isEmpty ? "null" : JSON.string(asked.author)),
            ("reason", JSON.string(asked.request.reason)),
        ])
    }

    private func own(_ model: WindowModel, _ recording: String?) -> String {
        let witness = model.witness
        let sources = witness.sources.map { source in
            JSON.object([
                ("name", JSON.string(source.name)), ("state", JSON.string(source.state.rawValue)),
                ("records", JSON.string("\(source.records)")), ("lost", JSON.string("\(source.lost)")),
                ("gaps", JSON.string("\(source.gaps)")),
                ("age_ms", source.age.map { "\($0.count / 1_000_000)" } ?? "null"),
            ])
        }
        return JSON.object([
            ("sources", JSON.array(sources)), ("recording", recording ?? "null"), ("clock", JSON.string(witness.clock)),
            ("blind", names(witness.blind)), ("late_records", JSON.string("\(witness.lateRecords)")),
            (
                "memory",
                JSON.object([("from_ns", text(witness.memoryFrom.count)), ("to_ns", text(model.now.count))])
            ),
        ])
    }

    // Timeline

    /// - Parameters:
    ///   - memoryFrom: since when there is something of every time.
    ///   - session: its number in the store into which it is recorded; nil: it is not recorded.
    ///   - findings: of the span.
    func timeline(
        _ spans: [WindowMemory.Span], from: Int64, to: Int64, memoryFrom: Int64, session: UInt64?,
        findings: [Finding]
    ) -> String {
        JSON.object([
            ("from_ns", text(from)), ("to_ns", text(to)), ("memory_from_ns", text(memoryFrom)),
            ("session", session.map { JSON.string("\($0)") } ?? "null"), ("lanes", JSON.array(spans.map(lane))),
            ("findings", JSON.array(findings.map(finding))),
        ])
    }

    private func lane(_ span: WindowMemory.Span) -> String {
        let lane = span.lane
        let buckets = span.buckets.map { WindowJSON.bucket($0) }
        let changes = span.changes.map { changes in JSON.array(changes.map { WindowJSON.change($0.time, $0.value) }) }
        return JSON.object([
            ("name", JSON.string(lane.name)), ("kind", JSON.string(lane.kind.rawValue)),
            ("unit", JSON.string(lane.unit)), ("of", string(lane.of)),
            ("words", lane.words.isEmpty ? nil : names(lane.words)), ("captured", "\(lane.isCaptured)"),
            ("before", WindowJSON.number(span.before)), ("buckets", JSON.array(buckets)), ("edges", changes),
        ])
    }

    static func bucket(_ bucket: Bucket) -> String {
        JSON.object([
            ("at_ns", "\"\(bucket.at)\""), ("until_ns", "\"\(bucket.until)\""), ("min", number(bucket.min)),
            ("max", number(bucket.max)), ("first", number(bucket.first)), ("last", number(bucket.last)),
            ("count", "\(bucket.count)"), ("lost", "\(bucket.isLost)"), ("known", "\(bucket.isKnown)"),
        ])
    }

    static func change(_ time: Int64, _ value: Double?) -> String { "[\"\(time)\",\(number(value))]" }

    private func finding(_ finding: Finding) -> String {
        let rule = watched.rules[finding.rule]
        return JSON.object([
            ("number", "\(finding.number)"), ("kind", JSON.string(finding.kind.rawValue)),
            ("rule", JSON.string(rule.name)), ("asset", string(rule.assets.first?.name)),
            ("began_ns", text(finding.began.count)), ("ended_ns", finding.cleared.map { text($0.count) } ?? "null"),
            ("severity", JSON.string(rule.severity.rawValue)), ("excused", "\(finding.isExcused)"),
        ])
    }

    static func number(_ value: Double?) -> String { value.map { JSON.number($0) } ?? "null" }

    private func string(_ text: String?) -> String { text.map { JSON.string($0) } ?? "null" }

    /// Nanoseconds as a string: 2^53 is too small for them.
    private func text(_ count: Int64) -> String { "\"\(count)\"" }

    private func names(_ names: [String]) -> String { JSON.array(names.map { JSON.string($0) }) }
}
