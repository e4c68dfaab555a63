import TapConfig
import TapCore
import TapView
import TapWatch

/// A window over a watch of records that a test makes: a line FB and a channel LT of `wires`, and claims of `hmi`.
final class WindowRun {
    private final class Nobody: FindingSink, IncidentSink {
        func began(_ finding: Finding) {}
        func cleared(_ finding: Finding) {}
        func outlasted(_ finding: Finding, at time: Nanoseconds) {}
        func surveyed(at time: Nanoseconds, blind: [Int]) {}
        func changed(_ incident: Incident, _ change: Incident.Change, at time: Nanoseconds) {}
        func flush() throws(TapError) {}
    }

    static let site = """
        tap-site: 1
        name: well
        title: Well
        assets: {P1: {title: Pump 1, zone: process}, well: {title: Wet well}, hmi: {title: Screen}, siren: {title: Siren}}
        signals:
          FB: {asset: P1, role: feedback, high: contactor closed}
          LT: {asset: well, role: measurement, unit: m, accuracy: 25 mm}
          LAMP: {asset: siren, role: alarm}
        claims:
          hmi:
            every: 1s
            late: 150ms
            silent-after: 3 polls
            tags:
              RUN: {of: FB}
              LEVEL: {is: mm, of: LT}
              SP: {is: mm, approved: 2000 mm}
              MODE: {one-of: [auto, hand]}
        work: {test: {seen: FB, excuses: [hmi.LEVEL], longest: 1h, permit: true}}

        """
    private static let tags = ["RUN", "LEVEL", "SP", "MODE"]

    let memory: WindowMemory
    let newest = WatchBoard.Newest()
    private let log: FindingLog
    private let incidents: IncidentLog
    private let board: WatchBoard
    private var watch: WatchSink
    private var window: WindowSink
    private var builder: WindowBuilder

    init(_ text: String = WindowRun.site, permits: [String] = []) throws {
        let site = try SiteFile.parse(text, file: "well.yaml")
        let watched = WatchedSite(site)
        let channel = ChannelInfo(
            name: "LT", channel: "LT", unit: "m", byteOffset: 0, format: .float(bits: 64), offset: 0, scale: 1)
        let device = DeviceInfo(
            id: DeviceID(0), name: "adc", method: .simulated, isTimestamped: true, rate_hz: 10, bytesPerScan: 8,
            channels: [channel])
        let wires = SourceInfo(
            name: "wires", provenance: .simulated, clock: ClockDomain(.virtual), capabilities: [.edges, .scans],
            lines: [LineInfo(id: LineID(0), name: "FB")], devices: [device])
        let screen = SourceInfo(
            name: "screen", provenance: .simulated, clock: ClockDomain(.virtual), capabilities: [.claims],
            tags: Self.tags.enumerated().map { place, name in
                TagInfo(
                    id: TagID(UInt16(place)), name: name, source: "hmi",
                    unit: name == "LEVEL" || name == "SP" ? "mm" : "")
            })
        let header = SessionHeader(
            version: "1", board: "b", origin: .zero, fix: nil, kernel: "", sources: [wires, screen])
        let requests = permits.compactMap { WatchRequest("permit " + $0) }
        let nobody = Nobody()
        board = WatchBoard(newest, findings: nobody, incidents: nobody, permits: requests)
        incidents = IncidentLog(watched, into: board, findings: board)
        log = FindingLog(watched.rules, work: watched.work, patience: .seconds(600), into: incidents)
        incidents.log = log
        board.log = log
        board.grouped = incidents
        watch = WatchSink(header, watched, isLive: false, log: log, permits: requests)
        memory = WindowMemory(WindowLayout(site, header))
        window = WindowSink(memory, isLive: false)
        builder = WindowBuilder(site, watched, memory.layout, unmatched: watch.unmatched)
    }

    private static func stamp(_ seconds: Double) -> Timestamp { Timestamp(nanoseconds: UInt64(seconds * 1e9)) }

    private func give(_ event: Event) {
        watch.event(event)
        window.event(event)
    }

    func line(_ isHigh: Bool, at seconds: Double) {
        let time = Self.stamp(seconds)
        give(.level(Level(line: LineID(0), isHigh: isHigh, reason: .first, notBefore: time, notAfter: time)))
    }

    func lose(at seconds: Double) {
        let time = Self.stamp(seconds)
        give(.gap(Gap(.kernelQueueOverflow, .line(LineID(0)), .exactly(3), discovered: time, from: time, to: time)))
    }

    func say(_ tag: String, _ value: Claim.Value, at seconds: Double) {
        guard let place = Self.tags.firstIndex(of: tag) else { return }
        give(.claim(Claim(tag: TagID(UInt16(place)), value: value, quality: .good, time: Self.stamp(seconds))))
    }

    func level(_ metres: Double, at seconds: Double) {
        let block = ScanBlock(
            device: DeviceID(0), firstTime: Self.stamp(seconds), period: .milliseconds(100), count: 1, bytesPerScan: 8,
            sequence: 0, stamps: .exact, uncertainty: .zero)
        var bits = metres.bitPattern.littleEndian
        unsafe withUnsafeBytes(of: &bits) { bytes in
            let raw = unsafe RawSpan(_unsafeBytes: bytes)
            watch.scans(block, raw: raw)
            window.scans(block, raw: raw)
        }
    }

    /// What is so at every second of a span: line, level, and what is said.
    func second(_ second: Int, isHigh: Bool = true, says: Bool? = true, level: Double = 1.5, said: Double? = 1_500) {
        let now = Double(second)
        line(isHigh, at: now)
        for tenth in 0...5 { self.level(level, at: now + Double(tenth) / 10) }
        if let says { say("RUN", .bool(says), at: now + 0.5) }
        if let said { say("LEVEL", .number(said), at: now + 0.5) }
        if said != nil { say("SP", .number(2_000), at: now + 0.5) }
        for tenth in 6..<10 { self.level(level, at: now + Double(tenth) / 10) }
    }

    func model() throws -> WindowModel {
        try watch.batchEnded(at: .zero)
        return builder.model(memory.now, newest.snapshot)
    }
}

extension WindowModel {
    func asset(_ name: String) -> Asset? { assets.first { $0.name == name } }
    func row(_ tag: String) -> Row? { assets.flatMap(\.rows).first { $0.tag == tag } }
}
