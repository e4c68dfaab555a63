import TapConfig
import TapCore

/// Makes a feeder bay of what stands under `plant`.
struct FeederBayReader: DocumentReader {
    let mistakes: MistakeList

    /// Those under `plant`, beside `kind`.
    static let keys = ["clock", "breaker", "line", "relay", "rtu", "hmi", "routine", "events"]

    /// What stands under `plant`.
    func bay(_ fields: Fields) -> FeederBay {
        var bay = FeederBay()
        clock(&bay.clock, fields)
        section("breaker", fields, "the breaker", &bay.breaker, [], Self.breakerTimes)
        section("line", fields, "the line", &bay.line, Self.lineNumbers, Self.lineTimes)
        section("relay", fields, "the relay", &bay.relay, Self.relayNumbers, Self.relayTimes)
        section("rtu", fields, "the RTU", &bay.rtu, [], Self.rtuTimes)
        screen(&bay.hmi, fields)
        section("routine", fields, "routine", &bay.routine, Self.routineNumbers)
        bay.events = events(fields)
        check(bay, fields)
        return bay
    }

    private static var breakerTimes: [SectionTime<FeederBay.Breaker>] {
        [
            ("opening", \.opening, .milliseconds(10) ... .milliseconds(200)),
            ("closing", \.closing, .milliseconds(20) ... .milliseconds(400)),
            ("gap", \.gap, .milliseconds(1) ... .milliseconds(15)),
            ("spring-motor", \.springMotor, .seconds(1) ... .seconds(60)),
        ]
    }

    private static var lineNumbers: [SectionNumber<FeederBay.Line>] {
        [
            ("load-A", \.load_A, 1...5_000), ("weekend", \.weekend, 0...3),
            ("minute-variation", \.minuteVariation, 0...0.5), ("fault-A", \.fault_A, 10...100_000),
            ("voltage-V", \.voltage_V, 100...500_000),
        ]
    }
    private static var lineTimes: [SectionTime<FeederBay.Line>] {
        [("offset", \.offset, .milliseconds(1) ... .milliseconds(500))]
    }

    private static var relayNumbers: [SectionNumber<FeederBay.Settings>] {
        [("pickup-A", \.pickup_A, 1...50_000), ("time-multiplier", \.timeMultiplier, 0.01...2)]
    }
    private static var relayTimes: [SectionTime<FeederBay.Settings>] {
        [
            ("dead-time-1", \.deadTime1, .milliseconds(250) ... .seconds(60)),
            ("dead-time-2", \.deadTime2, .milliseconds(250) ... .seconds(180)),
            ("reclaim", \.reclaim, .seconds(1) ... .seconds(300)),
        ]
    }

    private static var rtuTimes: [SectionTime<FeederBay.Telecontrol>] {
        [
            ("clock-error", \.clockError, .zero ... .seconds(3_600)),
            ("pulse", \.pulse, .milliseconds(50) ... .milliseconds(300)),
        ]
    }

    private static var routineNumbers: [SectionNumber<FeederBay.Routine>] {
        [
            ("switching", \.switching, 0...1), ("line-work", \.lineWork, 0...1), ("local-test", \.localTest, 0...1),
            ("protection-test", \.protectionTest, 0...1), ("battery-test", \.batteryTest, 0...1),
            ("maintenance", \.maintenance, 0...1), ("rtu-restart", \.rtuRestart, 0...1),
            ("transient-fault", \.transientFault, 0...1), ("permanent-fault", \.permanentFault, 0...1),
        ]
    }

    private static var screenNumbers: [SectionNumber<FeederBay.Screen>] {
        [("dead-band-A", \.deadBand_A, 0.1...1_000), ("dead-band-V", \.deadBand_V, 1...100_000)]
    }
    private static var screenTimes: [SectionTime<FeederBay.Screen>] {
        [
            ("period", \.period, .milliseconds(500) ... .seconds(60)),
            ("clock-error", \.clockError, .zero ... .seconds(3_600)),
            ("integrity", \.integrity, .seconds(1) ... .seconds(86_400)),
        ]
    }

    private func screen(_ screen: inout FeederBay.Screen, _ fields: Fields) {
        let known = Self.screenNumbers.map(\.key) + Self.screenTimes.map(\.key) + ["baud"]
        guard let node = fields["hmi"], let fields = self.fields(node, of: "the HMI", known: known) else { return }
        values(fields, &screen, Self.screenNumbers, Self.screenTimes)
        if let baud = integer("baud", fields, in: 9_600...115_200, example: "19200") { screen.baud = baud }
    }

    // MARK: Events

    private func events(_ fields: Fields) -> [FeederBay.Event] {
        events(fields, form: "- {what: switching, at: 9h, for: 20min}", event) { $0.excludes($1) }
    }

    private func event(_ node: Node) -> FeederBay.Event? {
        guard let fields = fields(node, of: "an event", known: ["what", "at", "for"]) else { return nil }
        require([("what", "what: switching"), ("at", "at: 9h"), ("for", "for: 20min")], in: fields)
        let at = duration("at", fields, mayBeZero: true)
        let span = duration("for", fields)
        guard let what = choice("what", fields, FeederBay.Event.Kind.allCases), let at, let span else { return nil }
        guard span >= what.shortest else {
            mistakes.add(
                fields.position(of: "for"), "for \(DurationText.exact(span)) is too short for \(what.rawValue)",
                fix: "write \(DurationText.exact(what.shortest)) or more")
            return nil
        }
        return FeederBay.Event(what: what, at: at, duration: span)
    }

    private func check(_ bay: FeederBay, _ fields: Fields) {
        if bay.line.load_A * 1.05 >= bay.relay.pickup_A {
            mistakes.add(
                fields.position(of: fields["relay"] == nil ? "line" : "relay"),
                "pickup-A \(plain(bay.relay.pickup_A)) is not above the load of \(plain(bay.line.load_A)) A",
                "for which the relay is not to start", fix: "write 1.2 times load-A or more")
        }
        let slowest_s = InverseTime.operating_s(bay.line.fault_A, bay.relay)
        if slowest_s > 2.5 {
            mistakes.add(
                fields.position(of: fields["relay"] == nil ? "line" : "relay"),
                "the relay takes longer than 2.5 s for a fault of \(plain(bay.line.fault_A)) A",
                "where what is upstream waits 3 s", fix: "write a smaller pickup-A or time-multiplier")
        }
    }
}

extension FeederBay.Event {
    /// Both at once would be two hands on one thing.
    fileprivate func excludes(_ other: FeederBay.Event) -> Bool {
        guard overlaps(other) else { return false }
        let people: [Kind] = [.switching, .lineWork, .localTest, .protectionTest, .maintenance]
        let supplies: [Kind] = [.batteryTest, .maintenance, .dcLost]
        let faults: [Kind] = [.transientFault, .permanentFault]
        return what == other.what
            || [people, supplies, faults].contains { $0.contains(what) && $0.contains(other.what) }
    }
}
