public import TapCore

/// A capture file as if it were wires: its records come when their time has come, counted from the start.
///
/// Stamps are the file's own; `info.clock` says what to add. With a driver whose time can wait it waits for room in its
/// ring and nothing is lost. Ends on its own when the file does. Not thread-safe; blocks as long as the file system does.
public struct ReplaySource: ~Copyable, TapSource {
    public private(set) var info: SourceInfo
    public private(set) var remarks: [String] = []
    private var reader: any CaptureReader & ~Copyable
    private let selection: RecordSelection
    private let origin: Timestamp
    private var buffer = RecordBuffer()
    private var isMore = true

    private static let tick = Nanoseconds.milliseconds(5)
    /// A file may have nothing for as long as it likes: its time is passed over in one step.
    private static let longestSilence = Nanoseconds(.max)

    /// - Parameter selected: which lines and devices, and their numbers in the session; `reader.header` has them all.
    public init(_ reader: consuming any CaptureReader & ~Copyable, _ selected: ReplaySelection) {
        let header = reader.header
        let source = header.sources[0]
        info = source
        info.provenance = .replayed
        info.capabilities.formUnion([.waitsForRoom, .ordered])
        info.lines = selected.lines
        info.devices = selected.devices
        info.tags = selected.tags
        info.longestSilence = ReplaySource.longestSilence
        origin = header.origin
        selection = selected.numbers
        self.reader = reader
    }

    public mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        info.clock = ClockDomain(.file, offsetToMonotonic: now - origin)
        for device in info.devices where device.bytesPerScan > writer.largestBlock {
            throw TapError(
                .unsupported, device.name, "has scans of \(device.bytesPerScan) bytes, more than a quarter of the ring",
                remedy: "use a larger ring with --ring")
        }
        let isAll = try write(upTo: origin, into: &writer)
        writer.publish()
        return isAll ? wake(at: now, present: origin) ?? .at(now) : .room
    }

    public mutating func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        let present = now - info.clock.offsetToMonotonic
        let isAll = try write(upTo: present, into: &writer)
        writer.publish()
        guard isAll else { return .room }
        writer.watermark(at: isMore ? present : min(present, end() ?? present))
        return wake(at: now, present: present) ?? .ended
    }

    /// When the next record is due, or the end; nil: neither.
    private mutating func wake(at now: Timestamp, present: Timestamp) -> Wake? {
        let offset = info.clock.offsetToMonotonic
        let end = isMore ? nil : end()
        guard let next = buffer.firstTime ?? end, next > present else { return nil }
        // Records come in bundles; the end is met exactly, but for one that is before the last record.
        var soonest = buffer.isEmpty ? next + offset : max(next + offset, now + ReplaySource.tick)
        if let end, end > present { soonest = min(soonest, end + offset) }
        return .at(soonest)
    }

    public mutating func stop(at now: Timestamp, into writer: inout RecordWriter) {
        // Errors of the file were reported, or come after the end.
        _ = try? write(upTo: now - info.clock.offsetToMonotonic, into: &writer)
        writer.publish()
    }

    /// nil: the file does not say.
    private mutating func end() -> Timestamp? { reader.end }

    /// - Returns: false if it stopped for want of room.
    private mutating func write(upTo present: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Bool {
        while true {
            if buffer.isEmpty {
                guard isMore else { return true }
                isMore = try reader.read(into: &buffer)
                remarks = reader.remarks
                buffer.keep(selection)
                continue
            }
            while let time = buffer.firstTime {
                guard time <= present else { return true }
                guard buffer.writeFirst(into: &writer, arrived: present) else { return false }
            }
        }
    }
}
