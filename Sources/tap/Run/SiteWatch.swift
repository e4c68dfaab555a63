import TapCommand
import TapConfig
import TapCore
import TapServe
import TapSession
import TapView
import TapWatch

/// What watches a site while it is recorded, and takes what people ask of it.
struct SiteWatch {
    let desk: ControlDesk
    /// nil: it has none.
    let window: WindowDesk?
    let pins: IncidentPins
    private let site: WatchedSite
    private let store: String
    private let log: ServiceLog
    private let digest: VerdictDigest

    /// - Parameters:
    ///   - store: its folder.
    ///   - recording: what becomes of it, for a window.
    init(_ site: Site, store: String, _ log: ServiceLog, _ window: WindowArguments, _ recording: RecordingNow) {
        let desk = ControlDesk(site, store: store) { log.say(.asked, .notice, $0) }
        self.desk = desk
        var clock: SiteClock?
        do throws(TapError) { clock = try SiteClock(site) } catch {
            // Recording goes on, and so do the other rules.
            log.say(.problem, .error, "\(error); its clocks are not watched")
        }
        do throws(TapError) {
            _ = try window.tokens.map { tokens throws(TapError) in try WindowTokens(tokens).entries() }
        } catch {
            log.say(.problem, .warning, "\(error); nobody can acknowledge or note through the window")
        }
        let watched = WatchedSite(site, clock: clock)
        self.site = watched
        digest = VerdictDigest(watched)
        self.window = window.outlet.map {
            WindowDesk(
                $0, stays: false, site, watched, speed: nil, recording: recording,
                voice: window.tokens.map { WindowVoice(tokens: WindowTokens($0), desk: desk) })
        }
        pins = IncidentPins(store: store, log)
        self.store = store
        self.log = log
    }

    /// Once the session has ended: by it a watch of the record is compared. nil: nothing is watched.
    var verdicts: String? { site.rules.isEmpty ? nil : digest.text }

    func consumers() throws(TapError) -> [any SessionConsumer] {
        let shown = window.map { [$0.consumer()] } ?? []
        // None where the site has no rule that is watched.
        guard !site.rules.isEmpty else { return shown }
        let (site, log, board, window, digest, pins) = (site, log, desk.incidents, window, digest, pins)
        // Beside the store, for a record holds what came from outside, and this is worked out of it.
        let state = StateFile(store + ".state", site: site.name)
        let kept: WatchState
        do throws(TapError) { kept = try state.read() } catch {
            log.say(.problem, .warning, "\(error)")
            kept = WatchState()
        }
        return [
            MergedConsumer<WatchSink>("watch") { header in
                let lines = FindingLines(site.rules, header, log)
                let boarded = BoardedIncidents(board, then: PinnedIncidents(pins, then: lines))
                let seen = window.map { WatchBoard($0.newest, findings: lines, incidents: boarded) }
                let incidents = IncidentLog(site, into: seen ?? boarded, findings: seen ?? lines)
                let findings = FindingLog(
                    site.rules, work: site.work, patience: .seconds(600),
                    proven: header.dateUTC_ns.map { kept.ages(at: $0) } ?? [:],
                    into: incidents, verdicts: digest)
                incidents.log = findings
                lines.findings = findings
                seen?.log = findings
                seen?.grouped = incidents
                let sink = WatchSink(header, site, isLive: true, log: findings, kept: kept, keep: state.write)
                log.say(.started, .notice, "watching \(counted(site.rules.count, "rule"))")
                for line in WatchWords.forgotten(sink.forgotten) { log.say(.problem, .warning, line) }
                let missing = site.unwatched + sink.unmatched
                window?.miss(sink.unmatched)
                if !missing.isEmpty {
                    log.say(.problem, .warning, "not watched: \(missing.map { printable($0) }.joined(separator: ", "))")
                }
                return sink
            }
        ] + shown
    }
}
