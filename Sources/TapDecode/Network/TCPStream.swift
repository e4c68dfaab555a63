import TapCore

/// One direction of a TCP connection, put in order from what was heard of it.
///
/// A connection may have been open for months: the first segment that is heard begins the stream. What was heard twice is
/// given once. What comes too early waits until what is before it comes, or is seen to be lost: it was acknowledged by
/// the receiver, or too much or too long has been waited for. A lost span is a hole, which is given in its place.
struct TCPStream: Sendable {
    /// What did not come in its order.
    struct Piece: Sendable {
        /// Bytes before it that were not heard; nil: none is missing. 0: how many is not known.
        var hole: Int?
        var bytes: [UInt8]
    }

    private struct Held: Sendable {
        var sequence: UInt32
        var bytes: [UInt8]
        /// Bytes behind it that were on the network and not captured.
        var missing: Int
        var time: Timestamp
    }

    struct Counts: Sendable, Hashable {
        /// Segments of which every byte was heard before: retransmitted, or mirrored twice.
        var repeated: UInt64 = 0
        /// Segments that came before what precedes them.
        var early: UInt64 = 0
        var holes: UInt64 = 0
        var lostBytes: UInt64 = 0
    }

    /// nil: nothing was heard yet.
    private var next: UInt32?
    /// What the other end last said it has, and when that was heard first.
    private var received: (sequence: UInt32, time: Timestamp)?
    private var held: [Held] = []
    private var ready: [Piece] = []
    private(set) var counts = Counts()

    /// Segments that may wait.
    static let mostHeld = 32
    static let patience = Nanoseconds.seconds(1)
    /// The directions of a mirror port need not come in order to each other.
    static let skew = Nanoseconds.milliseconds(20)
    /// A segment that is farther off is of another connection.
    static let window = 1 << 20

    /// Begins anew, as after a SYN with that number.
    mutating func begin(at sequence: UInt32) {
        next = sequence &+ 1
        received = nil
        held.removeAll(keepingCapacity: true)
    }

    /// Takes a segment. What it made ready is taken from `takeReady`, after what this returns.
    ///
    /// - Parameter missing: bytes behind it that were not captured.
    /// - Returns: which of its bytes are the next of the stream; empty: none yet.
    mutating func take(_ sequence: UInt32, _ bytes: Span<UInt8>, missing: Int, at time: Timestamp) -> Range<Int> {
        let distance = Int(Int32(bitPattern: sequence &- (next ?? sequence)))
        let length = bytes.count + missing
        if abs(distance) > TCPStream.window {
            finish()
            lose(0, before: bytes.array)
            next = sequence &+ UInt32(truncatingIfNeeded: length)
            if missing > 0 { lose(missing, before: []) }
            return 0..<0
        }
        guard distance <= 0 else {
            counts.early += 1
            hold(Held(sequence: sequence, bytes: bytes.array, missing: missing, time: time))
            if held.count > TCPStream.mostHeld || isLost(before: sequence, at: time) { giveUpHole() }
            return 0..<0
        }
        guard length > -distance else {
            counts.repeated += 1
            return 0..<0
        }
        pass(sequence, bytes.count, missing, skipping: -distance)
        release()
        return min(-distance, bytes.count)..<bytes.count
    }

    /// The other end has everything before that number: what of it was not heard will not come.
    mutating func acknowledge(_ sequence: UInt32, at time: Timestamp) {
        if received.map({ Int32(bitPattern: sequence &- $0.sequence) > 0 }) ?? true { received = (sequence, time) }
        while let first = held.first {
            let isReceived = Int32(bitPattern: sequence &- first.sequence) >= 0
            let waited = time > first.time ? time - first.time : .zero
            guard waited > (isReceived ? TCPStream.skew : TCPStream.patience) else { return }
            giveUpHole()
        }
    }

    /// Whether the other end has had everything before that for longer than directions are apart.
    private func isLost(before sequence: UInt32, at time: Timestamp) -> Bool {
        guard let received, Int32(bitPattern: received.sequence &- sequence) >= 0 else { return false }
        return time > received.time && time - received.time > TCPStream.skew
    }

    /// Nothing more comes: what waits is ready.
    mutating func finish() { while !held.isEmpty { giveUpHole() } }

    var hasReady: Bool { !ready.isEmpty }

    mutating func takeReady() -> [Piece] {
        defer { ready = [] }
        return ready
    }

    /// Goes past a segment of which bytes are the next.
    private mutating func pass(_ sequence: UInt32, _ count: Int, _ missing: Int, skipping skipped: Int) {
        next = sequence &+ UInt32(truncatingIfNeeded: count + missing)
        if missing > 0 { lose(count + missing - max(skipped, count), before: []) }
    }

    private mutating func lose(_ count: Int, before bytes: [UInt8]) {
        counts.holes += 1
        counts.lostBytes += UInt64(count)
        ready.append(Piece(hole: count, bytes: bytes))
    }

    private mutating func hold(_ segment: Held) {
        let index = held.firstIndex { Int32(bitPattern: $0.sequence &- segment.sequence) > 0 } ?? held.count
        held.insert(segment, at: index)
    }

    private mutating func release() {
        while let first = held.first, let expected = next {
            let distance = Int(Int32(bitPattern: first.sequence &- expected))
            guard distance <= 0 else { return }
            held.removeFirst()
            guard first.bytes.count + first.missing > -distance else {
                counts.repeated += 1
                continue
            }
            ready.append(Piece(hole: nil, bytes: Array(first.bytes.dropFirst(-distance))))
            pass(first.sequence, first.bytes.count, first.missing, skipping: -distance)
        }
    }

    /// What is before the first that waits was lost.
    private mutating func giveUpHole() {
        guard let first = held.first, let expected = next else { return }
        lose(Int(Int32(bitPattern: first.sequence &- expected)), before: [])
        next = first.sequence
        release()
    }
}
