import TapConfig
import TapCore
import TapDecode

/// The sources of a site that are heard in packets: gives each what its connections say.
struct PacketSources: Sendable {
    private(set) var sources: [PacketClaims] = []
    /// On which their servers listen.
    let ports: Set<UInt16>
    /// Of each connection: the sources that it is of, and what was known of its losses.
    private var routes: [Route] = []
    private var forgotten: UInt64 = 0
    private var batch = Batch()

    private struct Route: Sendable {
        var sources: [Int]
        var holes: UInt64 = 0
        var unanswered: UInt64 = 0
    }

    /// Messages with their values one after the other; kept for its memory.
    private struct Batch: Sendable {
        var messages: [(connection: Int, message: ModbusTCPMessage, values: Range<Int>, time: Timestamp)] = []
        var bytes: [UInt8] = []

        mutating func append(_ connection: Int, _ message: ModbusTCPMessage, _ frame: Span<UInt8>, at time: Timestamp) {
            let start = bytes.count
            for index in message.values { bytes.append(frame[index]) }
            messages.append((connection, message, start..<bytes.count, time))
        }

        mutating func removeAll() {
            messages.removeAll(keepingCapacity: true)
            bytes.removeAll(keepingCapacity: true)
        }
    }

    /// - Throws: a map that cannot be, or a site of which none is heard in packets.
    init(_ site: Site, where isWanted: (SiteClaimSource) -> Bool = { _ in true }) throws(TapError) {
        var (next, ports) = (0, Set<UInt16>())
        for source in site.sources where isWanted(source) {
            guard let claims = try PacketClaims(source, firstTag: UInt16(clamping: next)) else { continue }
            if case .packets(_, _, let port, _, _, _) = source.origin { ports.insert(UInt16(clamping: port)) }
            sources.append(claims)
            next += claims.map.tags.count
        }
        self.ports = ports
        guard !sources.isEmpty else {
            throw TapError(
                .configuration, site.name, "hears nothing in packets",
                remedy: "add a source to its 'claims' with 'from: {packets: eth1, server: 10.0.0.5}'")
        }
    }

    /// Numbered one source after the other.
    var tags: [TagInfo] { sources.flatMap(\.map.tags) }

    /// Keeps a message until `take`. Its time is that of the packet that brought it.
    mutating func append(_ connection: Int, _ message: ModbusTCPMessage, _ frame: Span<UInt8>, at time: Timestamp) {
        batch.append(connection, message, frame, at: time)
    }

    /// Makes claims of what was kept; to be called before the hearing gives numbers of connections to others.
    mutating func take(of hearing: borrowing PacketHearing, _ emit: (Event) -> Void) {
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
        var heard = Batch()
        swap(&heard, &batch)
        for (connection, message, values, time) in heard.messages {
            let counts = hearing.connections[connection].counts
            let isLost =
                counts.holes != routes[connection].holes || counts.unanswered != routes[connection].unanswered
            (routes[connection].holes, routes[connection].unanswered) = (counts.holes, counts.unanswered)
            for source in routes[connection].sources {
                if isLost { sources[source].lose(at: time) }
                sources[source].hear(
                    message, heard.bytes.span.extracting(values), connection: connection,
                    of: hearing.connections[connection].client.address, at: time, emit)
            }
        }
        heard.removeAll()
        swap(&heard, &batch)
    }

    /// Packets were lost that may have been of any of them.
    mutating func lose(at time: Timestamp) {
        for index in sources.indices { sources[index].lose(at: time) }
    }

    /// Nothing was heard until then but what was taken.
    mutating func wait(until time: Timestamp, _ emit: (Event) -> Void) {
        for index in sources.indices { sources[index].wait(until: time, emit) }
    }

    /// Nothing more comes.
    mutating func finish(at time: Timestamp, _ emit: (Event) -> Void) {
        for index in sources.indices { sources[index].finish(at: time, emit) }
    }
}
