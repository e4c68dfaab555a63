public import TapConfig
public import TapCore
public import TapDecode

/// Claims that are heard on a tapped serial bus, decoded while its lines are captured.
///
/// It listens to the records of the lines' own source, and has its clock. Where time can wait, it waits for room and that
/// source for it, so nothing is lost; elsewhere a loss on the lines is one of its tags. Not thread-safe; never blocks.
public struct HeardSource: ~Copyable, TapSource {
    public private(set) var info: SourceInfo
    private let map: RegisterMap
    private let format: UARTFormat
    private let feed: HeardFeed
    private let tick: Nanoseconds
    private var hearing: SerialHearing?
    private var reader: RawReader?
    /// How many of the hearing's events are written.
    private var written = 0

    /// Cells that are read before what they say is written.
    private static let batch = 4_096

    /// - Parameters:
    ///   - source: heard on lines.
    ///   - feed: of those lines.
    ///   - tick: how often they are looked at.
    ///   - firstTag: the session's number of its first tag.
    /// - Throws: a map that cannot be, or a format that RTU has not.
    public init(
        _ source: SiteClaimSource, _ format: UARTFormat, _ feed: HeardFeed, tick: Nanoseconds, firstTag: UInt16
    ) throws(TapError) {
        let map = try RegisterMap(source, firstTag: firstTag)
        guard format.dataBits == 8 else {
            throw TapError(
                .configuration, source.name, "is heard on a line of \(format.dataBits) data bits, and RTU has 8",
                remedy: "change the line's 'uart'")
        }
        self.init(map, format, feed, tick: tick, name: source.name)
    }

    private init(_ map: RegisterMap, _ format: UARTFormat, _ feed: HeardFeed, tick: Nanoseconds, name: String) {
        (self.map, self.format, self.feed, self.tick) = (map, format, feed, tick)
        info = SourceInfo(
            name: name, provenance: .hardware, clock: ClockDomain(.monotonic),
            capabilities: [.claims, .waitsForRoom], tags: map.tags, longestSilence: .seconds(1))
    }

    public mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        guard let source = feed.source else {
            throw TapError(
                .notFound, info.name,
                "is heard on \(feed.lines.joined(separator: " and ")), which no source of this session captures",
                remedy: "capture it with --line, both lines of one chip")
        }
        info.provenance = source.provenance
        info.clock = source.clock
        let lines = feed.lines.compactMap { name in source.lines.first { $0.name == name } }
        hearing = SerialHearing(
            map, lines, format, allowedLateness: source.allowedLateness,
            origin: now - source.clock.offsetToMonotonic)
        return .at(now)
    }

    public mutating func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        guard try listen(into: &writer, isLast: false) else { return .room }
        return hearing?.hasEnded == false ? .at(now + tick) : .ended
    }

    public mutating func stop(at now: Timestamp, into writer: inout RecordWriter) {
        _ = try? listen(into: &writer, isLast: true)
        hearing?.stop(at: now - info.clock.offsetToMonotonic)
        _ = write(into: &writer)
        writer.publish()
        reader?.close()
    }

    /// - Returns: false if it stopped for want of room.
    private mutating func listen(into writer: inout RecordWriter, isLast: Bool) throws(TapError) -> Bool {
        if reader == nil { reader = feed.takeReader() }
        guard write(into: &writer) else { return false }
        while hearing != nil, reader != nil {
            let before = hearing?.reached ?? .zero
            reader?.drain(source: 0, atMost: HeardSource.batch, into: &hearing!)
            guard write(into: &writer) else { return false }
            guard let reached = hearing?.reached, reached > before else { break }
            writer.watermark(at: reached)
        }
        return true
    }

    /// - Returns: false if something is left for want of room.
    private mutating func write(into writer: inout RecordWriter) -> Bool {
        guard hearing != nil else { return true }
        while written < hearing!.events.count {
            guard !writer.shouldWait(forCells: Claim.mostCells) else { return false }
            writer.event(hearing!.events[written])
            written += 1
        }
        hearing?.events.removeAll(keepingCapacity: true)
        written = 0
        return true
    }
}
