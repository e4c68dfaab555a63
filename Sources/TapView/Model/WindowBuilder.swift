public import TapConfig
import TapCore
public import TapWatch

/// Makes models of what is known, one after the other. Not safe to use from two threads at once.
public struct WindowBuilder: Sendable {
    let site: Site
    let watched: WatchedSite
    let facts: [RuleFacts]
    let layout: WindowLayout
    let clock: String
    /// The place of each rule, by its name.
    let places: [String: Int]
    private let unmatched: [String]
    /// The verdict of each asset, and since when, as the last model had it; the empty name is the site's.
    private var before: [String: (verdict: WindowModel.Verdict, since: Nanoseconds)] = [:]

    /// - Parameters:
    ///   - unmatched: what rules ask for and nothing in the session is.
    ///   - clock: how well UTC is known, for people.
    public init(
        _ site: Site, _ watched: WatchedSite, _ layout: WindowLayout, unmatched: [String] = [], clock: String = ""
    ) {
        self.site = site
        self.watched = watched
        self.layout = layout
        self.unmatched = unmatched
        self.clock = clock
        facts = watched.facts
        places = Dictionary(watched.rules.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }

    /// Whether the tag is one of those whose repetition is looked for.
    func repeats(_ name: TagName) -> Bool {
        site.sources.first { $0.name == name.source }?.repeats?.tags.contains(name.tag) ?? false
    }

    /// Never blocks.
    public mutating func model(_ memory: WindowMemory.Now, _ snapshot: WatchSnapshot) -> WindowModel {
        var model = WindowModel()
        model.now = Nanoseconds(memory.reached)
        model.decided = snapshot.decided
        model.isEnded = memory.isEnded
        model.incidents = snapshot.incidents
        model.incidentCount = snapshot.incidentCount
        model.findingCount = snapshot.findingCount
        model.findings = snapshot.findings
        model.standing = snapshot.standing
        model.rules = snapshot.tallies.map(\.holds)
        let asked = snapshot.requests.filter { $0.until > model.now }
        model.permits = asked.filter { $0.request.verb == .permit }
        model.shelves = asked.filter { $0.request.verb == .shelve }
        model.witness = witness(memory, snapshot)
        let judge = TrustJudge(self, memory, snapshot)
        model.assets = judge.assets()
        for place in model.assets.indices {
            let asset = model.assets[place]
            model.assets[place].trust.since = since(asset.name.isEmpty ? " " : asset.name, asset.trust, model.now)
        }
        model.trust = TrustJudge.site(model.assets, unwatched: watched.unwatched)
        model.trust.since = since("", model.trust, model.now)
        return model
    }

    /// What disagrees does so since its finding says; everything else, since it was seen to.
    private mutating func since(_ name: String, _ trust: WindowModel.Trust, _ now: Nanoseconds) -> Nanoseconds {
        let last = before[name]
        let isNew = last?.verdict != trust.verdict
        let since = trust.since ?? (isNew ? (last == nil ? .zero : now) : last?.since ?? now)
        before[name] = (trust.verdict, since)
        return since
    }

    private func witness(_ memory: WindowMemory.Now, _ snapshot: WatchSnapshot) -> WindowModel.Witness {
        var witness = WindowModel.Witness(clock: clock, memoryFrom: Nanoseconds(memory.from))
        witness.lateRecords = memory.late
        witness.ringFill = memory.ringFill
        witness.sources = layout.sources.enumerated().map { number, name in
            let source = memory.sources[number]
            let lanes = layout.lanes.indices.filter { layout.lanes[$0].source == number }.map { memory.lanes[$0].state }
            let areLost = !lanes.isEmpty && lanes.allSatisfy { $0 == .lost }
            let state: WindowModel.Source.State =
                memory.isEnded
                ? .ended : source.isGone || areLost ? .lost : lanes.contains(.muted) ? .muted : .hearing
            return WindowModel.Source(
                name: name, state: state, records: source.records, lost: source.lost, gaps: source.gaps,
                age: source.heard.map { Nanoseconds(max(0, memory.reached - $0)) })
        }
        let blind = snapshot.standing.filter { $0.kind == .blind }.map {
            "\(watched.rules[$0.rule].name): nothing is known of it"
        }
        witness.blind =
            watched.unwatched.map { "\($0): cannot be decided" } + unmatched.map { "\($0): not captured here" }
            + site.unwatched.signals.map { "\($0): no rule watches it" }
            + site.unwatched.tags.map { "\($0): nothing compares it" } + blind
        return witness
    }
}
