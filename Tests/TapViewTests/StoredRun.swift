import Synchronization
import TapConfig
import TapCore
import TestSupport

@testable import TapRecord
@testable import TapView

/// A store of two sessions of a line FB, a channel LT and two tags, with what was written into it.
final class StoredRun {
    /// What was recorded of a lane.
    struct Entry {
        var time: Int64
        /// As it is shown; NaN: unknown from then on.
        var value: Double
        var counts: Bool
        var isLoss: Bool
    }

    /// The clock of the store's log.
    private final class Moment: Sendable {
        let time = Atomic<UInt64>(0)
    }

    static let lanes = ["FB", "LT", "hmi.RUN", "hmi.LEVEL"]
    static let second: Int64 = 1_000_000_000
    static let hour = 3_600 * second

    let folder = ScratchFolder()
    let site: Site
    private(set) var written: [String: [Entry]] = Dictionary(uniqueKeysWithValues: lanes.map { ($0, []) })
    /// On the axis of the capture: where a pulse of 1 us begins, and where a loss of 1 us was found.
    private(set) var pulse: Int64 = 0
    private(set) var loss: Int64 = 0
    private let meanwhile: (StoredRun) throws -> Void
    private var dice: Dice
    private var isHigh = false
    /// Of each tag.
    private var claims = ["RUN", "LEVEL"]
    private var shift: Int64 = 0
    /// Of the session.
    private var end: Int64 = 0

    var path: String { folder.path + "/store" }
    var store: RecordStore { RecordStore(path) }

    /// - Parameter meanwhile: called while it is written, with what was written so far.
    init(seed: UInt64, bursts: Int = 24, meanwhile: @escaping (StoredRun) throws -> Void = { _ in }) throws {
        self.meanwhile = meanwhile
        dice = Dice(seed)
        site = try SiteFile.parse(WindowRun.site, file: "well.yaml")
        _ = try store.make(origin: "well/simulated", provenance: .simulated, utc_ns: 1)
        let utc: UInt64 = 1_800_000_000_000_000_000
        try record(utc, bursts: bursts)
        // From the end of the first session on nothing is known of anything; the second one begins hours later.
        for lane in StoredRun.lanes { note(lane, end, .nan, counts: false, isLoss: true) }
        shift = end + 5 * StoredRun.hour
        try record(utc + UInt64(shift), bursts: bursts / 3)
    }

    private static func header() -> SessionHeader {
        let channel = ChannelInfo(
            name: "LT", channel: "LT", unit: "m", byteOffset: 0, format: .float(bits: 64), offset: 0, scale: 1)
        let device = DeviceInfo(
            id: DeviceID(0), name: "adc", method: .simulated, isTimestamped: true, rate_hz: 100, bytesPerScan: 8,
            channels: [channel])
        let wires = SourceInfo(
            name: "wires", provenance: .simulated, clock: ClockDomain(.virtual), capabilities: [.edges, .scans],
            lines: [LineInfo(id: LineID(0), name: "FB")], devices: [device])
        let screen = SourceInfo(
            name: "screen", provenance: .simulated, clock: ClockDomain(.virtual), capabilities: [.claims],
            tags: ["RUN", "LEVEL"].enumerated().map { place, name in
                TagInfo(id: TagID(UInt16(place)), name: name, source: "hmi", unit: name == "LEVEL" ? "mm" : "")
            })
        return SessionHeader(version: "1", board: "b", origin: .zero, fix: nil, kernel: "", sources: [wires, screen])
    }

    private func record(_ utc: UInt64, bursts: Int) throws {
        let moment = Moment()
        let clock = StoreClock {
            let time = moment.time.load(ordering: .relaxed)
            return .init(monotonic: Timestamp(nanoseconds: time), utcNanoseconds: utc + time)
        }
        // Committed after each batch, and signed as its time goes on: whoever reads meanwhile finds it there.
        let (header, options) = (StoredRun.header(), StoreOptions())
        let opened = try OpenedStore(SystemDisk(path))
        let writer = try StoreWriter(opened, header: header, on: .current, clock: clock, options: options)
        var recorder = Recorder(
            header, session: (opened.state.start?.session ?? 0) + 1, options: options,
            keeper: InlineKeeper(writer, store: path, mostPending: 0))
        var time: Int64 = StoredRun.second
        isHigh = false
        for burst in 0..<bursts {
            for _ in 0..<Int.random(in: 1...16, using: &dice) {
                let end = time + StoredRun.second / 2
                try step(time, end, &recorder)
                time = end
            }
            if burst == bursts / 2, shift == 0 { try small(&time, &recorder) }
            time += [1, 20, 400, 90_000, 400_000][Int.random(in: 0..<5, using: &dice)] * StoredRun.second
            moment.time.store(UInt64(time), ordering: .relaxed)
            try pass(time, &recorder)
            try meanwhile(self)
        }
        for source in 0...1 {
            recorder.begin(source: source)
            recorder.sourceEnded(at: stamp(time))
        }
        try recorder.finish(at: stamp(time))
        end = time
    }

    private func stamp(_ time: Int64) -> Timestamp { Timestamp(nanoseconds: UInt64(time)) }

    private func note(_ lane: String, _ time: Int64, _ value: Double, counts: Bool, isLoss: Bool = false) {
        written[lane]?.append(Entry(time: time + shift, value: value, counts: counts, isLoss: isLoss))
    }

    private func pass(_ time: Int64, _ recorder: inout Recorder) throws {
        for source in 0...1 {
            recorder.begin(source: source)
            recorder.watermark(at: stamp(time))
        }
        try recorder.batchEnded(at: stamp(time))
    }

    private func edge(_ time: Int64, _ recorder: inout Recorder) {
        isHigh.toggle()
        recorder.edge(Edge(time: stamp(time), line: LineID(0), sequence: 0, flags: isHigh ? .rising : []))
        note("FB", time, isHigh ? 1 : 0, counts: true)
    }

    private func lose(_ subject: Gap.Subject, _ lane: String, from: Int64, _ time: Int64, _ recorder: inout Recorder) {
        recorder.event(
            .gap(
                Gap(
                    .kernelQueueOverflow, subject, .exactly(3), discovered: stamp(time), from: stamp(from),
                    to: stamp(time))))
        note(lane, time, .nan, counts: false, isLoss: true)
    }

    /// A pulse of 1 us, and half a second later a loss of 1 us, with nothing else of the line around them.
    private func small(_ time: inout Int64, _ recorder: inout Recorder) throws {
        time += StoredRun.hour
        try pass(time, &recorder)
        recorder.begin(source: 0)
        if isHigh { edge(time + 1, &recorder) }
        pulse = time + 500_000_123
        edge(pulse, &recorder)
        edge(pulse + 1_000, &recorder)
        loss = pulse + 700_000_000
        lose(.line(LineID(0)), "FB", from: loss - 1_000, loss, &recorder)
        edge(loss + 1, &recorder)
        time += 2 * StoredRun.second
        try pass(time, &recorder)
    }

    /// Half a second.
    private func step(_ begin: Int64, _ end: Int64, _ recorder: inout Recorder) throws {
        recorder.begin(source: 0)
        var time = begin
        while Int.random(in: 0..<4, using: &dice) > 0 {
            time += Int64.random(
                in: 1...[1_000, 1_000_000, 200_000_000][Int.random(in: 0..<3, using: &dice)], using: &dice)
            guard time < end else { break }
            if Int.random(in: 0..<20, using: &dice) == 0 {
                lose(.line(LineID(0)), "FB", from: max(begin, time - 500), time, &recorder)
            } else {
                edge(time, &recorder)
            }
        }
        let count = Int.random(in: 0...50, using: &dice)
        if count > 0 { scans(begin, count, &recorder) }
        if Int.random(in: 0..<30, using: &dice) == 0 {
            lose(.device(DeviceID(0)), "LT", from: begin, end - 1, &recorder)
        }
        recorder.watermark(at: stamp(end))
        recorder.begin(source: 1)
        if Bool.random(using: &dice) {
            let value = Bool.random(using: &dice)
            say(0, .bool(value), value ? 1 : 0, "hmi.RUN", begin + 7, &recorder)
        }
        if Bool.random(using: &dice) {
            let level = Double(Int.random(in: 0...4_000, using: &dice))
            say(1, .number(level), level * 0.001, "hmi.LEVEL", begin + 250_000_000, &recorder)
        }
        recorder.watermark(at: stamp(end))
        try recorder.batchEnded(at: stamp(end))
    }

    private func say(
        _ tag: UInt16, _ value: Claim.Value, _ shown: Double, _ lane: String, _ time: Int64, _ recorder: inout Recorder
    ) {
        recorder.event(.claim(Claim(tag: TagID(tag), value: value, quality: .good, time: stamp(time))))
        note(lane, time, shown, counts: true)
    }

    private func scans(_ begin: Int64, _ count: Int, _ recorder: inout Recorder) {
        let block = ScanBlock(
            device: DeviceID(0), firstTime: stamp(begin), period: .milliseconds(10), count: count, bytesPerScan: 8,
            sequence: 0, stamps: .exact, uncertainty: .zero)
        var bytes: [UInt8] = []
        for scan in 0..<count {
            let value = Double(Int.random(in: -400...400, using: &dice)) / 64
            bytes.append(value.bitPattern)
            note("LT", begin + 10_000_000 * Int64(scan), value, counts: true)
        }
        recorder.scans(block, raw: unsafe bytes.span.bytes)
    }
}
