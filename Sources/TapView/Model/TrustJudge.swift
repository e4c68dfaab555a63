import TapConfig
import TapCore
import TapWatch

/// Whether what is said of each asset can be believed, and what it rests on.
struct TrustJudge {
    private static let mostReasons = 6
    /// Farther away nothing is foretold.
    private static let farthest = 7_200.0

    let builder: WindowBuilder
    let memory: WindowMemory.Now
    private let snapshot: WatchSnapshot
    let present: Present
    private let rows: RowMaker

    init(_ builder: WindowBuilder, _ memory: WindowMemory.Now, _ snapshot: WatchSnapshot) {
        self.builder = builder
        self.memory = memory
        self.snapshot = snapshot
        present = Present(site: builder.site, layout: builder.layout, lanes: memory.lanes)
        rows = RowMaker(site: builder.site, layout: builder.layout, memory: memory, present: present)
    }

    /// What the rules on a tag come to.
    private struct Comparison {
        var verdict = WindowModel.Verdict.unchecked
        var note: String?
        /// Of the first finding that stands.
        var since: Nanoseconds?
        var asset: String?
    }

    /// A row, and of which asset it is.
    private struct Placed {
        var asset: String
        var row: WindowModel.Row
        var since: Nanoseconds?
    }

    func assets() -> [WindowModel.Asset] {
        let placed = tagRows() + wireRows()
        var assets = builder.site.assets.map { asset in
            made(asset.name, asset.title, asset.zone, placed.filter { $0.asset == asset.name })
        }
        let rest = placed.filter { row in !builder.site.assets.contains { $0.name == row.asset } }
        if !rest.isEmpty { assets.append(made("", builder.site.title, "", rest)) }
        return assets
    }

    private func made(_ name: String, _ title: String, _ zone: String, _ placed: [Placed]) -> WindowModel.Asset {
        var trust = WindowModel.Trust()
        for part in placed { trust.verdict = trust.verdict.worse(part.row.verdict) }
        let tagged = placed.filter { $0.row.tag != nil }
        trust.cover.tags = tagged.count
        trust.cover.compared = tagged.count { $0.row.verdict != .unchecked }
        trust.cover.unwatched = tagged.filter { $0.row.verdict == .unchecked }.compactMap(\.row.tag)
        let deciding = placed.filter { $0.row.verdict == trust.verdict }
        switch trust.verdict {
        case .disagree:
            trust.since = deciding.compactMap(\.since).min()
            trust.why = reasons(deciding.map { TrustJudge.sentence($0.row) })
        case .unknown: trust.why = reasons(deciding.map { TrustJudge.sentence($0.row) })
        case .agree: break
        case .unchecked:
            trust.why = tagged.isEmpty ? ["Nothing is claimed of it."] : ["Nothing compares what is claimed."]
        }
        return WindowModel.Asset(
            name: name, title: title, zone: zone, trust: trust, rows: placed.map(\.row), outlook: outlook(of: name))
    }

    private func reasons(_ sentences: [String]) -> [String] {
        guard sentences.count > TrustJudge.mostReasons else { return sentences }
        return sentences.prefix(TrustJudge.mostReasons - 1)
            + ["and \(sentences.count - TrustJudge.mostReasons + 1) more"]
    }

    private static func sentence(_ row: WindowModel.Row) -> String {
        let name = row.tag ?? row.signal ?? ""
        if let note = row.note, row.verdict == .disagree || row.verdict == .unknown { return "\(name): \(note)" }
        return name
    }

    /// The worst of all assets.
    static func site(_ assets: [WindowModel.Asset], unwatched: [String]) -> WindowModel.Trust {
        var trust = WindowModel.Trust()
        for asset in assets {
            trust.verdict = trust.verdict.worse(asset.trust.verdict)
            trust.cover.compared += asset.trust.cover.compared
            trust.cover.tags += asset.trust.cover.tags
            trust.cover.unwatched += asset.trust.cover.unwatched
        }
        trust.cover.unwatched += unwatched
        let deciding = assets.filter { $0.trust.verdict == trust.verdict }
        if trust.verdict == .disagree { trust.since = deciding.compactMap(\.trust.since).min() }
        if trust.verdict == .disagree || trust.verdict == .unknown {
            trust.why = deciding.flatMap { asset in asset.trust.why.prefix(1).map { "\(asset.title): \($0)" } }
        }
        return trust
    }

    // Rows

    private func tagRows() -> [Placed] {
        builder.site.sources.flatMap { source in
            source.tags.map { tag in
                let name = TagName(source: source.name, tag: tag.name)
                let comparison = comparison(of: name)
                var row = rows.row(of: tag, source)
                row.verdict = comparison.verdict
                // A verdict stands until the next claim is compared; a wire that is lost is not waited for.
                if row.verdict == .agree, row.wire?.state == .lost || row.wire?.state == .unknown {
                    row.verdict = .unknown
                }
                row.note = note(row, comparison)
                let isAsset = builder.site.assets.contains { $0.name == source.name }
                let asset =
                    comparison.asset ?? builder.site.signal(of: tag).map(\.asset).flatMap { $0.isEmpty ? nil : $0 }
                    ?? (isAsset ? source.name : "")
                return Placed(asset: asset, row: row, since: comparison.since)
            }
        }
    }

    private func wireRows() -> [Placed] {
        let compared = Set(
            builder.site.sources.flatMap(\.tags).compactMap { builder.site.signal(of: $0)?.name })
        return builder.site.signals.filter { $0.role != .bus && !compared.contains($0.name) }.map {
            Placed(asset: $0.asset, row: rows.row(of: $0))
        }
    }

    private func note(_ row: WindowModel.Row, _ comparison: Comparison) -> String? {
        if comparison.verdict == .unchecked, row.claim?.state == .unknown, row.claim?.age == nil {
            return "not captured here"
        }
        if let note = comparison.note { return note }
        switch row.verdict {
        case .disagree:
            let said = row.claim?.text.map { "the claim says \($0)" } ?? "nothing is claimed now"
            if row.wire == nil, let approved = row.note { return "\(said), \(approved)" }
            return row.wire.map { "\(said), the wire \($0.text.map { "says \($0)" } ?? "is not known")" } ?? said
        case .unknown:
            if row.claim?.state == .silent { return "no claim now" }
            if row.claim?.age == nil { return "nothing was claimed yet" }
            switch row.wire?.state {
            case .lost: return "the wire is lost"
            case .muted: return "the wire is muted"
            case .unknown: return "the wire is not known"
            default: return "cannot be decided now"
            }
        case .agree, .unchecked: return row.note
        }
    }

    /// By its own rule; where it has none, by all rules that judge it.
    private func comparison(of name: TagName) -> Comparison {
        let own = builder.places[name.description]
        let lane = builder.layout.lane(named: name.description).map { builder.layout.lanes[$0] }
        guard lane?.source != nil else { return Comparison() }
        let others = builder.facts.indices.filter {
            $0 != own && builder.facts[$0].isOfScreen && builder.facts[$0].tags.contains(name)
        }
        let whole = builder.facts.indices.filter {
            let facts = builder.facts[$0]
            return facts.isOfScreen && facts.tags.isEmpty && facts.sources.contains(name.source)
        }
        guard own != nil || !others.isEmpty else { return Comparison() }
        var result = Comparison()
        let deciding = own.map { [$0] } ?? others
        result.asset = deciding.lazy.compactMap { builder.watched.rules[$0].assets.first?.name }.first
        guard !snapshot.tallies.isEmpty else {
            result.verdict = .unknown
            return result
        }
        // What was never known says nothing where something else is.
        let known = deciding.filter { snapshot.tallies[$0].wasKnown }
        result.verdict =
            known.isEmpty || known.contains { snapshot.tallies[$0].holds == nil } ? .unknown : .agree
        for rule in deciding + others + whole where snapshot.tallies[rule].isBroken {
            guard let finding = snapshot.standing.first(where: { $0.rule == rule && $0.kind == .broken }) else {
                continue
            }
            if finding.isExcused {
                if result.verdict != .disagree {
                    result.verdict = .unknown
                    result.note =
                        finding.shelved != nil
                        ? "differs, and is shelved" : "differs, which \(finding.work?.name ?? "work") excuses"
                }
                continue
            }
            // A source that is silent says nothing, and one that repeats itself nothing of now: its claims are unknown, but
            // for those that were compared with the past.
            let relation = builder.facts[rule].relation
            if whole.contains(rule), relation == .silent || relation == .repeats && !builder.repeats(name) {
                if result.verdict != .disagree {
                    result.verdict = .unknown
                    result.note = relation == .repeats ? "\(name.source) repeats what it said before" : nil
                }
                continue
            }
            if relation == .repeats {
                if result.verdict != .disagree {
                    result.verdict = .disagree
                    result.since = min(result.since ?? finding.began, finding.began)
                    result.note = "the claim repeats what was said before, digit for digit"
                }
                continue
            }
            result.since = min(result.since ?? finding.began, finding.began)
            // The first of them says it: the tag's own rule, where that is broken.
            guard result.verdict != .disagree else { continue }
            result.verdict = .disagree
            result.note = deciding.first == rule && own != nil ? nil : builder.watched.rules[rule].sentence
        }
        return result
    }

    /// The limit of one of its rules that is passed next.
    private func outlook(of asset: String) -> WindowModel.Outlook? {
        var next: WindowModel.Outlook?
        for (rule, facts) in builder.facts.enumerated() {
            guard let limit = facts.limit, builder.watched.rules[rule].assets.contains(where: { $0.name == asset }),
                let place = builder.layout.lane(named: limit.signal)
            else { continue }
            let lane = builder.layout.lanes[place]
            guard let rate = memory.lanes[place].rate?.rate(beyond: 3 * lane.step * lane.size) else { continue }
            guard abs(rate.change) > lane.step * lane.size, (rate.perSecond > 0) == limit.isUpper else { continue }
            let seconds = (limit.value - rate.last) / rate.perSecond
            guard seconds > 0, seconds < TrustJudge.farthest else { continue }
            let time = Nanoseconds(Int64(seconds * 1e9))
            if next.map({ time < $0.inTime }) ?? true {
                next = WindowModel.Outlook(rule: builder.watched.rules[rule].name, limit: limit.text, inTime: time)
            }
        }
        return next
    }
}
