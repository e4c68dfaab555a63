import TapConfig
import TapCore
import Testing

@testable import TapWatch

@Suite
struct IncidentTests {
    private typealias Run = IncidentRun

    @Test func `what a rule compares comes from its form and the roles of what it reads`() throws {
        let site = WatchedSite(try SiteFile.parse(IncidentRun.text, file: "tank.yaml"))
        let relations = zip(site.rules, site.traits).map { "\($0.name) \($1.relation.rawValue)" }
        #expect(
            relations == [
                "hmi.LEVEL shown", "hmi.CMD shown", "hmi.RUN shown", "hmi.HORN shown", "hmi.LIMIT approved",
                "hmi.STOP approved", "hmi.STOPPED shown", "hmi.STARTS counted", "hmi.DRAW shown",
                "hmi.TIME clock", "hmi.POSITION shown", "hmi.STAGE shown", "hmi silent silent", "hmi repeats repeats",
                "hmi flooded flooded",
                "founded alarm-founded", "told alarm-shown",
                "sounds alarm-sounds", "wails alarm-sounds", "obeys device", "fan-obeys device", "empties program",
                "blows program", "rests program", "step-said shown", "strains process", "full process",
                "service claimed work",
            ])
        let limits = zip(site.rules, site.traits).filter { $1.isAlarmLimit }.map(\.0.name)
        #expect(limits == ["hmi.LIMIT"])
    }

    @Test func `findings that share an asset, a wire or a screen are one incident, others another`() throws {
        let run = try Run()
        try run.begin("hmi.CMD", 10)
        try run.begin("hmi.RUN", 10)
        try run.begin("fan-obeys", 20)
        #expect(
            run.pass(30) == [
                "10 #1 opened: misled-operator 7, hidden-deviation 5", "20 #2 opened: equipment-fault 9",
            ])
        #expect(run.collector.last[1]?.causes.map(\.name) == ["pump"])
        #expect(run.collector.last[2]?.title == "Wires contradict each other: Fan")
    }

    @Test func `a change is said once what may be behind it is another`() throws {
        let run = try Run()
        try run.begin("hmi.CMD", 10)
        try run.begin("hmi.RUN", 11)
        try run.end("hmi.RUN", 12)
        try run.begin("hmi.RUN", 20)
        #expect(
            run.pass(60) == [
                "10 #1 opened: modified-control 7, equipment-fault 5",
                "13 #1 updated: misled-operator 7, hidden-deviation 5",
            ])
        #expect(run.log.open.first?.findings == 3)
    }

    @Test func `an incident closes after an hour without anything wrong, and its rules reopen it for a day`() throws {
        let run = try Run()
        try run.begin("hmi.LEVEL", 10)
        try run.end("hmi.LEVEL", 100)
        #expect(run.pass(3_699).count == 1)
        #expect(run.pass(3_700).last == "3700 #1 closed: falsified-monitoring 7, equipment-fault 5, hidden-deviation 4")
        #expect(run.log.open.isEmpty)
        try run.begin("hmi.LEVEL", 20_000)
        #expect(
            run.pass(20_000).last == "20000 #1 reopened: falsified-monitoring 7, equipment-fault 5, hidden-deviation 4")
        try run.end("hmi.LEVEL", 20_010)
        try run.begin("hmi.LEVEL", 200_000)
        #expect(
            run.pass(200_000).last == "200000 #2 opened: falsified-monitoring 7, equipment-fault 5, hidden-deviation 4")
        #expect(run.log.count == 2)
        #expect(run.log.reopenings == 1)
    }

    @Test func `a counter that has counted one too many keeps no incident open`() throws {
        let run = try Run()
        try run.begin("hmi.STARTS", 10)
        #expect(run.pass(3_610).last == "3610 #1 closed: falsified-monitoring 5")
        #expect(run.collector.last[1]?.standing == 1)
        try run.begin("hmi.LEVEL", 5_000)
        #expect(run.pass(5_000).last == "5000 #2 opened: falsified-monitoring 7, equipment-fault 5, hidden-deviation 4")
        // It is over after its incident was.
        try run.end("hmi.STARTS", 5_001)
        #expect(run.pass(5_010).count == 3)
    }

    @Test func `what rests on a claim that is found false says nothing of the cause`() throws {
        let run = try Run()
        // The screen repeats itself, so its alarm is an old one, and that the horn is silent means nothing.
        try run.begin("hmi repeats", 10)
        try run.begin("sounds", 20)
        _ = run.pass(30)
        let incident = try #require(run.log.open.first)
        #expect(incident.explanations.map(\.answer) == [.hiddenDeviation])
        #expect(incident.involved.map(\.counts) == [true, false])
        #expect(incident.consequences == ["Do not go by the screen."])
    }

    @Test
    func
        `a screen that shows what the wires contradict is falsified, and wires that contradict themselves are a fault`()
        throws
    {
        let run = try Run()
        try run.begin("obeys", 10)
        #expect(run.pass(11).last == "10 #1 opened: equipment-fault 9")
        // The feedback's own wire is in doubt, so the screen need not be wrong.
        try run.begin("hmi.RUN", 12)
        _ = run.pass(20)
        #expect(run.log.open.first?.involved.map(\.counts) == [true, false])
    }

    @Test func `a dead alarm is a fault or an attack, and the check that decides is named`() throws {
        let run = try Run()
        try run.begin("sounds", 10)
        _ = run.pass(20)
        let incident = try #require(run.log.open.first)
        #expect(incident.isUndecided)
        #expect(incident.explanations.map(\.answer) == [.disabledAlarms, .equipmentFault])
        #expect(incident.explanations.first?.techniques == ["T0878"])
        #expect(incident.explanations.first?.check == "measure at the terminals of Horn: output, fuse, wire")
    }

    @Test func `a changed limit of an alarm is also modified control, and either may only be shown so`() throws {
        let run = try Run()
        try run.begin("hmi.LIMIT", 10)
        #expect(run.pass(20).last == "10 #1 opened: modified-control 8, disabled-alarms 7, falsified-monitoring 5")
        let other = try Run()
        try other.begin("hmi.STOP", 10)
        #expect(other.pass(20).last == "10 #1 opened: modified-control 8, falsified-monitoring 5")
    }

    @Test func `excused findings, unproven rules and what was never known make no incident and are counted`() throws {
        let run = try Run()
        try run.begin("hmi.LEVEL", 10, excused: true)
        try run.end("hmi.LEVEL", 11)
        try run.begin("sounds", 20, kind: .unproven)
        try run.begin("told", 600, kind: .blind, since: 0)
        #expect(run.pass(10_000) == [])
        #expect((run.log.count, run.log.excused, run.log.unproven) == (0, 1, 1))
    }

    @Test func `a rule that becomes unknown for too long is a blind spot`() throws {
        let run = try Run()
        try run.begin("told", 700, kind: .blind, since: 100)
        try run.begin("full", 700, kind: .blind, since: 100)
        #expect(run.pass(700) == ["700 #1 opened: blind-spot 9"])
        #expect(run.log.open.first?.severity == .low)
    }

    @Test func `what comes out does not depend on when time is said to have passed`() throws {
        func lines(_ steps: [Int64]) throws -> [String] {
            let run = try Run()
            var left = steps[...]
            func pass(before second: Int64) {
                while let step = left.first, step < second {
                    _ = run.pass(step)
                    left = left.dropFirst()
                }
            }
            for (rule, second, begins) in [
                ("hmi.CMD", 10, true), ("hmi.RUN", 11, true), ("hmi.CMD", 15, false), ("hmi.RUN", 16, false),
                ("fan-obeys", 3_616, true), ("hmi.LEVEL", 3_617, true),
            ] as [(String, Int64, Bool)] {
                pass(before: second)
                if begins { try run.begin(rule, second) } else { try run.end(rule, second) }
            }
            return run.pass(10_000)
        }
        let wanted = [
            "10 #1 opened: modified-control 7, equipment-fault 5",
            "13 #1 updated: misled-operator 7, hidden-deviation 5",
            "3616 #1 closed: misled-operator 7, hidden-deviation 5", "3616 #2 opened: equipment-fault 9",
            "3617 #3 opened: falsified-monitoring 7, equipment-fault 5, hidden-deviation 4",
        ]
        #expect(try lines([]) == wanted)
        #expect(try lines([10, 11, 12, 13, 14, 15, 16, 17, 1_000, 3_615, 3_616, 3_617]) == wanted)
    }

    @Test func `an alarm that is cut while the screen shows another process is an aim of its own beside that`() throws {
        let run = try Run()
        try run.begin("hmi.CMD", 10)
        try run.begin("hmi.LEVEL", 10)
        try run.begin("wails", 20)
        #expect(
            run.pass(60) == [
                "10 #1 opened: hidden-deviation 8", "22 #1 updated: hidden-deviation 8, disabled-alarms 7",
            ])
        let incident = try #require(run.collector.last[1])
        #expect(incident.title == "The screen is not showing this station; alarm not sounded: Horn")
        #expect(incident.causes.map(\.name) == ["pump", "horn"])
        #expect(incident.explanations.map(\.isBeside) == [false, true])
        #expect(incident.explanations[1].check == "measure at the terminals of Horn: output, fuse, wire")
    }

    @Test func `an old alarm on a screen that lies does not mean that the alarm is cut`() throws {
        let run = try Run()
        try run.begin("hmi.CMD", 10)
        try run.begin("hmi.LEVEL", 10)
        try run.begin("sounds", 20)
        #expect(run.pass(60).first == "10 #1 opened: hidden-deviation 8")
        #expect(run.collector.last[1]?.explanations.map(\.answer) == [.hiddenDeviation])
    }

    @Test func `what people say stands with the incident, the first who looks after it counts until it opens again`()
        throws
    {
        let run = try Run()
        try run.begin("hmi.LEVEL", 10)
        run.log.noted(IncidentRequest(.acknowledge, 1, by: "A. Smith", "on my "), by: "anna", at: .seconds(15))
        run.log.noted(IncidentRequest(.more, 1, "way"), by: "anna", at: .seconds(15))
        run.log.noted(IncidentRequest(.acknowledge, 1), by: "ben", at: .seconds(16))
        run.log.noted(IncidentRequest(.note, 1, "fuse F12"), by: "ben", at: .seconds(17))
        run.log.noted(IncidentRequest(.note, 2, "there is none"), by: "ben", at: .seconds(18))
        #expect(
            run.pass(20).map { $0.prefix { $0 != ":" } } == [
                "10 #1 opened", "15 #1 acknowledged", "16 #1 acknowledged", "17 #1 noted",
            ])
        let incident = try #require(run.log.open.first)
        #expect(incident.remarks.map(\.words) == ["on my way", "", "fuse F12"])
        let first = try #require(incident.acknowledgement)
        #expect(first.author == "anna" && first.claimed == "A. Smith" && first.words == "on my way")
        try run.end("hmi.LEVEL", 100)
        try run.begin("hmi.LEVEL", 20_000)
        #expect(run.pass(20_000).last?.contains("reopened") == true)
        let again = try #require(run.log.open.first)
        #expect(again.acknowledgement == nil && again.remarks.count == 3)
    }

    @Test func `an incident that is over can be spoken of`() throws {
        let run = try Run()
        try run.begin("hmi.LEVEL", 10)
        try run.end("hmi.LEVEL", 100)
        _ = run.pass(4_000)
        run.log.noted(IncidentRequest(.note, 1, "it was the scaling"), by: "anna", at: .seconds(5_000))
        #expect(run.pass(5_000).last?.hasPrefix("5000 #1 noted") == true)
        #expect(run.log.open.isEmpty)
    }

    /// A watch that begins at second 1,000 of another one's time, with what that one left.
    private func next(_ run: Run) throws -> Run {
        var state = WatchState()
        run.log.remember(in: &state, utc: 1_000_000_000_000)
        let text = state.text(site: "tank")
        let again = try Run()
        again.log.restore(try #require(WatchState(text, site: "tank")), utc: 2_000_000_000_000)
        return again
    }

    @Test func `an incident that still stands after a restart goes on under its number, with its own times`() throws {
        let run = try Run()
        try run.begin("fan-obeys", 5)
        try run.end("fan-obeys", 6)
        try run.begin("hmi.LEVEL", 10)
        run.log.noted(IncidentRequest(.acknowledge, 2, "mine"), by: "anna", at: .seconds(15))
        _ = run.pass(20)
        let again = try next(run)
        #expect(again.collector.lines.map { $0.prefix { $0 != ":" } } == ["0 #1 resumed", "0 #2 resumed"])
        #expect(again.log.open.map(\.unresolved) == [[], ["hmi.LEVEL"]])
        // It holds until it has lasted.
        let level = try #require(again.site.rules.firstIndex { $0.name == "hmi.LEVEL" })
        again.log.known(level, holds: true, at: .seconds(1))
        try again.begin("hmi.LEVEL", 30)
        _ = again.pass(60)
        let incident = try #require(again.log.open.last)
        #expect(incident.number == 2 && incident.began == .seconds(-990) && incident.findings == 1)
        #expect(incident.standing == 1 && incident.unresolved.isEmpty)
        #expect(incident.acknowledgement?.words == "mine" && incident.acknowledgement?.time == .seconds(-985))
        try again.begin("obeys", 70)
        #expect(again.pass(70).last?.hasPrefix("70 #3 opened") == true)
    }

    @Test func `what holds after a restart is over, and what cannot be known is named`() throws {
        let run = try Run()
        try run.begin("hmi.LEVEL", 10)
        try run.begin("hmi.STARTS", 10)
        _ = run.pass(20)
        let again = try next(run)
        let level = try #require(again.site.rules.firstIndex { $0.name == "hmi.LEVEL" })
        again.log.known(level, holds: true, at: .seconds(5))
        again.log.surveyed(at: .seconds(600), blind: [])
        #expect(again.pass(600).last?.hasPrefix("600 #1 updated") == true)
        #expect(again.collector.last[1]?.unresolved == ["hmi.STARTS"])
        // A counter keeps nothing open.
        #expect(again.pass(3_659).last?.hasPrefix("600 ") == true)
        #expect(again.pass(3_660).last?.hasPrefix("3660 #1 closed") == true)
    }

    @Test func `an incident of rules that the site file has no more is over, others lose those rules`() throws {
        let run = try Run()
        try run.begin("hmi.LEVEL", 10)
        _ = run.pass(20)
        var state = WatchState()
        run.log.remember(in: &state, utc: 0)
        state.incidents[0].parts.append(state.incidents[0].parts[0])
        state.incidents[0].parts[1].rule = "gone"
        state.incidents.append(state.incidents[0])
        state.incidents[1].number = 2
        state.incidents[1].parts.remove(at: 0)
        let again = try Run()
        again.log.restore(state, utc: 100_000_000_000)
        #expect(again.collector.lines.map { $0.prefix { $0 != ":" } } == ["0 #1 resumed", "0 #2 closed"])
        #expect(again.collector.last.mapValues(\.removed) == [1: ["gone"], 2: ["gone"]])
        #expect(again.log.open.map(\.number) == [1])
    }

    @Test func `one value that is shown wrong may be a dead channel, values of several wires are none`() throws {
        let run = try Run()
        try run.begin("hmi.LEVEL", 10)
        try run.begin("hmi.DRAW", 20)
        #expect(
            run.pass(60) == [
                "10 #1 opened: falsified-monitoring 7, equipment-fault 5, hidden-deviation 4",
                "22 #1 updated: falsified-monitoring 7, hidden-deviation 4",
            ])
    }

    @Test func `a clock that is off may be a fault, and what is shown wrong much later is another incident`() throws {
        let run = try Run()
        try run.begin("hmi.TIME", 10)
        try run.begin("hmi.LEVEL", 700)
        #expect(
            run.pass(800) == [
                "10 #1 opened: misled-operator 5, equipment-fault 5",
                "700 #2 opened: falsified-monitoring 7, equipment-fault 5, hidden-deviation 4",
            ])
        let soon = try Run()
        try soon.begin("hmi.TIME", 10)
        try soon.begin("hmi.LEVEL", 600)
        _ = soon.pass(800)
        #expect(soon.log.count == 1)
    }

    @Test func `of several devices that a program may not run the cause is the one that has its command`() throws {
        let site = WatchedSite(try SiteFile.parse(IncidentRun.text, file: "tank.yaml"))
        let rule = try #require(site.rules.firstIndex { $0.name == "rests" })
        let involved = [Incident.Involved(rule: rule, relation: .program, began: .zero, known: .zero)]
        let classifier = Classifier(site, site.traits)
        func causes(_ high: Set<String>) -> [String] {
            classifier.classify(involved, holds: { _ in nil }, isHigh: { high.contains($0) }).causes.map(\.name)
        }
        #expect(causes(["FAN"]) == ["fan"])
        #expect(causes(["CMD"]) == ["pump"])
        #expect(causes(["CMD", "FAN"]) == ["tank"])
    }

    @Test func `where one channel of protection is shown wrong, an input card may have failed`() throws {
        let run = try Run()
        try run.begin("hmi.STOPPED", 10)
        #expect(run.pass(60) == ["10 #1 opened: disabled-alarms 7, equipment-fault 5"])
    }

    @Test func `a step that is shown otherwise than commands say is no alarm and no command`() throws {
        let run = try Run()
        try run.begin("step-said", 10)
        #expect(run.pass(60) == ["10 #1 opened: misled-operator 5, falsified-monitoring 5"])
    }

    @Test func `of values that are shown wrong together each is where to look`() throws {
        let run = try Run()
        try run.begin("hmi.LEVEL", 10)
        try run.begin("hmi.DRAW", 11)
        _ = run.pass(60)
        #expect(run.collector.last[1]?.causes.map(\.name) == ["tank", "fan"])
    }

    @Test func `a step of something else than its wires is no state of a device, and is about that`() throws {
        let run = try Run()
        try run.begin("hmi.STAGE", 10)
        #expect(run.pass(60) == ["10 #1 opened: misled-operator 5, falsified-monitoring 5"])
        #expect(run.collector.last[1]?.causes.map(\.name) == ["tank"])
        let other = try Run()
        try other.begin("hmi.POSITION", 10)
        #expect(
            other.pass(60) == ["10 #1 opened: falsified-monitoring 7, misled-operator 6, equipment-fault 5"])
        #expect(other.collector.last[1]?.causes.map(\.name) == ["pump"])
    }

    @Test func `what devices do is no word on the program where no wire shows that they obey`() throws {
        let run = try Run()
        try run.begin("blows", 10)
        #expect(run.pass(60) == ["10 #1 opened: modified-control 6, equipment-fault 5"])
        let other = try Run()
        try other.begin("empties", 10)
        #expect(other.pass(60) == ["10 #1 opened: modified-control 6"])
    }

    @Test func `a device that does not run within its bounds is a fault`() throws {
        let run = try Run()
        try run.begin("strains", 10)
        try run.begin("full", 20)
        #expect(run.pass(60) == ["10 #1 opened: equipment-fault 8", "22 #1 updated: equipment-fault 8"])
    }

    @Test func `what nobody can know because a screen is silent is no incident of its own`() throws {
        let run = try Run()
        try run.begin("hmi silent", 10)
        try run.begin("service claimed", 611, kind: .blind)
        #expect(run.pass(700) == ["10 #1 opened: misled-operator 6, communication-fault 5"])
    }

    @Test func `an alarm without a reason is of the incident in which its limit was changed`() throws {
        let run = try Run()
        try run.begin("hmi.LIMIT", 10)
        try run.begin("founded", 300)
        _ = run.pass(400)
        #expect(run.log.count == 1)
    }
}
