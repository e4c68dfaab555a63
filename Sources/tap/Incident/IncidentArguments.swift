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

    /// One incident. - Throws: that it is not there.
    func entry(_ number: Int, _ found: FoundIncidents) throws(TapError) -> FoundIncidents.Entry {
        if let entry = found.entries.first(where: { $0.incident.number == number }) { return entry }
        throw TapError(
            .usage, "incident \(number)", "is not in \(printable(file))",
            remedy: found.entries.isEmpty
                ? "it has none" : found.entries.count == 1 ? "it has one" : "it has 1 to \(found.entries.count)")
    }

    /// What lines and claims of an incident's rules did around its first finding. Blocks until the record is read.
    ///
    /// - Parameter most: so many entries are kept.
    func trail(_ incident: Incident, _ found: FoundIncidents, around: Nanoseconds, most: Int) throws(TapError)
        -> (entries: [IncidentTrail.Entry], isCut: Bool)
    {
        let site = try CommandSite.load(self.site)
        let names = incident.involved.map { found.site.rules[$0.rule].name }
        let span = (incident.began - around).count...(incident.known + around).count
        let consumer = try run(site) { IncidentTrail($0, site, about: names, span, most: most) }
        return consumer.withSink { ($0.entries, $0.isCut) }
    }

    /// Draws it. Blocks until the record is read.
    ///
    /// - Returns: false where there is nothing that could be drawn.
    func draw(_ incident: Incident, _ found: FoundIncidents, to path: String, mayReplace: Bool) throws(TapError)
        -> Bool
    {
        guard let header = found.header else { return false }
        let rules = incident.involved.map { found.site.rules[$0.rule].name }
        return try IncidentPicture(CommandSite.load(site), header).draw(
            incident, about: rules, of: file, to: path, mayReplace: mayReplace)
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

    /// All of one, for people: as it stood in the end, and when it changed.
    func text(_ entry: Entry) -> String {
        let course = entry.changes.map { "\($0.change.rawValue) \(when($0.at))" }.joined(separator: ", ")
        return IncidentText.block(entry.incident, .opened, site, at: when) + "\n" + IncidentText.row("Course", course)
            + "\n"
    }

    /// A line, for programs.
    func json(_ entry: Entry) -> String {
        let last = entry.changes.last ?? (.opened, entry.incident.changed)
        return IncidentJSON.line(entry.incident, last.change, site.rules, utc: date(last.at)) + "\n"
    }

    /// nil: it has none.
    func date(_ time: Nanoseconds) -> String? { header.flatMap { SessionTimeText($0).date(time) } }
    func when(_ time: Nanoseconds) -> String { header.map { SessionTimeText($0).people(time) } ?? "" }
}
