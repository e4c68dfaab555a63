import TapConfig
import TapCore
import Testing

@testable import TapWatch

/// Findings given by rule and second.
final class IncidentRun {
    /// A tank with an alarm, and a fan that has nothing to do with it.
    static let text = """
        tap-site: 1
        name: tank
        title: Tank
        assets: {tank: Tank, pump: Pump, horn: Horn, fan: Fan}
        signals:
          LT: {asset: tank, role: measurement, unit: m, accuracy: 0.01 m}
          CMD: {asset: pump, role: command}
          FB: {asset: pump, role: feedback}
          HORN: {asset: horn, role: alarm}
          FAN: {asset: fan, role: command}
          FAN_FB: {asset: fan, role: feedback}
          CHAIN: {asset: pump, role: interlock}
          DRAW: {asset: fan, role: measurement, unit: A, accuracy: 0.1 A}
        claims:
          hmi:
            every: 1s
            late: 150ms
            silent-after: 3 polls
            tags:
              LEVEL: {is: m, of: LT}
              CMD: {of: CMD}
              RUN: {of: FB}
              HORN: {of: HORN}
              ALARM: {}
              LIMIT: {is: m, approved: 3 m}
              STOP: {is: m, approved: 1 m}
              STOPPED: {of: CHAIN}
              STARTS: {counts: CMD}
              DRAW: {is: A, of: DRAW}
              TIME: {clock: local, within: 10 s}
              STEP: {one-of: [rests, pumps]}
              POSITION: {one-of: {"off": not FB, runs: FB}}
              STAGE: {one-of: {idle: not CMD and not FAN, busy: FB or FAN_FB}, asset: tank}
            repeats: {tags: [LEVEL], span: 20 polls, within: 1h}
        work: {service: {seen: CHAIN, excuses: [wails], longest: 1h, permit: true, claimed-by: hmi.ALARM}}
        rules:
          founded: {asset: tank, never: hmi.ALARM and LT < 3 m, for: 8s}
          told: {asset: tank, when: LT > 3.1 m, then: hmi.ALARM, within: 1s}
          sounds: {asset: horn, when: hmi.ALARM, then: HORN, within: 1s}
          wails: {asset: horn, when: LT > 3.5 m for 2s, then: HORN, within: 1s}
          obeys: {asset: pump, when: CMD, then: FB, within: 1s, both-ways: true}
          fan-obeys: {asset: fan, when: FAN, then: FAN_FB, within: 1s}
          empties: {asset: pump, when: LT > 2 m, then: CMD, within: 1s}
          blows: {asset: tank, when: LT > 2 m, then: FAN_FB, within: 1s}
          rests: {asset: tank, never: LT < 1 m and (CMD or FAN)}
          step-said: {asset: pump, when: CMD, then: hmi.STEP == pumps, within: 2s}
          strains: {asset: fan, never: DRAW > 8 A, kind: process}
          full: {asset: tank, never: LT > 4 m, for: 1s, kind: process, severity: high}

        """

    final class Collector: IncidentSink {
        var lines: [String] = []
        var last: [Int: Incident] = [:]
        func changed(_ incident: Incident, _ change: Incident.Change, at time: Nanoseconds) {
            last[incident.number] = incident
            let answers = incident.explanations.map { "\($0.answer.rawValue) \($0.ofTen)" }.joined(separator: ", ")
            lines.append("\(time.count / 1_000_000_000) #\(incident.number) \(change): \(answers)")
        }
    }

    let site: WatchedSite
    let collector = Collector()
    let log: IncidentLog
    private var standing: [String: Finding] = [:]
    private var count = 0

    init() throws {
        site = WatchedSite(try SiteFile.parse(IncidentRun.text, file: "tank.yaml"))
        log = IncidentLog(site, into: collector)
    }

    func begin(
        _ rule: String, _ second: Int64, kind: Finding.Kind = .broken, since: Int64? = nil, excused: Bool = false
    )
        throws
    {
        count += 1
        let place = try #require(site.rules.firstIndex { $0.name == rule })
        var finding = Finding(
            number: count, kind: kind, rule: place, began: .seconds(since ?? second), known: .seconds(second))
        if excused { finding.work = Finding.Work(name: "w", isPermitted: true, handling: .notice) }
        standing[rule] = finding
        log.began(finding)
    }

    func end(_ rule: String, _ second: Int64) throws {
        let known = standing.removeValue(forKey: rule)
        var finding = try #require(known)
        finding.cleared = .seconds(second)
        log.cleared(finding)
    }

    func pass(_ second: Int64) -> [String] {
        log.passed(.seconds(second))
        return collector.lines
    }
}
