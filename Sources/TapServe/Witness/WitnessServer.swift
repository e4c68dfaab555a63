import NIOCore
import NIOHTTP1
import NIOPosix
public import TapCore
public import TapRecord

/// Serves a `Witness` over HTTP/1.1 (C2SP tlog-witness): `POST /add-checkpoint` and `GET /HASH/checkpoint`. One thread. Safe from
/// any thread.
///
/// There is no TLS here: an answer proves itself by its signature, and says nothing that is secret.
public final class WitnessServer: Sendable {
    public struct Options: Sendable {
        /// An address of this machine, or its name.
        public var host = "127.0.0.1"
        /// 0: any that is free.
        public var port = 0
        /// Connections at once; more are rejected.
        public var connections = 256
        /// How long a connection may be without a request, a request may take to come, and an answer to go.
        public var idle = Nanoseconds.seconds(10)

        public init() {}
    }

    private let witness: Witness
    private let options: Options
    private let listener: ClientListener

    /// - Parameter say: called with one line for each client that is rejected, on any thread.
    public init(_ witness: Witness, options: Options = Options(), say: @escaping @Sendable (String) -> Void) {
        self.witness = witness
        self.options = options
        listener = ClientListener(
            .tcp(host: options.host, port: options.port), connections: options.connections, threads: 1, say: say)
    }

    /// Listens; clients are served from now on.
    ///
    /// - Returns: the port.
    public func start() throws(TapError) -> Int {
        try listener.start(remedy: "choose another --listen") { [witness, options] channel, _ in
            let channelOptions = channel.syncOptions
            try channelOptions?.setOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 1 << 12))
            try channelOptions?.setOption(.maxMessagesPerRead, value: 1)
            try channelOptions?.setOption(.allowRemoteHalfClosure, value: false)
            try channelOptions?.setOption(.autoRead, value: true)
            try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
            try channel.pipeline.syncOperations.addHandler(WitnessConnection(witness, idle: options.idle))
        }
    }

    /// Ends every connection. Blocks until all have ended.
    public func stop() { listener.stop() }

    /// Connections that there were, and those that were rejected.
    public var counts: (served: Int, turnedAway: Int) { (listener.counts.served, listener.counts.turnedAway) }
}
