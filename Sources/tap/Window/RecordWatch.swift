import Glibc
import TapCommand
import TapConfig
import TapCore
import TapServe
import TapSession
import TapView
import TapWatch

/// A store that is watched anew for a window, which stays until Ctrl-C.
struct RecordWatch {
    let plan: SessionPlan
    let site: WatchedSite
    let desk: WindowDesk
    let isQuiet: Bool

    private final class Nobody: FindingSink, IncidentSink {
        func began(_ finding: Finding) {}
        func cleared(_ finding: Finding) {}
        func outlasted(_ finding: Finding, at time: Nanoseconds) {}
        func surveyed(at time: Nanoseconds, blind: [Int]) {}
        func changed(_ incident: Incident, _ change: Incident.Change, at time: Nanoseconds) {}
        func flush() throws(TapError) {}
    }

    static func plan(_ store: String, _ site: Site, _ file: String) throws(TapError) -> SessionPlan {
        var options = SessionOptions(version: Tap.version)
        options.speed = .max
        var plan = try WatchWires.replay(store, of: file, options)
        try plan.hearOthers(site)
        return plan
    }

    /// Makes summaries on a thread of its own meanwhile. Blocks until Ctrl-C.
    func run(_ timeline: RecordTimeline) throws(TapError) {
        let (site, desk) = (site, desk)
        let consumer = MergedConsumer<WatchSink>("watch", isEssential: true) { header in
            let nobody = Nobody()
            let board = WatchBoard(desk.newest, findings: nobody, incidents: nobody)
            let incidents = IncidentLog(site, into: board, findings: board)
            let log = FindingLog(site.rules, work: site.work, patience: .seconds(600), into: incidents)
            incidents.log = log
            (board.log, board.grouped) = (log, incidents)
            let sink = WatchSink(header, site, isLive: false, log: log)
            desk.miss(sink.unmatched)
            return sink
        }
        var plan = plan
        plan.consumers = [consumer, desk.consumer()]
        let session = Session(plan)
        Signals.onInterrupt(session.stopper.stop)
        try session.open()
        let shown = try desk.serve(isQuiet: isQuiet)
        defer { shown.stop() }
        if !isQuiet, let mismatch = RecordState.mismatch(timeline) { ExitStatus.say(mismatch) }
        let thread = try summarise(timeline)
        defer {
            thread.join()
        }
        let result = try session.run()
        let failure = result.consumers.compactMap(\.failure).first ?? result.sources.compactMap(\.failure).first
        desk.end(failure)
        for source in result.sources where !isQuiet {
            for remark in source.remarks { ExitStatus.say("\(source.info.name): \(remark)") }
        }
        if let failure { ExitStatus.say("\(failure)") }
        desk.stay(failure == nil ? "the record has been watched; the window stays until Ctrl-C" : nil)
    }

    private func summarise(_ timeline: RecordTimeline) throws(TapError) -> SystemThread {
        let isQuiet = isQuiet
        do throws(Errno) {
            return try SystemThread("summaries") {
                timeline.make { Interruption.signal == nil }
                let progress = timeline.progress
                if let failure = progress.failure {
                    ExitStatus.say("the timeline ends where the store cannot be read: \(failure)")
                }
                guard !isQuiet, progress.isDone else { return }
                for remark in progress.remarks { ExitStatus.say(remark) }
                let place = progress.path.map { printable($0) } ?? "memory"
                ExitStatus.say(
                    progress.wasFound
                        ? "summaries of the record are used: \(place)" : "summaries of the record are in \(place)")
            }
        } catch {
            throw TapError(.unsupported, "a thread", "cannot be made: \(error.words)", remedy: "end other programs")
        }
    }
}
