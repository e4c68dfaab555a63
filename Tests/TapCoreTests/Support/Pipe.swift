import TapCore

/// A source that does nothing on its own, with as many lines and devices as tests need.
func info(
    offset: Int64 = 0, lateness: Int64 = 0, silence: Nanoseconds = .milliseconds(100), lines: UInt16 = 4,
    devices: UInt16 = 2, tags: UInt16 = 0, isOrdered: Bool = false
) -> SourceInfo {
    SourceInfo(
        name: "test", provenance: .simulated,
        clock: ClockDomain(.virtual, offsetToMonotonic: Nanoseconds(offset)),
        capabilities: isOrdered ? [.edges, .scans, .ordered] : [.edges, .scans],
        lines: (0..<lines).map { LineInfo(id: LineID($0), name: "line\($0)") },
        devices: (0..<devices).map {
            DeviceInfo(
                id: DeviceID($0), name: "device\($0)", method: .simulated, isTimestamped: true, rate_hz: nil,
                bytesPerScan: 2, channels: [])
        },
        tags: (0..<tags).map { TagInfo(id: TagID($0), name: "tag\($0)", source: "plc") },
        allowedLateness: Nanoseconds(lateness), longestSilence: silence)
}

/// A writer and what reads its ring.
///
/// A class, because `#expect` copies what it calls.
final class Pipe {
    var writer: RecordWriter
    let input: MergeInput

    init(
        ring: Int = 1024, staging: Int = 1 << 16, whenFull: RecordWriter.WhenFull = .refuse, isPatient: Bool = false,
        _ info: SourceInfo = info()
    ) {
        let ends = Ends(capacity: ring)
        writer = RecordWriter(
            ends.producer, lines: 0..<UInt16(info.lines.count), devices: 0..<UInt16(info.devices.count),
            tags: 0..<UInt16(info.tags.count), whenFull: whenFull)
        input = MergeInput(ends.consumer, of: info, capacity: staging, isPatient: isPatient)
    }

    func write(_ records: Record...) {
        for record in records { record.write(into: &writer) }
        writer.publish()
    }

    func event(_ event: Event) -> Bool { writer.event(event) }
    func shouldWait(forCells cells: Int = 1) -> Bool { writer.shouldWait(forCells: cells) }
    func end(_ time: UInt64) -> Bool { writer.end(at: Timestamp(nanoseconds: time)) }
    func watermark(_ time: UInt64) { writer.watermark(at: Timestamp(nanoseconds: time)) }
}

extension MergeStage<RecordCollector> {
    /// Steps once and takes what was given on.
    func take(at now: UInt64 = 0) -> [Record] {
        _ = step(at: Timestamp(nanoseconds: now))
        return withSink { sink in
            let records = sink.records
            sink.records = []
            return records
        }
    }
}
