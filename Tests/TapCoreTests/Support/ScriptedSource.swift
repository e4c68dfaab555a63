import TapCore

/// A source that writes what a script says, each record once its time has come.
struct ScriptedSource: ~Copyable, TapSource {
    /// What a test wants to know of how a source was treated.
    final class Log: @unchecked Sendable {
        var steps: [Timestamp] = []
        var stops: [Timestamp] = []
        /// How often it waited for room.
        var waits = 0
    }

    let info: SourceInfo
    let log: Log
    private let script: [Record]
    private let tick: Nanoseconds
    private let ends: Bool
    private let failsAt: Timestamp?
    private var next = 0

    static let error = TapError(.device, "gpiochip0", "no such device", remedy: "plug it in")

    /// - Parameters:
    ///   - script: in the order of time.
    ///   - ends: whether it ends once all is written, or waits to be stopped.
    init(
        _ script: [Record], info: SourceInfo, tick: Nanoseconds = .milliseconds(5), ends: Bool = true,
        failsAt: Timestamp? = nil, log: Log = Log()
    ) {
        self.info = info
        self.log = log
        self.script = script
        self.tick = tick
        self.ends = ends
        self.failsAt = failsAt
    }

    mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake { .at(now + tick) }

    mutating func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        log.steps.append(now)
        if let failsAt, now >= failsAt { throw ScriptedSource.error }
        let present = now - info.clock.offsetToMonotonic
        while next < script.count, script[next].time <= present {
            if writer.shouldWait(forCells: script[next].cells) {
                writer.publish()
                log.waits += 1
                return .room
            }
            script[next].write(into: &writer)
            next += 1
        }
        writer.publish()
        writer.watermark(at: present)
        return ends && next == script.count ? .ended : .at(now + tick)
    }

    mutating func stop(at now: Timestamp, into writer: inout RecordWriter) {
        log.stops.append(now)
        while next < script.count, script[next].time <= now - info.clock.offsetToMonotonic {
            script[next].write(into: &writer)
            next += 1
        }
        writer.publish()
    }
}

extension Pipe {
    /// The stage that moves `script` through this pipe; its writer is not to be used any more.
    static func capture(
        _ script: [Record], ring: Int = 1024, staging: Int = 1 << 16, whenFull: RecordWriter.WhenFull = .wait,
        info: SourceInfo = info(), tick: Nanoseconds = .milliseconds(5), ends: Bool = true,
        failsAt: Timestamp? = nil, log: ScriptedSource.Log = ScriptedSource.Log()
    ) -> (stage: CaptureStage<ScriptedSource>, input: MergeInput) {
        let rings = Ends(capacity: ring)
        let writer = RecordWriter(
            rings.producer, lines: 0..<UInt16(info.lines.count), devices: 0..<UInt16(info.devices.count),
            whenFull: whenFull)
        let source = ScriptedSource(script, info: info, tick: tick, ends: ends, failsAt: failsAt, log: log)
        return (CaptureStage(source, into: writer), MergeInput(rings.consumer, of: info, capacity: staging))
    }
}
