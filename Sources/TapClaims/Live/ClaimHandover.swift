public import TapConfig
public import TapCore
public import TapDecode
import TapFormats

/// Hands claims that are heard on an interface to sessions that listen on the Unix sockets of a site.
///
/// To be made before the process may make no more sockets: it has some for later sessions. A session that is not there, or
/// ends, is waited for; what is said meanwhile is not kept. A session that reads too slowly loses claims, and is sent the
/// gaps. Not thread-safe; never blocks.
public struct ClaimHandover: Sendable {
    private var sources: PacketSources
    private var outlets: [SocketOutlet]
    private var said: [Event] = []
    private let tags: [TagInfo]
    /// Of each tag.
    private let outletOf: [Int]
    private let lines: [SocketClaimLine]

    /// On which the servers of its sources listen.
    public var ports: Set<UInt16> { sources.ports }
    /// As `hmi, net`.
    public var names: String { sources.sources.map(\.name).joined(separator: ", ") }
    /// As whoever runs it should know: sessions that came and went, and the like.
    public private(set) var sentences: [String] = []

    /// - Parameter interface: of the site's sources, those whose `packets` names it.
    /// - Throws: a site that hears nothing there for a session; no more descriptors.
    public init(_ site: Site, interface: String) throws(TapError) {
        var heard: [String] = []
        var wanted: [String: String] = [:]
        for source in site.sources {
            guard case .packets(let label, _, _, _, _, let socket?) = source.origin else { continue }
            heard.append(label)
            if label == interface { wanted[source.name] = socket }
        }
        guard !wanted.isEmpty else {
            throw TapError(
                .configuration, site.name, "hears nothing on \(printable(interface)) for a session",
                remedy: heard.isEmpty
                    ? "add a source with 'from: {packets: \(printable(interface)), server: 10.0.0.5, socket: claims.sock}'"
                    : "its sources with a socket are heard on \(heard.map { printable($0) }.joined(separator: ", "))")
        }
        sources = try PacketSources(site) { wanted[$0.name] != nil }
        tags = sources.tags
        var outlets: [SocketOutlet] = []
        var outletOf: [Int] = []
        for source in sources.sources {
            let path = wanted[source.name] ?? ""
            if !outlets.contains(where: { $0.path == path }) { outlets.append(try SocketOutlet(path)) }
            let place = outlets.firstIndex { $0.path == path } ?? 0
            outlets[place].names.append(source.name)
            outlets[place].tags += source.map.tags
            outletOf += source.map.tags.map { _ in place }
        }
        (self.outlets, self.outletOf, lines) = (outlets, outletOf, tags.map(SocketClaimLine.init))
    }

    /// Takes a message of the packet that came at a time.
    public mutating func take(_ connection: Int, _ message: ModbusTCPMessage, _ frame: Span<UInt8>, at time: Timestamp)
    {
        sources.append(connection, message, frame, at: time)
    }

    /// Packets were lost.
    public mutating func take(_ loss: PacketLoss) { sources.lose(at: loss.from) }

    /// Sends what was taken.
    ///
    /// - Parameters:
    ///   - reached: everything up to then was taken.
    ///   - now: by CLOCK_MONOTONIC.
    public mutating func step(
        _ hearing: borrowing PacketHearing, reached: Timestamp, by clock: StampClock, at now: Timestamp
    ) {
        var events: [Event] = []
        swap(&events, &said)
        for place in outlets.indices {
            if let sentence = outlets[place].connect(at: now) { sentences.append(sentence) }
        }
        sources.take(of: hearing) { events.append($0) }
        sources.wait(until: reached) { events.append($0) }
        send(events, by: clock)
        for place in outlets.indices {
            outlets[place].reach(clock.monotonic(reached), uncertainty: clock.uncertainty)
            if let sentence = outlets[place].send() {
                sentences.append(sentence)
            }
        }
        events.removeAll(keepingCapacity: true)
        swap(&events, &said)
    }

    private mutating func send(_ events: [Event], by clock: StampClock) {
        for event in events {
            switch event {
            case .claim(let claim):
                let number = Int(claim.tag.index)
                let time = clock.monotonic(claim.time)
                outlets[outletOf[number]].append(claim, lines[number], at: time)
            case .gap(let gap):
                guard case .tag(let id) = gap.subject else { continue }
                let (from, to) = (clock.monotonic(gap.from), clock.monotonic(gap.to))
                outlets[outletOf[Int(id.index)]].append(
                    SocketLine.lost(tags[Int(id.index)], from: from, to: to), at: from)
            default: break
            }
        }
    }

    /// Takes the sentences that are new.
    public mutating func takeSentences() -> [String] {
        defer { sentences.removeAll() }
        return sentences
    }

    /// Why nothing can be handed over any more; nil: it can.
    public var failure: TapError? { outlets.compactMap(\.failure).first }
}
