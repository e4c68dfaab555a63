import Glibc
import TapCommand
import TapCore
import TapFormats
import TapServe
import TapSession
import TapView
import TapWatch

/// A session whose records are watched, from opening the sources to the summary.
struct WatchRun {
    let plan: SessionPlan
    let site: WatchedSite
    let patience: Nanoseconds
    let format: FindingFormat
    let isQuiet: Bool
    /// People read each finding too.
    let hasFindings: Bool
    let permits: [PermitArgument]
    /// Where what a next watch is to know is kept; nil: nowhere.
    let state: StateFile?
    /// What people ask of it while it runs, and the socket where they do; no socket: through its window alone.
    var control: (path: String?, desk: ControlDesk)?
    /// What shows it in browsers; nil: nothing.
    var window: WindowDesk?

    /// - Returns: what came of each rule.
    func run() throws(TapError) -> FindingLog {
        guard !site.rules.isEmpty else {
            throw TapError(
                .configuration, "site '\(site.name)'", "has no rule that can be watched yet",
                remedy: "'tap site check --formulas' shows what each asks for")
        }
        let (site, patience, format, isQuiet, permits, state) = (site, patience, format, isQuiet, permits, state)
        let kept = try state?.read() ?? WatchState()
        let isLive = plan.options.speed == nil
        let output = DescriptorOutput(STDOUT_FILENO, name: "standard output")
        let digest = VerdictDigest(site)
        let hasFindings = hasFindings
        let desk = control?.desk.incidents
        var grouped: IncidentLog?
        var board: WatchBoard?
        let window = window
        let consumer = MergedConsumer<WatchSink>("watch", isEssential: true) { header in
            let findings = FindingOutput(site, format, header, hasFindings: hasFindings, to: output)
            if format == .jsonl { findings.write(FindingJSON.head(header, site, permits, version: Tap.version)) }
            var hearer: any IncidentSink = findings
            if let desk { hearer = BoardedIncidents(desk, then: hearer) }
            board = window.map {
                WatchBoard($0.newest, findings: findings, incidents: hearer, permits: permits.map(\.permit))
            }
            let incidents = IncidentLog(site, into: board ?? hearer, findings: board ?? findings)
            let log = FindingLog(
                site.rules, work: site.work, patience: patience,
                proven: header.dateUTC_ns.map { kept.ages(at: $0) } ?? [:], into: incidents,
                verdicts: format == .hash ? digest : nil)
            incidents.log = log
            findings.log = log
            grouped = incidents
            board?.log = log
            board?.grouped = incidents
            let sink = WatchSink(
                header, site, isLive: isLive, log: log, permits: permits.map(\.permit), kept: kept, keep: state?.write)
            for line in WatchWords.forgotten(sink.forgotten) { ExitStatus.say(line) }
            window?.miss(sink.unmatched)
            if !isQuiet { for line in WatchWords.start(site, header, sink.unmatched, permits) { ExitStatus.say(line) } }
            return sink
        }
        var plan = plan
        plan.consumers = [consumer] + (window.map { [$0.consumer()] } ?? [])
        if let control {
            plan.add(ControlSource(control.desk.inbox, for: plan.options.duration), lines: 0, devices: 0)
        }
        let session = Session(plan)
        Signals.onInterrupt(session.stopper.stop)
        try session.open()
        let server = try control.flatMap { control throws(TapError) in
            try control.path.map { path throws(TapError) in try control.desk.serve(at: path) }
        }
        defer { server?.stop() }
        let shown = try window.map { window throws(TapError) in try window.serve(isQuiet: isQuiet) }
        defer { shown?.stop() }
        let result = try session.run()
        window?.end()
        defer { if shown != nil { window?.stay() } }
        let (log, end, late) = consumer.withSink { ($0.log, $0.reached, $0.late) }
        let renewals = consumer.withSink { $0.renewals }
        for source in result.sources {
            for remark in source.remarks { ExitStatus.say("\(source.info.name): \(remark)") }
        }
        for consumer in result.consumers { if let failure = consumer.failure { throw failure } }
        switch format {
        case .text: break
        case .jsonl: try output.write(FindingJSON.summary(log, grouped, end: end, late: late) + "\n")
        case .hash: try output.write(digest.text + "\n")
        }
        if !isQuiet {
            let incidents = grouped.map { [WatchWords.incidents($0)] } ?? []
            for line in WatchWords.summary(site, log, result, end: end, late: late) + incidents
                + WatchWords.anew(renewals)
            {
                ExitStatus.say(line)
            }
        }
        for source in result.sources { if let failure = source.failure { throw failure } }
        return log
    }
}
