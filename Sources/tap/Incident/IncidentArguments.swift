import ArgumentParser
import TapCommand
import TapConfig
import TapCore
import TapFormats
import TapSession
import TapWatch

/// A record, and the site by whose rules it is watched again.
struct IncidentArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp("The site file by whose rules it is watched.", valueName: "file"),
        completion: .file(extensions: ["yaml"]))
    var site: String
    @Option(
        help: ArgumentHelp("How long a rule may be unknown before that is a finding.", valueName: "duration"))
    var blindAfter = DurationArgument(.seconds(600))
    @Option(
        name: .customLong("permit"),
        help: ArgumentHelp("Permit work of the site, as for tap watch. May be repeated.", valueName: "permit"))
    var permits: [PermitArgument] = []
    @Argument(help: ArgumentHelp("A store or a capture file.", valueName: "file"), completion: .captures)
    var file: String

    /// All incidents of the record. Blocks until it is read.
    func find() throws(TapError) -> FoundIncidents {
        let site = try CommandSite.load(self.site)
        for permit in permits { try permit.check(site) }
        let watched = WatchedSite(site, clock: try SiteClock(site))
        let (patience, permits) = (blindAfter.value, permits.map(\.permit))
        let found = FoundIncidents(watched)
        try run(site) { header in
            found.header = header
            let incidents = IncidentLog(watched, into: found)
            let log = FindingLog(watched.rules, work: watched.work, patience: patience, into: incidents)
            incidents.log = log
            found.log = incidents
            return WatchSink(header, watched, isLive: false, log: log, permits: permits)
        }
        return found
    }

    /// What lines and claims of some rules did in a span of the record. Blocks until it is read.
    func trail(_ rules: [Incident.Involved], _ found: FoundIncidents, _ span: ClosedRange<Int64>) throws(TapError)
        -> [IncidentTrail.Entry]
    {
        let site = try CommandSite.load(self.site)
        let names = rules.map { found.site.rules[$0.rule].name }
        let consumer = try run(site) { IncidentTrail($0, site, about: names, span) }
        return consumer.withSink { $0.entries }
    }

    @discardableResult
    private func run<Sink: RecordSink & ~Copyable>(
        _ site: Site, into make: @escaping (SessionHeader) -> Sink
    ) throws(TapError) -> MergedConsumer<Sink> {
        var options = SessionOptions(version: Tap.version)
        options.speed = .max
        var plan = try WatchWires.replay(file, of: self.site, options)
        try plan.hearOthers(site)
        let consumer = MergedConsumer<Sink>("incidents", isEssential: true, into: make)
        plan.consumers = [consumer]
        let session = Session(plan)
        Signals.onInterrupt(session.stopper.stop)
        try session.open()
        let result = try session.run()
        for consumer in result.consumers { if let failure = consumer.failure { throw failure } }
        for source in result.sources { if let failure = source.failure { throw failure } }
        return consumer
    }
}

/// Takes what becomes of each incident. On one thread.
final class FoundIncidents: IncidentSink {
    struct Entry {
        var incident: Incident
        /// The last one says how it stands at the end.
        var changes: [(change: Incident.Change, at: Nanoseconds)]
        var isOpen: Bool { changes.last?.change != .closed }
    }

    let site: WatchedSite
    var header: SessionHeader?
    var log: IncidentLog?
    private(set) var entries: [Entry] = []

    init(_ site: WatchedSite) { self.site = site }

    func changed(_ incident: Incident, _ change: Incident.Change, at time: Nanoseconds) {
        if let place = entries.firstIndex(where: { $0.incident.number == incident.number }) {
            entries[place].incident = incident
            entries[place].changes.append((change, time))
        } else {
            entries.append(Entry(incident: incident, changes: [(change, time)]))
        }
    }

    func when(_ time: Nanoseconds) -> String { header.map { SessionTimeText($0).people(time) } ?? "" }
}
