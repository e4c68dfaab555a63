import TapConfig
import TapCore
import TapFormats
import TapSession
import TapSim
import TestSupport
import Testing

/// The screen of the pump station says what the PLC answers on the RS485 wire; both are heard.
@Suite(.timeLimit(.minutes(1))) struct HeardClaimsTests {
    private static let tags = """
        LEVEL: {at: 0, words: 2, float: true, is: m}
        FLOW: {at: 2, signed: true, is: 0.1 m3/h}
        P1_CURRENT: {at: 4, is: 0.01 A}
        VOLUME: {at: 6, words: 2, order: low-first, is: 0.1 m3}
        P1_RUN: {at: 8, bit: 0}
        ALM_HIGH: {at: 9, bit: 0}
        P2_MODE: {at: 10, bits: 2..3, one-of: ["off", auto, hand]}
        SP_START: {at: 11, signed: true, is: 0.001 m}
        P1_STARTS: {at: 15, words: 2, order: low-first, is: raw}
        """

    private func site(lines: String = "RS485", tags: String = HeardClaimsTests.tags) throws -> Site {
        let indented = tags.split(separator: "\n").map { "      \($0)" }.joined(separator: "\n")
        return try SiteFile.parse(
            """
            tap-site: 1
            name: station
            title: Station
            signals:
              RS485: {role: bus, uart: "19200,8e1"}
              OTHER: {role: bus, uart: "19200,8e1"}
            claims:
              bus:
                from: {heard: \(lines), unit: 1, function: 3}
                every: 1s
                late: 150ms
                tags:
            \(indented)
            """, file: "site.yaml")
    }

    private func scenario() throws -> Scenario {
        try ScenarioFile.parse(
            """
            tap-scenario: 1
            name: station
            title: Station
            seed: 5
            for: 2min
            plant: {kind: pump-station}
            lines:
              - {name: RS485, wave: signal, signal: RS485}
            """, file: "station.yaml", plants: Plants.all)
    }

    private func options(_ speed: Speed = .max) -> SessionOptions {
        var options = SessionOptions(version: "1")
        options.speed = speed
        options.duration = .seconds(120)
        return options
    }

    private struct Heard {
        var header: SessionHeader
        var claims: [Claim] = []
        var gaps: [Gap] = []

        func named(_ source: String) -> [(name: String, claim: Claim)] {
            claims.compactMap { claim in
                header.tags.first { $0.id == claim.tag && $0.source == source }.map { ($0.name, claim) }
            }
        }
    }

    private func run(_ plan: SessionPlan, text: MemoryOutput? = nil) throws -> Heard {
        let collector = MergedConsumer("all") { _ in RecordCollector() }
        var consumers: [any SessionConsumer] = [collector]
        if let text { consumers.append(MergedConsumer("text") { JSONLinesWriter($0, to: ByteWriter(text)) }) }
        let result = try plan.run(consumers)
        var heard = Heard(header: result.header)
        for record in collector.withSink({ $0.records }) {
            guard case .event(let event) = record else { continue }
            if case .claim(let claim) = event { heard.claims.append(claim) }
            if case .gap(let gap) = event { heard.gaps.append(gap) }
        }
        return heard
    }

    @Test func `what is heard on the wire is what the screen shows, before it does`() throws {
        var plan = SessionPlan(try scenario(), options: options())
        try plan.hear(site())
        let heard = try run(plan)
        let bus = heard.named("bus")
        var compared: [String: Int] = [:]
        for (name, shown) in heard.named("hmi") {
            guard let answered = bus.last(where: { $0.name == name && $0.claim.time < shown.time })?.claim else {
                continue
            }
            #expect(shown.time - answered.time < .milliseconds(150), "\(name)")
            if case .number(let number) = shown.value, name == "LEVEL" {
                #expect(answered.value == .number(Double(Float(number))))
            } else {
                #expect(answered.value == shown.value, "\(name)")
            }
            compared[name, default: 0] += 1
        }
        #expect(compared.count == 9)
        #expect(compared.values.allSatisfy { $0 >= 100 })
        #expect(heard.gaps.isEmpty)
        #expect(zip(heard.claims, heard.claims.dropFirst()).allSatisfy { $0.time <= $1.time })
    }

    @Test func `what is written on the bus is heard beside a screen that says something else`() throws {
        let scenario = try ScenarioFile.parse(
            """
            tap-scenario: 1
            name: station
            title: Station
            seed: 5
            for: 2min
            plant: {kind: pump-station}
            attacks: [{aim: modified-control, variant: setting-written, target: SP_HIGH, from: 50s}]
            """, file: "station.yaml", plants: Plants.all)
        let site = try SiteFile.parse(
            """
            tap-site: 1
            name: station
            title: Station
            signals: {RS485: {role: bus, uart: "19200,8e1"}}
            claims:
              hmi: {from: {heard: RS485, unit: 1}, every: 1s, late: 1s, tags: {FLOW: {at: 2}}, writes: {allowed: none}}
            """, file: "site.yaml")
        var plan = SessionPlan(scenario, options: options())
        try plan.hearOthers(site)
        let heard = try run(plan)
        let writes = heard.named("hmi").filter { $0.name == "writes" }.map(\.claim)
        #expect(writes.map(\.value).first == .text(ShortText("nothing")))
        #expect(writes.count == 2)
        guard case .text(let text) = writes.last?.value, let write = BusWrite(text.text) else {
            Issue.record("no write")
            return
        }
        #expect((write.addresses, write.unit, write.isRefused) == (14...14, 1, false))
        #expect(writes[1].time - heard.header.origin >= .seconds(50))
        #expect(writes[1].time - heard.header.origin < .seconds(52))
        #expect(heard.named("hmi").contains { $0.name == "FLOW" })
    }

    @Test func `a replayed record has the same claims, and so has one of the wire alone that is heard again`() throws {
        let file = MemoryOutput()
        var plan = SessionPlan(try scenario(), options: options())
        try plan.hear(site())
        let heard = try run(plan, text: file)
        let folder = ScratchFolder()
        let path = folder.write("station.jsonl", file.bytes)
        func replay(lines: [String]) throws -> SessionPlan {
            let reader = try JSONLinesReader(path)
            let header = reader.header
            let selection =
                try lines.isEmpty
                ? ReplaySelection(all: header) : ReplaySelection(header, lines: lines, channels: [])
            return SessionPlan(replaying: ReplaySource(reader, selection), header, options: options())
        }
        func same(_ left: Heard, _ right: Heard) -> Bool {
            let (left, right) = (left.named("bus"), right.named("bus"))
            return left.count == right.count
                && zip(left, right).allSatisfy {
                    ($0.name, $0.claim.value, $0.claim.quality, $0.claim.time)
                        == ($1.name, $1.claim.value, $1.claim.quality, $1.claim.time)
                }
        }
        #expect(heard.named("bus").count > 1_000)
        #expect(same(heard, try run(replay(lines: []))))
        var again = try replay(lines: ["RS485"])
        try again.hear(site())
        #expect(same(heard, try run(again)))
    }

    @Test func `what is lost on the line is a gap of each tag up to the next answer`() throws {
        let file = MemoryOutput()
        _ = try run(SessionPlan(try scenario(), options: options()), text: file)
        // The edges of one answer's middle are taken out, and that is reported.
        var lines = file.text.split(separator: "\n").map(String.init)
        let edges = lines.indices.filter { lines[$0].contains("\"edge\"") }
        let hole = edges[1_000..<1_400]
        func time(_ index: Int) -> UInt64 {
            UInt64(lines[index].split(separator: "\"t_ns\":")[1].prefix { $0.isNumber }) ?? 0
        }
        let (from, to) = (time(hole.first!), time(hole.last!))
        lines[hole.last!] = """
            {"t_ns":\(to),"gap":"kernel-queue-overflow","line":"RS485","lost":400,"lost_is":"exact","from_ns":\(from),"to_ns":\(to)}
            """
        for index in hole.dropLast().reversed() where lines[index].contains("\"edge\"") { lines.remove(at: index) }
        let folder = ScratchFolder()
        let reader = try JSONLinesReader(folder.write("hole.jsonl", lines.joined(separator: "\n") + "\n"))
        let header = reader.header
        var plan = try SessionPlan(
            replaying: ReplaySource(reader, ReplaySelection(header, lines: ["RS485"], channels: [])), header,
            options: options())
        try plan.hear(site(tags: "LEVEL: {at: 0, words: 2, float: true, is: m}\nP1_RUN: {at: 8, bit: 0}"))
        let heard = try run(plan)
        let gaps = heard.gaps.filter { if case .tag = $0.subject { true } else { false } }
        #expect(gaps.map(\.kind) == [.notRecorded, .notRecorded])
        #expect(gaps.allSatisfy { $0.from <= at(from) && $0.to >= at(to) })
        let next = try #require(heard.named("bus").first { $0.claim.time > at(to) })
        #expect(gaps.allSatisfy { $0.to < next.claim.time && $0.discovered == next.claim.time })
    }

    @Test(arguments: [
        (
            "OTHER",
            "bus: is heard on OTHER, which no source of this session captures; capture it with --line, both lines of one chip"
        ),
        (
            "[RS485, OTHER]",
            "bus: is heard on RS485 and OTHER, which no source of this session captures; capture it with --line, both lines of one chip"
        ),
    ])
    func `a bus that is not captured is an error`(_ lines: String, _ words: String) throws {
        var plan = SessionPlan(try scenario(), options: options())
        try plan.hear(site(lines: lines))
        do {
            _ = try run(plan)
            Issue.record("it ran")
        } catch { #expect("\(error)" == words) }
    }

    @Test func `nobody claims under a name that claims already`() throws {
        var plan = SessionPlan(try scenario(), options: options())
        try plan.hear(site())
        do {
            try plan.hear(site())
            Issue.record("twice")
        } catch { #expect("\(error)" == "bus: makes claims here already; give the source of the site another name") }
    }

    @Test func `on threads the same claims are heard`() throws {
        var plan = SessionPlan(try scenario(), options: options())
        try plan.hear(site())
        let heard = try run(plan)
        plan = SessionPlan(try scenario(), options: options(.times(200)))
        try plan.hear(site())
        let threaded = try run(plan)
        let (left, right) = (heard.named("bus"), threaded.named("bus"))
        // What is answered as the session ends may be missing.
        #expect(right.count >= left.count - 30)
        #expect(zip(left, right).allSatisfy { $0.name == $1.name && $0.claim.value == $1.claim.value })
        #expect(threaded.gaps.isEmpty)
    }
}
