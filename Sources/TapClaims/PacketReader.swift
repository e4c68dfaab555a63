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
    private var sources: [PacketClaims]
    /// Of each connection: the sources that it is of, and what was known of its losses.
    private var routes: [Route] = []
    private var forgotten: UInt64 = 0
    private var batch = Batch()
    private var events: [Event] = []
    private let first: UInt64
    private var last = Timestamp.zero

    private struct Route: Sendable {
        var sources: [Int]
        var holes: UInt64 = 0
        var unanswered: UInt64 = 0
    }

    /// Messages of one packet, with their values one after the other; kept for its memory.
    private struct Batch: Sendable {
        var messages: [(connection: Int, message: ModbusTCPMessage, values: Range<Int>)] = []
        var bytes: [UInt8] = []

        mutating func append(_ connection: Int, _ message: ModbusTCPMessage, _ frame: Span<UInt8>) {
            let start = bytes.count
            for index in message.values { bytes.append(frame[index]) }
            messages.append((connection, message, start..<bytes.count))
        }

        mutating func removeAll() {
            messages.removeAll(keepingCapacity: true)
            bytes.removeAll(keepingCapacity: true)
        }
    }

    /// Reads the first packet.
    ///
    /// - Throws: what cannot be read, or a site that hears nothing in packets.
    public init(_ path: String, _ site: Site) throws(TapError) {
        var sources: [PacketClaims] = []
        var next = 0
        for source in site.sources {
            guard let claims = try PacketClaims(source, firstTag: UInt16(clamping: next)) else { continue }
            sources.append(claims)
            next += claims.map.tags.count
        }
        guard !sources.isEmpty else {
            throw TapError(
                .configuration, site.name, "hears nothing in packets",
                remedy: "add a source to its 'claims' with 'from: {packets: eth1, server: 10.0.0.5}'")
        }
        let file = try PacketFile(path)
        try self.init(file, path, sources, ports: PacketReader.ports(site))
    }

    private static func ports(_ site: Site) -> Set<UInt16> {
        Set(
            site.sources.compactMap { source -> UInt16? in
                if case .packets(_, _, let port, _, _) = source.origin { UInt16(clamping: port) } else { nil }
            })
    }

    private init(
        _ file: consuming PacketFile, _ path: String, _ sources: [PacketClaims], ports: Set<UInt16>
    ) throws(TapError) {
        var hearing = PacketHearing(ports: ports)
        var batch = Batch()
        var first: UInt64?
        _ = try file.next { frame, bytes in
            first = frame.utc_ns
            hearing.take(bytes, length: frame.length, link: frame.link, at: .zero) { batch.append($0, $1, $2) }
        }
        self.init(file, path, sources, hearing, batch, first: first)
    }

    private init(
        _ file: consuming PacketFile, _ path: String, _ sources: [PacketClaims], _ hearing: PacketHearing,
        _ batch: Batch, first: UInt64?
    ) {
        self.file = file
        (self.sources, self.hearing, self.batch) = (sources, hearing, batch)
        self.first = first ?? 0
        header = SessionHeader.replayed(
            file: path, name: path, startUTC: first, lines: [], devices: [], tags: sources.flatMap(\.map.tags))
    }

    public mutating func read(into buffer: inout RecordBuffer) throws(TapError) -> Bool {
        while !buffer.isFull {
            take(at: last)
            for event in events { buffer.append(event) }
            events.removeAll(keepingCapacity: true)
            guard end == nil, try readPacket() else { return finish(into: &buffer) }
        }
        return true
    }

    private mutating func readPacket() throws(TapError) -> Bool {
        var time = last
        let isMore = try PacketReader.next(&file, &hearing, &batch, first, &time)
        last = time
        return isMore
    }

    private static func finish(_ hearing: inout PacketHearing, _ batch: inout Batch, _ time: Timestamp) {
        hearing.finish(at: time) { batch.append($0, $1, $2) }
    }

    private static func next(
        _ file: inout PacketFile, _ hearing: inout PacketHearing, _ batch: inout Batch, _ first: UInt64,
        _ time: inout Timestamp
    ) throws(TapError) -> Bool {
        try file.next { frame, bytes in
            time = max(time, Timestamp(nanoseconds: frame.utc_ns > first ? frame.utc_ns - first : 0))
            hearing.take(bytes, length: frame.length, link: frame.link, at: time) { batch.append($0, $1, $2) }
        }
    }

    /// Makes claims of what a packet has brought.
    private mutating func take(at time: Timestamp) {
        guard !batch.messages.isEmpty else { return }
        if hearing.counts.forgottenConnections != forgotten {
            // Numbers are given to others.
            forgotten = hearing.counts.forgottenConnections
            routes.removeAll()
        }
        while routes.count < hearing.connections.count {
            let connection = hearing.connections[routes.count]
            routes.append(Route(sources: sources.indices.filter { sources[$0].isOf(connection) }))
        }
        var (said, heard) = (takeEvents(), Batch())
        swap(&heard, &batch)
        for (connection, message, values) in heard.messages {
            let counts = hearing.connections[connection].counts
            let isLost =
                counts.holes != routes[connection].holes || counts.unanswered != routes[connection].unanswered
            (routes[connection].holes, routes[connection].unanswered) = (counts.holes, counts.unanswered)
            for source in routes[connection].sources {
                if isLost { sources[source].lose(at: time) }
                sources[source].hear(
                    message, heard.bytes.span.extracting(values), connection: connection, at: time
                ) { said.append($0) }
            }
        }
        swap(&said, &events)
        heard.removeAll()
        swap(&heard, &batch)
    }

    /// The closures that fill it must not borrow the reader.
    private mutating func takeEvents() -> [Event] {
        var taken: [Event] = []
        swap(&taken, &events)
        return taken
    }

    private mutating func finish(into buffer: inout RecordBuffer) -> Bool {
        guard end == nil else { return false }
        PacketReader.finish(&hearing, &batch, last)
        take(at: last)
        var said = takeEvents()
        for index in sources.indices { sources[index].finish(at: last) { said.append($0) } }
        for event in said { buffer.append(event) }
        end = last
        remarks = file.remarks
        if let dropped = file.dropped, dropped > 0 {
            remarks.append("\(dropped) packets were lost by the machine that captured")
        }
        for source in sources where !source.isHeard {
            remarks.append("\(source.name): no answer of \(source.place) is in it")
        }
        return false
    }
}
