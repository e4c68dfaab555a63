import TapConfig
import TapCore
import Testing

@testable import TapWatch

/// What a watch remembers from one start to the next.
@Suite
struct WatchStateTests {
    @Test func `a state is text that says the same again, and another site's or a torn one is none`() {
        var state = WatchState()
        state.proven = ["siren-sounds": 1_774_500_000_000_000_000, "a": 0]
        state.counters = ["hmi.VOLUME": 41.3, "hmi.P1_STARTS": 7]
        state.distrusted = ["LT1": 2.25]
        let text = state.text(site: "well")
        #expect(
            text == """
                tap-watch-state 1 well
                proven 0 a
                proven 1774500000000000000 siren-sounds
                counter 7.0 hmi.P1_STARTS
                counter 41.3 hmi.VOLUME
                distrusted 2.25 LT1

                """)
        #expect(WatchState(text, site: "well") == state)
        #expect(WatchState(text + "later 5 something\n", site: "well") == state)
        #expect(WatchState(text, site: "other") == nil)
        for bad in [
            "", "proven", "tap-watch-state 1 well\nproven -3 a\n", "tap-watch-state 1 well\ncounter nan a\n",
            "tap-watch-state 1 well\ndistrusted x a\n",
        ] {
            #expect(WatchState(bad, site: "well") == nil, "\(bad)")
        }
        #expect(state.ages(at: 30)["a"] == Nanoseconds(-30))
    }

    @Test func `incidents, permits and shelves are lines of it, whatever people wrote`() throws {
        var state = WatchState()
        state.requests = [KeptRequest(text: "shelve r for 2h: worn\timpeller", author: "user 7", until: 9)]
        state.numbered = 4
        var first = KeptIncident(number: 3, title: "Not shown: Well", began: 5, known: 6)
        first.closed = 8
        first.reopenings = 2
        var second = KeptIncident(number: 4, title: "T", began: 7, known: 7)
        second.parts = [
            KeptIncident.Part(rule: "hmi silent", isBlind: true, findings: 2, stands: true, began: 7, known: 8)
        ]
        second.remarks = [
            KeptIncident.Remark(isAcknowledgement: true, author: "anna", claimed: "", time: 8, words: ""),
            KeptIncident.Remark(isAcknowledgement: false, author: "b", claimed: "B. B.", time: 9, words: "one\ntwo"),
        ]
        second.acknowledgement = 0
        state.incidents = [first, second]
        state.approvals = [
            KeptApproval(text: "approve hmi.SP as 2.1 m within 10min: order", author: "anna", time: 7, instead: 2)
        ]
        let again = try #require(WatchState(state.text(site: "well"), site: "well"))
        state.requests[0].text = "shelve r for 2h: worn impeller"
        state.incidents[1].remarks[1].words = "one two"
        #expect(again == state)
        let head = "tap-watch-state 1 well\n"
        for bad in [
            "incident 0 1\t2\t-\t0\t-\tT\n", "part 1 broken\t1\tover\t1\t1\tr\n", "request x a\tb\n",
            "numbered -1 incidents\n", "approval 7 anna\tapprove hmi.SP as 2.1 m within 10min\n",
        ] {
            #expect(WatchState(head + bad, site: "well") == nil, "\(bad)")
        }
    }

    private static let text = """
        tap-site: 1
        name: well
        title: Well
        signals: {A: {role: feedback}, B: {role: alarm}}
        claims: {hmi: {every: 100us, late: 0s, retained: true, tags: {COUNT: {counts: A}}}}
        rules: {r: {when: A, then: B, within: 1s, proven-every: 1h}}
        """

    private final class Collector: FindingSink {
        var lines: [String] = []
        func began(_ finding: Finding) { lines.append("\(finding.kind) \(finding.rule) \(finding.known.count)") }
        func cleared(_ finding: Finding) {}
        func outlasted(_ finding: Finding, at time: Nanoseconds) {}
        func surveyed(at time: Nanoseconds, blind: [Int]) {}
        func flush() throws(TapError) {}
    }

    /// Watches a line that is high and then low, and claims of its counter.
    private func watch(_ counts: [Int], after kept: WatchState, utc: UInt64, isProven: Bool = true) throws -> (
        state: WatchState, lines: [String]
    ) {
        let site = WatchedSite(try SiteFile.parse(Self.text, file: "well.yaml"))
        let source = SourceInfo(
            name: "s", provenance: .hardware, clock: ClockDomain(.virtual), capabilities: [.edges, .claims],
            lines: [LineInfo(id: LineID(0), name: "A"), LineInfo(id: LineID(1), name: "B")],
            tags: [TagInfo(id: TagID(0), name: "COUNT", source: "hmi")])
        let fix = ClockFix(
            monotonic: Timestamp(nanoseconds: 0), utcNanoseconds: utc, bracket: .zero, bootID: BootID(high: 0, low: 0),
            isSynchronised: true, sinceSynchronised: nil, kernelMaximumError: .zero)
        let header = SessionHeader(
            version: "1", board: "b", origin: .zero, fix: fix, kernel: "", sources: [source])
        let collector = Collector()
        let log = FindingLog(
            site.rules, patience: .seconds(1), proven: kept.ages(at: header.startUTC_ns ?? 0), into: collector)
        var states: [WatchState] = []
        var sink = WatchSink(header, site, isLive: false, log: log, kept: kept) { states.append($0) }
        func level(_ line: Int, _ isHigh: Bool, at time: UInt64) {
            let time = Timestamp(nanoseconds: time)
            sink.event(
                .level(
                    Level(line: LineID(UInt16(line)), isHigh: isHigh, reason: .first, notBefore: time, notAfter: time)))
        }
        level(0, true, at: 0)
        level(1, isProven, at: 0)
        level(0, false, at: 500)
        for (number, count) in counts.enumerated() {
            let time = Timestamp(nanoseconds: UInt64(1_000 + 1_000 * number))
            sink.event(.claim(Claim(tag: TagID(0), value: .number(Double(count)), quality: .good, time: time)))
        }
        try sink.finish(at: Timestamp(nanoseconds: 10_000))
        return (try #require(states.last), collector.lines)
    }

    @Test func `a counter that went back while nobody watched is found, one that went on is not`() throws {
        let (state, lines) = try watch([7, 7], after: WatchState(), utc: 1_000_000)
        #expect(lines == [])
        #expect(state.counters == ["hmi.COUNT": 7])
        #expect(state.proven == ["r": 1_000_500])
        #expect(try watch([12, 12], after: state, utc: 2_000_000).lines == [])
        #expect(try watch([6, 6], after: state, utc: 2_000_000).lines == ["broken 0 1000"])
    }

    /// Watches a set point that is 2.1 m, of which the site file says another approved value.
    private func watchSetPoint(
        approved: String, notes: [(String, UInt64)] = [], claims: [UInt64] = [100], after kept: WatchState, utc: UInt64
    ) throws -> (state: WatchState, lines: [String], forgotten: [String]) {
        let text = """
            tap-site: 1
            name: well
            title: Well
            signals: {A: {role: feedback}}
            claims: {hmi: {every: 100us, late: 0s, tags: {SP: {is: m, approved: \(approved)}}}}
            rules: {r: {never: A}}
            """
        let site = WatchedSite(try SiteFile.parse(text, file: "well.yaml"))
        let source = SourceInfo(
            name: "s", provenance: .hardware, clock: ClockDomain(.virtual), capabilities: [.edges, .claims],
            lines: [LineInfo(id: LineID(0), name: "A")],
            tags: [TagInfo(id: TagID(0), name: "SP", source: "hmi", unit: "m")])
        let fix = ClockFix(
            monotonic: Timestamp(nanoseconds: 0), utcNanoseconds: utc, bracket: .zero, bootID: BootID(high: 0, low: 0),
            isSynchronised: true, sinceSynchronised: nil, kernelMaximumError: .zero)
        let header = SessionHeader(version: "1", board: "b", origin: .zero, fix: fix, kernel: "", sources: [source])
        let collector = Collector()
        let log = FindingLog(site.rules, patience: .seconds(1), into: collector)
        var states: [WatchState] = []
        var sink = WatchSink(header, site, isLive: false, log: log, kept: kept) { states.append($0) }
        for (text, time) in notes {
            sink.event(
                .note(
                    Note(
                        time: Timestamp(nanoseconds: time), author: ShortText("anna"), text: ShortText(text))))
        }
        for time in claims {
            let time = Timestamp(nanoseconds: time)
            sink.event(.claim(Claim(tag: TagID(0), value: .number(2.1), quality: .good, time: time)))
        }
        try sink.finish(at: Timestamp(nanoseconds: 10_000))
        let forgotten = sink.forgotten
        return (try #require(states.last), collector.lines, forgotten)
    }

    @Test func `what was approved goes on, as long as the site file says what it said then`() throws {
        let (state, lines, _) = try watchSetPoint(
            approved: "2 m", notes: [("approve hmi.SP as 2.1 m within 10min: order", 50)], after: WatchState(),
            utc: 1_000_000)
        #expect(lines == [])
        let kept = KeptApproval(
            text: "approve hmi.SP as 2.1 m within 10min: order", author: "anna", time: 1_000_050, instead: 2)
        #expect(state.approvals == [kept])
        let next = try watchSetPoint(approved: "2 m", after: state, utc: 2_000_000)
        #expect((next.lines, next.state.approvals, next.forgotten) == ([], [kept], []))
        // The site file has it.
        let taken = try watchSetPoint(approved: "2100 mm", after: state, utc: 2_000_000)
        #expect((taken.lines, taken.state.approvals, taken.forgotten) == ([], [], []))
        // The site file says something else now.
        let changed = try watchSetPoint(approved: "1.9 m", after: state, utc: 2_000_000)
        #expect((changed.lines, changed.state.approvals) == (["broken 0 100"], []))
        #expect(changed.forgotten == ["approve hmi.SP"])
    }

    @Test func `a proof ages while nobody watches`() throws {
        var state = WatchState()
        state.proven["r"] = 1_000_000
        // Ninety minutes later.
        #expect(try watch([7], after: state, utc: 5_400_001_000_000, isProven: false).lines == ["unproven 2 0"])
    }
}
