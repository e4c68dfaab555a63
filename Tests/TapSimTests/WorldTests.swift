import TapConfig
import TapCore
import TapDecode
import Testing

@testable import TapSim

/// The records of a run, as words.
private struct Script: RecordSink, ~Copyable {
    var records: [String] = []

    mutating func edge(_ edge: Edge) {
        records.append("\(edge.time.nanoseconds) line \(edge.line.index) \(edge.isRising ? "+" : "-")\(edge.sequence)")
    }
    mutating func event(_ event: Event) {
        switch event {
        case .level(let level): records.append("line \(level.line.index) \(level.isHigh)")
        case .gap: records.append("gap")
        case .claim(let claim):
            records.append("\(claim.time.nanoseconds) tag \(claim.tag.index) \(claim.value)")
        default: break
        }
    }
    mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        for scan in 0..<block.count {
            let time = block.firstTime + block.period * Int64(scan)
            let bytes = (0..<block.bytesPerScan).map { raw.load(at: scan * block.bytesPerScan + $0) }
            records.append(
                "\(time.nanoseconds) device \(block.device.index) \(block.sequence + UInt64(scan)) \(bytes)")
        }
    }
}

/// What came of a run that is too long to be kept: FNV-1a over what its records say, in their order.
private struct Order: RecordSink, ~Copyable {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    var edges = 0
    var claims = 0
    var scans = 0
    var late = 0

    private mutating func add(_ word: UInt64) { hash = (hash ^ word) &* 0x100_0000_01B3 }
    mutating func edge(_ edge: Edge) {
        edges += 1
        if edge.flags.contains(.late) { late += 1 }
        add(edge.time.nanoseconds)
        add(UInt64(edge.line.index))
    }
    mutating func event(_ event: Event) {
        guard case .claim(let claim) = event else { return }
        claims += 1
        add(claim.time.nanoseconds)
        add(UInt64(claim.tag.index))
    }
    mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        if block.isLate { late += block.count }
        scans += block.count
        for scan in 0..<UInt64(block.count) { add(block.sequence + scan) }
    }
}

/// Claims something each microsecond for 150 ms.
private struct Talker: Plant {
    var signals = Signals()
    let tags = [TagInfo(id: TagID(0), name: "N", source: "plc")]
    private var notes: [PlantNote] = []

    mutating func advance(to time: Timestamp) {
        let until = min(time.nanoseconds, 150_000_000)
        for time in stride(from: signals.horizon.nanoseconds + 1_000, through: until, by: 1_000) {
            let value = Claim.Value.number(Double(time / 1_000))
            notes.append(.claim(Claim(tag: TagID(0), value: value, time: Timestamp(nanoseconds: time)), truth: nil))
        }
        signals.advance(to: time)
    }

    mutating func takeNotes() -> [PlantNote] {
        defer { notes = [] }
        return notes
    }
}

/// What comes of 150 ms, stepped in two.
private func order(of scenario: Scenario, plant: (any Plant)? = nil, ring: Int) throws -> Order {
    let source = SimSource(scenario, plant: plant, tick: .milliseconds(100), length: .milliseconds(150))
    let tags = UInt16(source.info.tags.count)
    let stage = CaptureStage(
        source, ringCapacity: ring, lines: 0..<UInt16(scenario.lines.count),
        devices: 0..<UInt16(scenario.converters.count), tags: 0..<tags, whenFull: .wait)
    try stage.open(at: .zero)
    let merge = MergeStage([stage.makeInput()], into: Order(), tick: .milliseconds(100))
    StepDriver(clock: VirtualClock(), sources: [stage], consumers: [merge]).run()
    return merge.withSink { Order(hash: $0.hash, edges: $0.edges, claims: $0.claims, scans: $0.scans, late: $0.late) }
}

private func run(
    _ scenario: Scenario, seed: UInt64? = nil, for length: Nanoseconds, tick: Nanoseconds = .milliseconds(5),
    ring: Int = 1 << 14, truth: TruthTaker? = nil
) throws -> [String] {
    let source = SimSource(scenario, seed: seed, plant: scenario.makePlant(), tick: tick, truth: truth)
    let tags = UInt16(source.info.tags.count)
    let stage = CaptureStage(
        source, ringCapacity: ring, lines: 0..<UInt16(scenario.lines.count),
        devices: 0..<UInt16(scenario.converters.count), tags: 0..<tags, whenFull: .wait)
    try stage.open(at: .zero)
    let merge = MergeStage([stage.makeInput()], into: Script(), tick: tick)
    StepDriver(clock: VirtualClock(), sources: [stage], consumers: [merge]).run(until: .zero + length)
    return merge.withSink { $0.records }
}

@Suite
struct WorldTests {
    private static let scenario = Scenario(
        name: "bench",
        lines: [
            ScenarioLine(name: "A", wave: .chance(meanInterval: .milliseconds(2), width: .microseconds(300))),
            ScenarioLine(name: "B", wave: .pulses(PulseTrain(period: .milliseconds(1), width: .microseconds(100)))),
        ],
        converters: [
            Converter(
                name: "fast", rate_hz: 1_000, jitter: .microseconds(20),
                channels: [
                    ConverterChannel(name: "x", unit: "V", bottom: -1, top: 1, bits: 16, wave: .noise(deviation: 0.2)),
                    ConverterChannel(
                        name: "y", unit: "V", bottom: -1, top: 1, bits: 20,
                        wave: .periodic(Periodic(.sine, amplitude: 0.9, period: .milliseconds(7)))),
                ]),
            Converter(
                name: "slow", rate_hz: 30,
                channels: [
                    ConverterChannel(name: "x", unit: "V", bottom: -1, top: 1, wave: .pinkNoise(deviation: 0.2))
                ]),
        ])

    @Test func `a run is the same however it is cut into steps, and whatever the ring holds`() throws {
        let whole = try run(WorldTests.scenario, for: .milliseconds(703))
        #expect(whole.count > 2_500)
        for tick in [1, 7, 100, 5_000] as [Int64] {
            #expect(try run(WorldTests.scenario, for: .milliseconds(703), tick: .milliseconds(tick)) == whole)
        }
        #expect(try run(WorldTests.scenario, for: .milliseconds(703), tick: .seconds(1), ring: 1_024) == whole)
    }

    @Test(arguments: [256, 4_096, 1 << 20])
    func `more edges in a block of scans than merge holds change nothing, and nothing is late`(ring: Int) throws {
        var scenario = WorldTests.scenario
        scenario.lines.append(
            ScenarioLine(
                name: "CLK",
                wave: .pulses(PulseTrain(period: .microseconds(1), width: Nanoseconds(500)))))
        let order = try order(of: scenario, ring: ring)
        #expect(order.late == 0)
        #expect(order.edges == WorldTests.edgesBesideClock)
        #expect(order.scans == 151 + 5)
        #expect(order.hash == WorldTests.hashBesideClock)
    }

    @Test(arguments: [256, 4_096, 1 << 20])
    func `nor do more claims, or more blocks of a faster converter`(ring: Int) throws {
        let slow = Converter(
            name: "slow", rate_hz: 100,
            channels: [ConverterChannel(name: "x", unit: "V", bottom: -1, top: 1, wave: .constant(0))])
        let talk = try order(of: Scenario(name: "talk", converters: [slow]), plant: Talker(), ring: ring)
        #expect(talk.late == 0)
        #expect(talk.claims == 150_000)
        #expect(talk.scans == 16)
        // Of one time the claim comes first.
        var wanted = Order()
        wanted.scans(block(0), raw: RawSpan())
        for time in 1...150_000 as ClosedRange<UInt64> {
            wanted.event(.claim(Claim(tag: TagID(0), value: .bool(true), time: Timestamp(nanoseconds: time * 1_000))))
            if time % 10_000 == 0 { wanted.scans(block(time / 10_000), raw: RawSpan()) }
        }
        #expect(talk.hash == wanted.hash)

        let fast = Converter(
            name: "fast", rate_hz: 1_000_000,
            channels: (0..<8).map {
                ConverterChannel(name: "x\($0)", unit: "V", bottom: -1, top: 1, bits: 16, wave: .constant(0))
            })
        let blocks = try order(of: Scenario(name: "blocks", converters: [slow, fast]), ring: ring)
        #expect(blocks.late == 0)
        #expect(blocks.scans == 16 + 150_001)
    }

    private func block(_ scan: UInt64) -> ScanBlock {
        ScanBlock(
            device: DeviceID(0), firstTime: Timestamp(nanoseconds: scan * 10_000_000), period: .zero, count: 1,
            bytesPerScan: 0, sequence: scan, stamps: .exact, uncertainty: .zero)
    }

    private static let edgesBesideClock = 300_402
    private static let hashBesideClock: UInt64 = 5_036_541_919_450_999_198

    @Test func `a shorter run is the begin of a longer one`() throws {
        let whole = try run(WorldTests.scenario, for: .milliseconds(500))
        let part = try run(WorldTests.scenario, for: .milliseconds(321))
        #expect(Array(whole.prefix(part.count)) == part)
        #expect(part.last.map { Int($0.split(separator: " ")[0]) ?? 0 >= 320_000_000 } == true)
    }

    @Test func `edges come before the scans of the same time, and all in order of time`() throws {
        let records = try run(WorldTests.scenario, for: .milliseconds(100))
        #expect(records.prefix(2) == ["line 0 false", "line 1 true"])
        #expect(records.contains("1000000 line 1 +2"))
        let times = records.dropFirst(2).compactMap { Int($0.split(separator: " ")[0]) }
        #expect(times == times.sorted())
        let edge = records.firstIndex { $0 == "50000000 line 1 +100" }
        let scan = records.firstIndex { $0.hasPrefix("50000000 device 0 50 ") }
        #expect(edge.flatMap { edge in scan.map { edge < $0 } } == true)
    }

    private func line(_ records: [String], _ index: Int) -> [String] {
        records.filter { $0.contains("line \(index) ") }.map { $0.replacing("line \(index)", with: "line") }
    }

    /// The first eight bytes of each scan of device 0.
    private func samples(_ records: [String]) -> [[String]] {
        records.filter { $0.contains("device 0 ") }.map { record in
            record.split(separator: " ").dropFirst(4).prefix(8).map { $0.filter(\.isNumber) }
        }
    }

    @Test func `another wire changes nothing on those that are there`() throws {
        var more = WorldTests.scenario
        more.lines.insert(
            ScenarioLine(name: "Z", wave: .chance(meanInterval: .milliseconds(1), width: .milliseconds(1))), at: 0)
        more.converters[0].channels.append(
            ConverterChannel(name: "z", unit: "V", bottom: -1, top: 1, wave: .noise(deviation: 1)))
        let before = try run(WorldTests.scenario, for: .milliseconds(300))
        let after = try run(more, for: .milliseconds(300))
        #expect(line(before, 0) == line(after, 1))
        #expect(line(before, 1) == line(after, 2))
        // Those of the channels x and y.
        #expect(samples(before) == samples(after))
    }

    @Test func `what is picked does what it did`() throws {
        let before = try run(WorldTests.scenario, for: .milliseconds(300))
        let picked = try WorldTests.scenario.selecting(lines: ["B"], channels: ["slow"])
        let alone = try run(picked, for: .milliseconds(300))
        #expect(line(alone, 0) == line(before, 1))
        #expect(
            alone.filter { $0.contains("device") }
                == before.filter { $0.contains("device 1") }.map { $0.replacing("device 1", with: "device 0") })
    }

    @Test func `another seed gives other chances and the same squares`() throws {
        let one = try run(WorldTests.scenario, for: .milliseconds(100))
        let two = try run(WorldTests.scenario, seed: 2, for: .milliseconds(100))
        #expect(one != two)
        #expect(line(one, 1) == line(two, 1))
    }

    @Test func `a converter rounds to its codes and stays at the ends of its range`() throws {
        let wave = AnalogWave.periodic(Periodic(.ramp, offset: 0.5, amplitude: 1, period: .milliseconds(8)))
        let scenario = Scenario(
            name: "bench",
            converters: [
                Converter(
                    name: "c", rate_hz: 1_000,
                    channels: [ConverterChannel(name: "x", unit: "V", bottom: 0, top: 1, bits: 2, wave: wave)])
            ])
        // -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1, 1.25 in steps of a third; halves away from zero.
        let codes = try run(scenario, for: .milliseconds(7)).map { String($0.split(separator: "[")[1].prefix(1)) }
        #expect(codes == ["0", "0", "0", "1", "2", "2", "3", "3"])
    }

    @Test func `a client of the server gets the scans of the capture`() throws {
        let scans = SimScans(WorldTests.scenario)
        #expect(scans.devices.map(\.name) == ["fast", "slow"])
        let captured = try run(WorldTests.scenario, for: .milliseconds(200)).filter { $0.contains("device 0") }
        for (passed, first) in [(-1, 0), (100_000_000, 101)] {
            var reader = scans.makeReader(of: 0)
            if passed >= 0 { reader.skip(until: Timestamp(nanoseconds: UInt64(passed))) }
            #expect(reader.next == Timestamp(nanoseconds: UInt64(first) * 1_000_000))
            var read = Scans()
            reader.read(50, until: .distantFuture, into: &read)
            let size = scans.devices[0].bytesPerScan
            for scan in 0..<50 {
                let bytes = Array(read.raw[scan * size..<(scan + 1) * size])
                let number = first + scan
                #expect(captured[number] == "\(number * 1_000_000) device 0 \(number) \(bytes)")
            }
        }
    }

    private static let station = Scenario(
        name: "station", lines: PumpStation().defaultLines, converters: PumpStation().defaultConverters,
        plant: PumpStation())

    @Test func `a plant's wires are the same however the run is cut into steps`() throws {
        let whole = try run(WorldTests.station, for: .milliseconds(3_210))
        #expect(whole.count > 300)
        for tick in [5, 37, 3_000] as [Int64] {
            #expect(try run(WorldTests.station, for: .milliseconds(3_210), tick: .milliseconds(tick)) == whole)
        }
    }

    @Test func `a plant's claims come in order, none of after the end`() throws {
        let claims = try run(WorldTests.station, for: .milliseconds(5_500)).filter { $0.contains(" tag ") }
        let times = claims.compactMap { $0.split(separator: " ").first.flatMap { UInt64($0) } }
        #expect(times.count > 50)
        #expect(times == times.sorted())
        #expect(times.allSatisfy { $0 <= 5_500_000_000 })
        #expect(times.contains { $0 > 4_900_000_000 })
    }

    @Test func `claims that are left out change no other record`() throws {
        var scenario = WorldTests.station
        let all = try run(scenario, for: .milliseconds(3_210))
        scenario.claims = []
        let none = try run(scenario, for: .milliseconds(3_210))
        #expect(none == all.filter { !$0.contains(" tag ") })
        scenario.claims = ["LEVEL"]
        let level = try run(scenario, for: .milliseconds(3_210)).filter { $0.contains(" tag ") }
        #expect(level == all.filter { $0.contains(" tag 2 ") }.map { $0.replacing(" tag 2 ", with: " tag 0 ") })
        #expect(level.count == 3)
    }

    @Test func `a front end delays a plant's signal over the seconds by which the plant is ahead`() throws {
        var scenario = WorldTests.station
        let supply = DigitalWave.signal("SUPPLY_OK")
        let late = Delay(on: .milliseconds(700), off: .milliseconds(700))
        scenario.lines = [
            ScenarioLine(name: "A", wave: supply), ScenarioLine(name: "B", wave: .invert(supply)),
            ScenarioLine(name: "C", wave: .signal("RS485")),
            ScenarioLine(name: "D", wave: .delay(.signal("RS485"), late)),
        ]
        scenario.converters = []
        let records = try run(scenario, for: .milliseconds(4_000))
        #expect(records.prefix(4) == ["line 0 true", "line 1 false", "line 2 true", "line 3 true"])
        func times(_ line: Int) -> [Int] {
            records.filter { $0.contains("line \(line) ") }.compactMap { Int($0.split(separator: " ")[0]) }
        }
        let delayed = times(2).map { $0 + 700_000_000 }.filter { $0 <= 4_000_000_000 }
        #expect(!delayed.isEmpty)
        #expect(times(3) == delayed)
    }
}
