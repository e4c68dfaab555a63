public import TapCore

/// A connection of Modbus TCP as it is heard from beside: segments in, messages out.
///
/// A connection may have been open for months; a direction may be missing; a segment may come twice, late, or not at all.
/// What is lost makes what was asked unknown. Holds a bounded number of bytes. Not thread-safe; does not allocate for a
/// message once it has met the longest.
public struct ModbusTCPConversation: Sendable {
    /// What was heard and what was not.
    public struct Counts: Sendable, Hashable {
        public var requests: UInt64 = 0
        public var responses: UInt64 = 0
        /// Of them those to no request that was heard.
        public var unasked: UInt64 = 0
        /// Of them those that refuse.
        public var exceptions: UInt64 = 0
        /// Requests whose answer was not heard.
        public var unanswered: UInt64 = 0
        /// Segments whose bytes had been heard before.
        public var repeated: UInt64 = 0
        /// Holes in the streams, and their bytes.
        public var holes: UInt64 = 0
        public var lostBytes: UInt64 = 0
        /// Bytes that are in no frame.
        public var skippedBytes: UInt64 = 0

        public init() {}
    }

    private var toServer = TCPStream()
    private var toClient = TCPStream()
    private var requests = ModbusTCPFramer()
    private var responses = ModbusTCPFramer()
    private var pairing = ModbusTCPPairing()
    private var heard = Counts()

    public init() {}

    public var counts: Counts {
        var counts = heard
        counts.unanswered = pairing.unanswered
        counts.repeated = toServer.counts.repeated + toClient.counts.repeated
        counts.holes = toServer.counts.holes + toClient.counts.holes
        counts.lostBytes = toServer.counts.lostBytes + toClient.counts.lostBytes
        counts.skippedBytes = requests.skipped + responses.skipped
        return counts
    }

    /// Takes a segment.
    ///
    /// - Parameters:
    ///   - packet: of TCP.
    ///   - bytes: its frame, in which its payload lies.
    ///   - isToServer: whether the client sent it.
    ///   - emit: is given each message with the bytes of its frame, header and all.
    public mutating func take(
        _ packet: Packet, _ bytes: Span<UInt8>, isToServer: Bool, at time: Timestamp,
        _ emit: (ModbusTCPMessage, Span<UInt8>) -> Void
    ) {
        if packet.flags.contains(.syn) { begin(packet, isToServer) }
        if packet.flags.contains(.acknowledges) {
            if isToServer {
                toClient.acknowledge(packet.acknowledged, at: time)
            } else {
                toServer.acknowledge(packet.acknowledged, at: time)
            }
            giveReady(!isToServer, at: time, emit)
        }
        guard !packet.payload.isEmpty || packet.missing > 0 else { return }
        let payload = bytes.extracting(packet.payload)
        let part =
            isToServer
            ? toServer.take(packet.sequence, payload, missing: packet.missing, at: time)
            : toClient.take(packet.sequence, payload, missing: packet.missing, at: time)
        if !part.isEmpty { give(payload.extracting(part), isToServer, at: time, emit) }
        giveReady(isToServer, at: time, emit)
    }

    /// Nothing more comes: what waited is given, what was asked is not answered.
    public mutating func finish(at time: Timestamp, _ emit: (ModbusTCPMessage, Span<UInt8>) -> Void) {
        toServer.finish()
        giveReady(true, at: time, emit)
        toClient.finish()
        giveReady(false, at: time, emit)
        pairing.forget()
    }

    private mutating func begin(_ packet: Packet, _ isToServer: Bool) {
        if isToServer {
            toServer.begin(at: packet.sequence)
            requests.lose()
            pairing.forget()
        } else {
            toClient.begin(at: packet.sequence)
            responses.lose()
        }
    }

    /// What did not come in its order, as far as it can be given now.
    private mutating func giveReady(
        _ isToServer: Bool, at time: Timestamp, _ emit: (ModbusTCPMessage, Span<UInt8>) -> Void
    ) {
        guard isToServer ? toServer.hasReady : toClient.hasReady else { return }
        for piece in isToServer ? toServer.takeReady() : toClient.takeReady() {
            if piece.hole != nil {
                if isToServer {
                    requests.lose()
                } else {
                    responses.lose()
                    pairing.loseResponses()
                }
            }
            if !piece.bytes.isEmpty { give(piece.bytes.span, isToServer, at: time, emit) }
        }
    }

    private mutating func give(
        _ bytes: Span<UInt8>, _ isToServer: Bool, at time: Timestamp,
        _ emit: (ModbusTCPMessage, Span<UInt8>) -> Void
    ) {
        var offset = 0
        while let place = isToServer ? requests.next(bytes, &offset) : responses.next(bytes, &offset) {
            switch place {
            case .here(let range): read(bytes.extracting(range), isToServer, at: time, emit)
            case .buffered:
                let frame = isToServer ? requests.takeBuffer() : responses.takeBuffer()
                read(frame.span, isToServer, at: time, emit)
                if isToServer { requests.giveBack(frame) } else { responses.giveBack(frame) }
            }
        }
    }

    private mutating func read(
        _ frame: Span<UInt8>, _ isToServer: Bool, at time: Timestamp,
        _ emit: (ModbusTCPMessage, Span<UInt8>) -> Void
    ) {
        let message = isToServer ? pairing.request(frame, at: time) : pairing.response(frame, at: time)
        heard.count(message)
        emit(message, frame)
    }
}

extension ModbusTCPConversation.Counts {
    fileprivate mutating func count(_ message: ModbusTCPMessage) {
        if message.kind == .request { requests += 1 } else { responses += 1 }
        if message.kind == .unaskedResponse { unasked += 1 }
        if message.exception != nil { exceptions += 1 }
    }
}
