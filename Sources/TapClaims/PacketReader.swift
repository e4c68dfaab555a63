public import TapConfig
public import TapCore
import TapDecode
import TapFormats

/// A capture of packets as a capture of claims: what the sources of a site that are heard in packets say in it.
///
/// Times count from the first packet, whose UTC the header has; a packet whose stamp goes back has that of the one before
/// it. Reads in constant memory.
public struct PacketReader: ~Copyable, CaptureReader {
    public private(set) var header: SessionHeader
    public var sampleRate_hz: UInt64? { nil }
    public private(set) var end: Timestamp?
    public private(set) var remarks: [String] = []
    public var isTorn: Bool { file.isTorn }
    public var share: Double? { file.share }

    private var file: PacketFile
    private var hearing: PacketHearing
    private var sources: PacketSources
    private var events: [Event] = []
    private let first: UInt64
    private var last = Timestamp.zero

    /// Reads the first packet.
    ///
    /// - Throws: what cannot be read, or a site that hears nothing in packets.
    public init(_ path: String, _ site: Site) throws(TapError) {
        let sources = try PacketSources(site)
        let file = try PacketFile(path)
        try self.init(file, path, sources)
    }

    private init(
        _ file: consuming PacketFile, _ path: String, _ sources: consuming PacketSources
    ) throws(TapError) {
        var hearing = PacketHearing(ports: sources.ports)
        var sources = sources
        var first: UInt64?
        _ = try file.next { frame, bytes in
            first = frame.utc_ns
            hearing.take(bytes, length: frame.length, link: frame.link, at: .zero) {
                sources.append($0, $1, $2, at: .zero)
            }
        }
        self.init(file, path, sources, hearing, first: first)
    }

    private init(
        _ file: consuming PacketFile, _ path: String, _ sources: PacketSources, _ hearing: PacketHearing,
        first: UInt64?
    ) {
        self.file = file
        (self.sources, self.hearing) = (sources, hearing)
        self.first = first ?? 0
        header = SessionHeader.replayed(
            file: path, name: path, startUTC: first, lines: [], devices: [], tags: sources.tags)
    }

    public mutating func read(into buffer: inout RecordBuffer) throws(TapError) -> Bool {
        while !buffer.isFull {
            take()
            for event in events { buffer.append(event) }
            events.removeAll(keepingCapacity: true)
            guard end == nil, try readPacket() else { return finish(into: &buffer) }
        }
        return true
    }

    private mutating func readPacket() throws(TapError) -> Bool {
        var time = last
        let isMore = try PacketReader.next(&file, &hearing, &sources, first, &time)
        last = time
        return isMore
    }

    private static func finish(
        _ hearing: inout PacketHearing, _ sources: inout PacketSources, _ time: Timestamp
    ) {
        hearing.finish(at: time) { sources.append($0, $1, $2, at: time) }
    }

    private static func next(
        _ file: inout PacketFile, _ hearing: inout PacketHearing, _ sources: inout PacketSources, _ first: UInt64,
        _ time: inout Timestamp
    ) throws(TapError) -> Bool {
        try file.next { frame, bytes in
            time = max(time, Timestamp(nanoseconds: frame.utc_ns > first ? frame.utc_ns - first : 0))
            hearing.take(bytes, length: frame.length, link: frame.link, at: time) {
                sources.append($0, $1, $2, at: time)
            }
        }
    }

    /// Makes claims of what a packet has brought.
    private mutating func take() {
        var said = takeEvents()
        sources.take(of: hearing) { said.append($0) }
        swap(&said, &events)
    }

    /// The closures that fill it must not borrow the reader.
    private mutating func takeEvents() -> [Event] {
        var taken: [Event] = []
        swap(&taken, &events)
        return taken
    }

    private mutating func finish(into buffer: inout RecordBuffer) -> Bool {
        guard end == nil else { return false }
        PacketReader.finish(&hearing, &sources, last)
        take()
        var said = takeEvents()
        sources.finish(at: last) { said.append($0) }
        for event in said { buffer.append(event) }
        end = last
        remarks = file.remarks
        if let dropped = file.dropped, dropped > 0 {
            remarks.append("\(dropped) packets were lost by the machine that captured")
        }
        for source in sources.sources where !source.isHeard {
            remarks.append("\(source.name): no answer of \(source.place) is in it")
        }
        return false
    }
}
