import TapCore
import TestSupport

@testable import TapRecord

/// A store of several sessions whose truth is known.
struct TruthRun {
    struct Session {
        var lines: [TruthLine]
        /// UTC less monotonic time, and from when on it is the second.
        var offset: UInt64
        var steppedOffset: UInt64
        var stepAt: UInt64
        var begin: UInt64
        var end: UInt64

        func utc(_ time: UInt64) -> UInt64 { time &+ (time >= stepAt ? steppedOffset : offset) }
    }

    static let lines = ["PUMP", "SIREN", "DOOR"]
    let store: MemoryStore
    private(set) var sessions: [Session] = []

    init(seed: UInt64) throws {
        store = try MemoryStore()
        var dice = Dice(seed)
        var utc: UInt64 = 1_700_000_000_000_000_000
        for _ in 0..<1 + dice.below(3) {
            let session = try TruthRun.record(in: store, &dice, utc: utc)
            sessions.append(session)
            utc = session.utc(session.end) &+ UInt64(1 + dice.below(100)) * 1_000_000_000
        }
    }

    private static func header(at origin: UInt64) -> SessionHeader {
        let lines = Self.lines.enumerated().map { LineInfo(id: LineID(UInt16($0)), name: $1) }
        let sources = [
            SourceInfo(
                name: "lines", provenance: .simulated, clock: ClockDomain(.monotonic),
                capabilities: [.edges, .readsLevels], lines: lines),
            SourceInfo(
                name: "clock", provenance: .simulated, clock: ClockDomain(.monotonic), capabilities: [], lines: []),
        ]
        return SessionHeader(
            version: "test", board: "bench", origin: Timestamp(nanoseconds: origin), fix: nil, kernel: "",
            sources: sources, seed: 1)
    }

    private static func record(in store: MemoryStore, _ dice: inout Dice, utc: UInt64) throws -> Session {
        let second: UInt64 = 1_000_000_000
        let begin = UInt64(1 + dice.below(1_000)) * second
        let length = UInt64(20 + dice.below(60))
        var session = Session(
            lines: [], offset: utc &- begin, steppedOffset: utc &- begin, stepAt: .max, begin: begin,
            end: begin + length * second)
        if dice.isTrue(oneIn: 3) {
            session.stepAt = begin + UInt64(dice.below(Int(length))) * second + 300_000_000
            session.steppedOffset = session.offset &+ UInt64(bitPattern: Int64(dice.below(120) - 40) * Int64(second))
        }
        var recorder = try store.recorder(
            header(at: begin), utc_ns: utc, quietSpan: .seconds(Int64(1 + dice.below(20))))
        recorder.begin(source: 0)
        var makers = Self.lines.indices.map { TruthLineMaker(LineID(UInt16($0)), at: begin, into: &recorder) }
        for step in 1...length * 10 {
            let time = begin + step * (second / 10)
            recorder.begin(source: 0)
            for index in makers.indices { makers[index].step(at: time, &dice, into: &recorder) }
            if step % 3 == 0 { recorder.watermark(at: Timestamp(nanoseconds: time)) }
            if step % 50 == 1 {
                recorder.begin(source: 1)
                let now = Timestamp(nanoseconds: time)
                recorder.event(
                    .clockFix(
                        ClockFix(
                            monotonic: now, utcNanoseconds: session.utc(time), bracket: Nanoseconds(1_000),
                            bootID: RecordStoreTests.key0.boot, isSynchronised: true, sinceSynchronised: .zero,
                            kernelMaximumError: .zero)))
                recorder.watermark(at: now)
            }
            try recorder.batchEnded(at: Timestamp(nanoseconds: time))
        }
        recorder.begin(source: 0)
        for index in makers.indices { makers[index].finish(at: session.end + 10, into: &recorder) }
        for source in 0..<2 {
            recorder.begin(source: source)
            recorder.sourceEnded(at: Timestamp(nanoseconds: session.end + 10))
        }
        try recorder.finish(at: Timestamp(nanoseconds: session.end + 10))
        session.lines = makers.map(\.truth)
        return session
    }
}
