import TapConfig
import TapCore
import Testing

@testable import TapWatch

@Suite
struct WatchSinkTests {
    private final class Collector: FindingSink, VerdictSink {
        var verdicts: [String] = []
        var findings: [String] = []
        func verdict(rule: Int, from time: Int64, _ truth: Truth) { verdicts.append("\(time) \(truth)") }
        func began(_ finding: Finding) { findings.append("\(finding.kind) \(finding.began.count)") }
        func cleared(_ finding: Finding) { findings.append("over \(finding.cleared?.count ?? -1)") }
        func outlasted(_ finding: Finding, at time: Nanoseconds) {}
        func late(_ note: LateNote) {
            findings.append("late \(note.name) \(note.time.count) behind \(note.behind.count), \(note.count)")
        }
        func surveyed(at time: Nanoseconds, blind: [Int]) {}
        func flush() throws(TapError) {}
    }

    /// A line, and who claims of it with a clock of his own.
    private static func site(tag: String = "{}") -> String {
        """
        tap-site: 1
        name: well
        title: Well
        signals: {FB: {role: feedback, line: GPIO17}}
        claims: {hmi: {every: 1s, late: 150ms, tags: {RUN: \(tag)}}}
        rules: {r: {never: hmi.RUN and not FB, for: 100ns}}
        """
    }

    private static let wires = SourceInfo(
        name: "wires", provenance: .simulated, clock: ClockDomain(.virtual), capabilities: [.edges],
        lines: [LineInfo(id: LineID(0), name: "GPIO17")])
    private static let screen = SourceInfo(
        name: "screen", provenance: .simulated,
        clock: ClockDomain(.file, offsetToMonotonic: Nanoseconds(10_000), uncertainty: .zero), capabilities: [.claims],
        tags: [TagInfo(id: TagID(0), name: "RUN", source: "hmi")])

    private static func make(
        _ sources: [SourceInfo], isLive: Bool = false, into collector: Collector
    ) throws -> WatchSink {
        let site = WatchedSite(try SiteFile.parse(Self.site(), file: "well.yaml"))
        let log = FindingLog(site.rules, patience: .seconds(1), into: collector, verdicts: collector)
        let header = SessionHeader(
            version: "1", board: "b", origin: Timestamp(nanoseconds: 5_000), fix: nil, kernel: "", sources: sources)
        return WatchSink(header, site, isLive: isLive, log: log)
    }

    private func level(_ isHigh: Bool, _ time: UInt64) -> Event {
        let time = Timestamp(nanoseconds: time)
        return .level(Level(line: LineID(0), isHigh: isHigh, reason: .first, notBefore: time, notAfter: time))
    }

    private func claim(_ isTrue: Bool, _ time: UInt64) -> Event {
        .claim(Claim(tag: TagID(0), value: .bool(isTrue), quality: .good, time: Timestamp(nanoseconds: time)))
    }

    @Test func `each source's clock is mapped, and lines are found by the board's name of their signal`() throws {
        let collector = Collector()
        var sink = try Self.make([Self.wires, Self.screen], into: collector)
        #expect(sink.unmatched == [])
        sink.event(level(false, 5_000))
        // 10,500 and 11,000 on the gateway's clock.
        sink.event(claim(true, 500))
        sink.event(claim(false, 1_000))
        try sink.finish(at: Timestamp(nanoseconds: 20_000))
        // Since the start, at 5,000.
        #expect(collector.findings == ["broken 5500", "over 6000"])
        #expect(sink.reached == Nanoseconds(6_000))
    }

    @Test func `the order in which sources stand and come changes no verdict`() throws {
        let records = [level(false, 5_000), level(true, 15_500), level(false, 16_000)]
        let claims = [claim(true, 5_500), claim(false, 6_000), claim(true, 6_100), claim(false, 6_250)]
        var results: [[String]] = []
        for isSwapped in [false, true] {
            let collector = Collector()
            var sink = try Self.make(
                isSwapped ? [Self.screen, Self.wires] : [Self.wires, Self.screen], into: collector)
            var all = records.map { ($0.time.nanoseconds, $0) } + claims.map { ($0.time.nanoseconds + 10_000, $0) }
            if isSwapped { all.reverse() }
            all.sort { $0.0 < $1.0 }
            for (_, record) in all {
                sink.event(record)
                if isSwapped { try sink.batchEnded(at: Timestamp(nanoseconds: 30_000)) }
            }
            try sink.finish(at: Timestamp(nanoseconds: 30_000))
            results.append(collector.verdicts + collector.findings)
        }
        #expect(results[0] == results[1])
        #expect(results[0].contains("broken 11100"))
    }

    @Test func `where time is real a verdict closes once all sources are silent, and else with the next record`() throws
    {
        for isLive in [false, true] {
            let collector = Collector()
            var sink = try Self.make([Self.wires, Self.screen], isLive: isLive, into: collector)
            // Before anything has come.
            try sink.batchEnded(at: Timestamp(nanoseconds: 5_000))
            sink.event(level(false, 5_000))
            sink.event(claim(true, 500))
            // A tenth of a second is how long a source is silent at the most, and two seconds more it is waited for.
            try sink.batchEnded(at: Timestamp(nanoseconds: 2_100_010_599))
            #expect(collector.findings == [])
            try sink.batchEnded(at: Timestamp(nanoseconds: 2_100_010_600))
            #expect(collector.findings == (isLive ? ["broken 5500"] : []))
            sink.event(level(false, 12_000))
            try sink.finish(at: Timestamp(nanoseconds: 2_200_000_000))
            #expect(collector.findings == ["broken 5500"])
            #expect(sink.late == 0)
        }
    }

    @Test func `a finding says what was carried and said when it was known, however late that is decided`() throws {
        final class Values: FindingSink {
            var lines: [String] = []
            func began(_ finding: Finding) {
                lines.append("\(finding.known.count): " + finding.values.map(\.description).joined(separator: ", "))
            }
            func cleared(_ finding: Finding) {}
            func outlasted(_ finding: Finding, at time: Nanoseconds) {}
            func surveyed(at time: Nanoseconds, blind: [Int]) {}
            func flush() throws(TapError) {}
        }
        let text = Self.site(tag: "{of: FB, late: 0s}")
        for isStepped in [false, true] {
            let site = WatchedSite(try SiteFile.parse(text, file: "well.yaml"))
            let values = Values()
            let log = FindingLog(site.rules, patience: .seconds(1), into: values)
            let header = SessionHeader(
                version: "1", board: "b", origin: Timestamp(nanoseconds: 5_000), fix: nil, kernel: "",
                sources: [Self.wires, Self.screen])
            var sink = WatchSink(header, site, isLive: false, log: log)
            for event in [level(false, 5_000), claim(true, 500), claim(false, 1_000), level(true, 15_900)] {
                sink.event(event)
                if isStepped { try sink.batchEnded(at: Timestamp(nanoseconds: 30_000)) }
            }
            try sink.finish(at: Timestamp(nanoseconds: 30_000))
            // The tag at once, the rule 100 ns later.
            #expect(values.lines == ["5500: FB is low, hmi.RUN says true", "5600: "])
        }
    }

    @Test func `what comes late is noted, once a minute of its subject at most, and what is left in the end`() throws {
        let collector = Collector()
        var sink = try Self.make([Self.wires, Self.screen], into: collector)
        func edge(_ second: Double, isLate: Bool) {
            let time = Timestamp(nanoseconds: 5_000 + UInt64(second * 1e9))
            sink.edge(Edge(time: time, line: LineID(0), sequence: 1, flags: isLate ? [.rising, .late] : .rising))
        }
        edge(100, isLate: false)
        edge(96.75, isLate: true)
        edge(97, isLate: true)
        edge(159, isLate: false)
        edge(98, isLate: true)
        edge(160, isLate: false)
        edge(159.5, isLate: true)
        // Of another one, whatever the first did; the newest, which came late.
        var claim = Claim(tag: TagID(0), value: .bool(true), quality: .good, time: Timestamp(nanoseconds: 1_000))
        claim.isLate = true
        sink.event(.claim(claim))
        sink.event(.claim(claim))
        let said = [
            "late GPIO17 96750000000 behind 3250000000, 1", "late GPIO17 159500000000 behind 500000000, 3",
            "late hmi 6000 behind 0, 1",
        ]
        #expect(collector.findings.filter { $0.hasPrefix("late") } == said)
        try sink.finish(at: Timestamp(nanoseconds: 200_000_000_000))
        #expect(
            collector.findings.filter { $0.hasPrefix("late") } == said + ["late hmi 6000 behind 0, 1"])
        #expect(sink.late == 6)
    }
}
