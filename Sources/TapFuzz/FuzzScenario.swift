import TapConfig
import TapCore
import TapSim

/// A random machine with random wires and random legal faults: a function of its seed.
struct FuzzScenario: Sendable {
    struct Line: Sendable {
        var name: String
        var chip: Int
        var startsHigh: Bool
        /// When it changes, storms included, in order.
        var changes: [UInt64]
    }

    struct Converter: Sendable {
        var name: String
        var method: DeviceInfo.Method
        var isTimestamped: Bool
        var rate_hz: Double
        var model: KernelModel.Converter
        var period: Nanoseconds { Nanoseconds(Int64((1e9 / rate_hz).rounded())) }
    }

    let seed: UInt64
    var length = Nanoseconds.seconds(60)
    var model: KernelModel
    var chips: Int
    var lines: [Line]
    var converters: [Converter]
    var faults: [Fault]
    var ring: Int
    var epoch: UInt64 = 1_750_000_000_000_000_000

    static let stormLimit_hz = 2_000
    static let muteFor = Nanoseconds.milliseconds(200)
    static let scansPerRead = 16
    /// Nothing happens on the wires for so long at the beginning and the end.
    static let quiet: UInt64 = 500_000_000
    /// After the last fault everything has to be in order again within this.
    static let recovery = Nanoseconds.seconds(5)

    func name(ofChip index: Int) -> String { "chip\(index)" }
    func lines(ofChip index: Int) -> [Line] { lines.filter { $0.chip == index } }

    init(seed: UInt64) {
        self.seed = seed
        var random = Random(seed: seed, stream: "fuzz scenario")
        func delay(_ fixed: UInt64, _ jitter: UInt64) -> KernelModel.Delay {
            KernelModel.Delay(
                .microseconds(Int64(random.below(fixed))), jitter: .microseconds(Int64(random.below(jitter))))
        }
        model = KernelModel(interrupt: delay(50, 100), thread: delay(100, 200))
        chips = 1 + Int(random.below(2))
        ring = [256, 512, 2_048][Int(random.below(3))]
        lines = []
        for index in 0..<chips + 2 + Int(random.below(3)) {
            lines.append(
                Line(
                    name: "line\(index)", chip: index % chips, startsHigh: random.chance(0.5),
                    changes: FuzzScenario.changes(isFast: index == 0, length, &random)))
        }
        converters = []
        for index in 0..<1 + Int(random.below(2)) {
            converters.append(FuzzScenario.converter("adc\(index)", &random))
        }
        faults = []
        addFaults(&random)
        addStorms()
    }

    private static func changes(isFast: Bool, _ length: Nanoseconds, _ random: inout Random) -> [UInt64] {
        var changes: [UInt64] = []
        // Above what any delay of the model merges.
        let shortest: UInt64 = 2_000_000
        let longest = isFast ? 60_000_000 : 50_000_000 + random.below(2_000_000_000)
        var time = quiet
        while true {
            // Now and then a chatter.
            let isClose = random.chance(0.1)
            time += shortest + random.below(isClose ? 2_000_000 : longest)
            guard time + quiet < UInt64(length.count) else { return changes }
            changes.append(time)
        }
    }

    private static func converter(_ name: String, _ random: inout Random) -> Converter {
        let isPolled = random.chance(0.3)
        return Converter(
            name: name, method: isPolled ? .polled : .buffered, isTimestamped: !isPolled && random.chance(0.8),
            rate_hz: [20, 50, 100][Int(random.below(3))],
            model: KernelModel.Converter(
                bufferLength: 64, trigger: KernelModel.Delay(.zero, jitter: .microseconds(Int64(random.below(20)))),
                conversion: KernelModel.Delay(.microseconds(100), jitter: .microseconds(Int64(random.below(200))))))
    }

    /// Of the wires' own changes those that are too close to a storm to be distinguished from it are left out.
    private mutating func addStorms() {
        let plan = FaultPlan(faults)
        let margin = Nanoseconds.milliseconds(2)
        for (index, line) in lines.enumerated() {
            let storms = plan.storms(of: line.name)
            let own = line.changes.filter { time in
                let time = Timestamp(nanoseconds: time)
                return storms.allSatisfy { time + margin < $0.from || time > $0.to + margin }
            }
            let wire = plan.wire(ScriptedWire(own, startsHigh: line.startsHigh), of: line.name)
            lines[index].changes = []
            while let time = wire.next(upTo: .zero + length) { lines[index].changes.append(time.nanoseconds) }
        }
    }

    // MARK: Faults

    private mutating func addFaults(_ random: inout Random) {
        for _ in 0..<3 + random.below(4) {
            let name = Fault.Name.allCases[Int(random.below(UInt64(Fault.Name.allCases.count)))]
            let fault = fault(name, &random)
            // A place has one fault at a time; a reboot has its time to itself, and makes two runs of one.
            let isTwice = faults.contains { other in
                let isReboot = fault.name == .reboot || other.name == .reboot
                let isClose = fault.at < other.end + .seconds(2) && other.at < fault.end + .seconds(2)
                return fault.name == .reboot && other.name == .reboot
                    || (isReboot || fault.place == other.place) && isClose
            }
            guard fault.isLegal, !isTwice else { continue }
            faults.append(fault)
            addCompanion(of: fault, &random)
        }
    }

    /// What is worst comes together: a chip goes while nobody reads its queues.
    private mutating func addCompanion(of fault: Fault, _ random: inout Random) {
        guard fault.name == .queueOverflow, case .line(let name) = fault.place, random.chance(0.3),
            let line = lines.first(where: { $0.name == name })
        else { return }
        faults.append(
            Fault(
                .chipUnplug, at: .chip(self.name(ofChip: line.chip)),
                from: fault.at + Nanoseconds(fault.lasting.count / 2),
                lasting: .milliseconds(Int64(1 + random.below(2_000)))))
    }

    private func fault(_ name: Fault.Name, _ random: inout Random) -> Fault {
        let at = Nanoseconds.milliseconds(4_000 + Int64(random.below(40_000)))
        func ms(_ least: UInt64, _ more: UInt64) -> Nanoseconds { .milliseconds(Int64(least + random.below(more))) }
        let places = name.places
        let kind = places[Int(random.below(UInt64(places.count)))]
        let place: Fault.Place =
            switch kind {
            case .line: .line(lines[Int(random.below(UInt64(lines.count)))].name)
            case .chip: .chip(self.name(ofChip: Int(random.below(UInt64(chips)))))
            case .converter: .converter(converters[Int(random.below(UInt64(converters.count)))].name)
            case .clock: .clock
            case .machine: .machine
            case .consumer: .consumer
            }
        switch name {
        case .latencySpike:
            return Fault(.latencySpike(ms(1, 8)), at: place, from: at, lasting: ms(50, 1_000))
        case .slowConsumer: return Fault(.slowConsumer, at: place, from: at, lasting: ms(500, 4_000))
        case .queueOverflow:
            return Fault(.queueOverflow(period: .milliseconds(1)), at: place, from: at, lasting: ms(900, 1_500))
        case .stormLine:
            let period = Nanoseconds.microseconds(100 + Int64(random.below(150)))
            return Fault(.stormLine(period: period), at: place, from: at, lasting: ms(300, 1_200))
        case .chipUnplug: return Fault(.chipUnplug, at: place, from: at, lasting: ms(1, 3_000))
        case .lineBusy:
            return Fault(.lineBusy(consumer: "other"), at: place, from: at, lasting: ms(1_000, 3_000))
        case .readError: return Fault(.readError, at: place, from: at, lasting: ms(200, 2_500))
        case .clockStep:
            let by = Nanoseconds.milliseconds(Int64(random.below(7_200_000)) - 3_600_000)
            return Fault(.clockStep(by), at: place, from: at, lasting: .zero)
        case .clockDrift:
            let rate = Int64(random.below(200_000)) - 100_000
            return Fault(.clockDrift(partsPerBillion: rate), at: place, from: at, lasting: ms(1_000, 14_000))
        case .synchronisationLost:
            return Fault(.synchronisationLost, at: place, from: at, lasting: ms(1_000, 14_000))
        case .reboot: return Fault(.reboot, at: place, from: at, lasting: ms(500, 2_000))
        case .stuckADC: return Fault(.stuckADC, at: place, from: at, lasting: ms(200, 3_000))
        case .droppedScans:
            // Often a single one.
            let lasting = random.chance(0.3) ? ms(5, 60) : ms(100, 1_500)
            return Fault(.droppedScans, at: place, from: at, lasting: lasting)
        case .duplicatedScans: return Fault(.duplicatedScans, at: place, from: at, lasting: ms(50, 500))
        case .tornStream: return Fault(.tornStream, at: place, from: at, lasting: ms(10, 1_500))
        }
    }

    // MARK: Boots

    /// The runs of a scenario: one, or two where the machine is rebooted between.
    var boots: [FuzzBoot] {
        guard let reboot = faults.first(where: { $0.name == .reboot }) else {
            return [FuzzBoot(self, from: .zero, to: length, isCut: false)]
        }
        return [
            FuzzBoot(self, from: .zero, to: reboot.at, isCut: true),
            FuzzBoot(self, from: reboot.end, to: length, isCut: false),
        ]
    }
}
