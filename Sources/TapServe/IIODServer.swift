import Glibc
import NIOCore
import Synchronization
public import TapCore
public import TapSim

/// Serves ADCs over IIOD's text protocol, so that libiio 0.2x clients attach to them as to another machine.
///
/// Each client has streams of its own, and none can hold up another: see `IIODConnection`. Safe from any thread.
public final class IIODServer: Sendable {
    public struct Options: Sendable {
        /// An address of this machine, or its name.
        public var host = "127.0.0.1"
        /// 0: any that is free.
        public var port = 30_431
        /// Connections at once; libiio makes one for each context and one for each buffer. More are rejected.
        public var connections = 64
        /// How long a client may take for a piece of an answer.
        public var patience = Nanoseconds.seconds(2)
        /// How long a client may say nothing while it waits for no answer: longer only while another connection from its
        /// address has a stream open, as libiio's first one is silent then.
        public var idle = Nanoseconds.seconds(60)
        /// The largest piece of an answer: what is held for a client at most, beside 256 KiB in the system.
        public var pieceBytes = 1 << 16

        public init() {}
    }

    public struct Counts: Sendable, Hashable {
        /// Connections: present, and all that there were.
        public var present = 0
        public var served = 0
        public var turnedAway = 0
        public var cutOff = 0
        /// How often a client did not fetch its scans and the newest were refused.
        public var refusals = 0
    }

    let options: Options
    let say: @Sendable (String) -> Void
    private let provider: any ScanProvider
    private let context: IIODContext
    private let present: [IIODPresent]
    private let clock: (any TapClock)?
    private let counters = Mutex(Counts())
    private let listener: ClientListener
    /// Connections with a stream open, by address.
    private let streaming = Mutex<[String: Int]>([:])

    /// - Parameters:
    ///   - provider: of at least one device.
    ///   - description: of the whole, for people.
    ///   - clock: by which scans are taken, from its zero on; nil: all are there at once, and clients read as fast as
    ///     they can.
    ///   - say: called with one line for each protocol violation of a client, on any thread.
    public init(
        _ provider: any ScanProvider, description: String, clock: (any TapClock)?, options: Options = Options(),
        say: @escaping @Sendable (String) -> Void
    ) {
        self.provider = provider
        self.clock = clock
        self.options = options
        self.say = say
        context = IIODContext(provider.devices, description: description)
        present = context.devices.enumerated().map { IIODPresent(provider, device: $0, period: $1.period) }
        listener = ClientListener(
            .tcp(host: options.host, port: options.port), connections: options.connections,
            threads: min(4, System.coreCount), say: say)
    }

    /// Listens; clients are served from now on.
    ///
    /// - Returns: the port.
    public func start() throws(TapError) -> Int {
        try listener.start(remedy: "choose another --iiod port or --bind address") { channel, peer in
            let address = channel.remoteAddress?.ipAddress ?? ""
            let session = IIODSession(self.provider, self.context, present: self.present, clock: self.clock)
            try channel.pipeline.syncOperations.addHandler(
                IIODConnection(self, peer: peer, address: address, session))
        }
    }

    /// Ends every connection. Blocks until all have ended.
    public func stop() { listener.stop() }

    public var counts: Counts {
        let clients = listener.counts
        return counters.withLock { counts in
            var all = counts
            (all.present, all.served, all.turnedAway) = (clients.present, clients.served, clients.turnedAway)
            return all
        }
    }

    // MARK: Told by connections

    func cutOff(_ peer: String, holding count: Int) {
        counters.withLock { $0.cutOff += 1 }
        let seconds = Double(options.patience.count) / 1e9
        say("\(peer): disconnected: it read none of the last \(count) bytes for \(seconds) s")
    }

    func idled(_ peer: String) {
        counters.withLock { $0.cutOff += 1 }
        say("\(peer): disconnected: it said nothing for \(Double(options.idle.count) / 1e9) s")
    }

    func streams(from address: String) -> Bool { streaming.withLock { $0[address] != nil } }

    func opened(by address: String) { streaming.withLock { $0[address, default: 0] += 1 } }

    func closed(by address: String) {
        streaming.withLock { streams in
            let left = (streams[address] ?? 1) - 1
            streams[address] = left > 0 ? left : nil
        }
    }

    func refused(_ peer: String) {
        counters.withLock { $0.refusals += 1 }
        say("\(peer): scans were lost: it did not read them in time")
    }

    /// In real time, until a time of the scans' clock.
    func span(until time: Timestamp) -> Nanoseconds {
        guard let clock else { return .zero }
        return max(.zero, clock.realSpan(of: time - clock.now()))
    }
}
