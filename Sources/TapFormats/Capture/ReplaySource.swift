public import TapCore

/// A capture file as if it were wires: its records come when their time has come, counted from the start.
///
/// Stamps are the file's own; `info.clock` says what to add. With a driver whose time can wait it waits for room in its
/// ring and nothing is lost. Ends by itself when the file does. Not thread-safe; blocks as long as the file system does.
public struct ReplaySource: ~Copyable, TapSource {
    public private(set) var info: SourceInfo
    private var reader: any CaptureReader & ~Copyable
    private let selection: RecordSelection
    private let origin: Timestamp
    private var buffer = RecordBuffer()
    private var isMore = true

    private static let tick = Nanoseconds.milliseconds(5)
    /// With nothing to write.
    private static let longestNap = Nanoseconds.seconds(1)
    /// As for computed wires: what is late is so because its thread had no time, and merge waits for it.
    private static let longestSilence = Nanoseconds.seconds(5)

    /// - Parameter selected: which lines and devices, and their numbers in the session; `reader.header` has them all.
    public init(_ reader: consuming any CaptureReader & ~Copyable, _ selected: ReplaySelection) {
        let header = reader.header
        let source = header.sources[0]
        info = source
        info.provenance = .replayed
        info.capabilities.formUnion([.waitsForRoom, .ordered])
        info.lines = selected.lines
        info.devices = selected.devices
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
        writer.watermark(at: present)
        return wake(at: now, present: present) ?? .ended
    }

    /// When the next record is due, or the end; nil: neither.
    private mutating func wake(at now: Timestamp, present: Timestamp) -> Wake? {
        let offset = info.clock.offsetToMonotonic
        let end = isMore ? nil : end()
        guard let next = buffer.firstTime ?? end, next > present else { return nil }
        // Records come in bundles; the end is met exactly.
        var soonest = buffer.isEmpty ? next + offset : max(next + offset, now + ReplaySource.tick)
        if let end { soonest = min(soonest, max(end + offset, now)) }
        return .at(min(soonest, now + ReplaySource.longestNap))
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

/// Some of a file's lines and channels.
public struct ReplaySelection: Sendable {
    public private(set) var lines: [LineInfo]
    public private(set) var devices: [DeviceInfo]
    public private(set) var numbers: RecordSelection

    /// Everything.
    public init(all header: SessionHeader) {
        lines = header.lines
        devices = header.devices
        numbers = RecordSelection(
            lines: lines.indices.map { UInt16($0) }, devices: devices.indices.map { UInt16($0) })
    }

    /// What is named, in that order; nothing named of either kind: nothing of that kind.
    ///
    /// - Parameters:
    ///   - lines: names of lines.
    ///   - channels: `device.channel`, or a device with all its channels.
    public init(_ header: SessionHeader, lines names: [String], channels: [String]) throws(TapError) {
        self.init(all: header)
        lines = []
        devices = []
        numbers = RecordSelection(
            lines: header.lines.map { _ in nil }, devices: header.devices.map { _ in nil })
        for name in names { try take(line: name, of: header) }
        for name in channels { try take(channel: name, of: header) }
    }

    private mutating func take(line name: String, of header: SessionHeader) throws(TapError) {
        guard let index = header.lines.firstIndex(where: { $0.name == name }) else {
            throw TapError(
                .notFound, "line '\(printable(name))'", "is not in \(header.sources[0].name)",
                remedy: ReplaySelection.names(header.lines.map(\.name), "line"))
        }
        guard numbers.lines[index] == nil else { throw ReplaySelection.twice("line '\(printable(name))'") }
        numbers.lines[index] = UInt16(lines.count)
        lines.append(header.lines[index])
        lines[lines.count - 1].id = LineID(UInt16(lines.count - 1))
    }

    private mutating func take(channel name: String, of header: SessionHeader) throws(TapError) {
        var isFound = false
        for (index, device) in header.devices.enumerated() {
            let wanted = device.channels.filter { name == device.name || name == "\(device.name).\($0.name)" }
            guard !wanted.isEmpty else { continue }
            isFound = true
            if numbers.devices[index] == nil {
                numbers.devices[index] = UInt16(devices.count)
                devices.append(device)
                devices[devices.count - 1].id = DeviceID(UInt16(devices.count - 1))
                devices[devices.count - 1].channels = []
            }
            let place = Int(numbers.devices[index] ?? 0)
            for channel in wanted {
                guard !devices[place].channels.contains(channel) else {
                    throw ReplaySelection.twice("channel '\(printable(name))'")
                }
                devices[place].channels.append(channel)
            }
        }
        guard isFound else {
            throw TapError(
                .notFound, "channel '\(printable(name))'", "is not in \(header.sources[0].name)",
                remedy: ReplaySelection.names(
                    header.devices.flatMap { device in device.channels.map { "\(device.name).\($0.name)" } }, "channel")
            )
        }
    }

    private static func twice(_ subject: String) -> TapError {
        TapError(.busy, subject, "is named twice", remedy: "name it once")
    }

    private static func names(_ names: [String], _ kind: String) -> String {
        guard !names.isEmpty else { return "it has no \(kind)s" }
        let more = names.count > 8 ? " and \(names.count - 8) more" : ""
        return "it has: \(names.prefix(8).joined(separator: ", "))\(more)"
    }
}
