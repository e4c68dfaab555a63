public import TapCore

/// An interface that is heard while it is spoken on: a mirror port, or a tap's.
///
/// From its birth on this process cannot send any more: the kernel kills it when it tries. It is of one thread.
public final class HeardInterface {
    public let name: String
    public private(set) var stamps: StampClock
    /// All packets that are known to be lost.
    public private(set) var lost: UInt64 = 0
    /// Why nothing more comes.
    public private(set) var failure: TapError?

    private let socket: PacketSocket
    private let clock: any TapClock
    private let wall: () -> ClockDomain
    /// When the counters of losses were read last.
    private var counted: Timestamp
    private var counter: UInt64
    private var last = Timestamp.zero
    /// Everything that came until then was given, in time as packets have it.
    public private(set) var reached = Timestamp.zero
    /// All that was in has been given.
    private var isDrained = true
    /// Why nothing more comes, and when what has come before is in for sure.
    private var ending: (error: Errno, until: Timestamp)?

    static let period = Nanoseconds.milliseconds(100)
    /// The kernel gives a block of packets that is not full after 10 ms: beyond that many times over.
    private static let rest = Nanoseconds.milliseconds(100)
    /// Packets that are given before the counters are looked at again.
    static let most = 4_096

    /// Whether this machine has an interface of that name.
    public static func exists(_ name: String) -> Bool { PacketSocket.exists(name) }

    /// Opens it, and forbids this process to send before the first packet is looked at.
    ///
    /// - Parameters:
    ///   - clock: the monotonic one.
    ///   - wall: how the wall clock maps to it now.
    public init(
        _ name: String, ring_bytes: Int, clock: any TapClock, wall: @escaping () -> ClockDomain
    ) throws(TapError) {
        let socket = try PacketSocket.open(name, ring_bytes: ring_bytes)
        do throws(Errno) { try socket.forbidSending() } catch {
            throw TapError(
                .unsupported, printable(name),
                "is not heard, as this process cannot be kept from sending: \(error.words)",
                remedy: "the kernel must have seccomp filters (CONFIG_SECCOMP_FILTER), on x86-64 or arm64")
        }
        (self.name, self.socket, self.clock, self.wall) = (printable(name), socket, clock, wall)
        stamps = StampClock(wall())
        counted = clock.now()
        counter = HeardInterface.counter(of: name) ?? 0
    }

    /// Waits for packets until the next look at the counters, or until `end`, and gives what is in.
    ///
    /// - Parameters:
    ///   - end: by the monotonic clock.
    ///   - body: takes packets of Ethernet: their times, which do not go back and are those of `stamps`, their lengths on the
    ///     network, and their bytes.
    public func step(
        until end: Timestamp, _ body: (Timestamp, Int, Span<UInt8>) -> Void, lost report: (PacketLoss) -> Void
    ) {
        socket.wait(min(counted + HeardInterface.period, end) - clock.now())
        stamps.take(wall(), at: clock.now())
        var count = 0
        while count < HeardInterface.most, give(body) { count += 1 }
        let now = clock.now()
        isDrained = count < HeardInterface.most
        if isDrained { stamps.drained(at: now) }
        reached = max(reached, isDrained ? stamps.time(monotonic: now) - StampClock.grace : last)
        if now - counted >= HeardInterface.period { lookForLosses(at: now, report) }
        if ending == nil, let error = socket.takeFailure() { ending = (error, now + HeardInterface.rest) }
        guard isDrained, let (error, until) = ending, now >= until else { return }
        failure = TapError(
            .device, name, "is heard no longer: \(error.words)",
            remedy: "what is said from now on is not known; set it up and start again")
    }

    /// Gives all that came until now, and what was lost to the end. Takes longer the more waits in the ring.
    public func finish(_ body: (Timestamp, Int, Span<UInt8>) -> Void, lost report: (PacketLoss) -> Void) {
        let now = clock.now()
        // The kernel hands over what it holds after 10 ms at the latest.
        let end = now + .milliseconds(30)
        while failure == nil, last <= stamps.time(monotonic: now), !isDrained || clock.now() < end {
            step(until: end, body, lost: report)
        }
        lookForLosses(at: clock.now(), report)
    }

    private func give(_ body: (Timestamp, Int, Span<UInt8>) -> Void) -> Bool {
        socket.next { head, bytes in
            last = max(last, stamps.time(of: head.stamp_ns))
            body(last, head.length, bytes)
        }
    }

    private func lookForLosses(at now: Timestamp, _ report: (PacketLoss) -> Void) {
        let span = (stamps.time(monotonic: counted), stamps.time(monotonic: now))
        counted = now
        let before = counter
        counter = HeardInterface.counter(of: name) ?? counter
        let losses = [
            (PacketLoss.Place.ring, (try? socket.takeLost()) ?? 0),
            (.interface, counter > before ? counter - before : 0),
        ]
        for (place, packets) in losses where packets > 0 {
            lost += packets
            report(PacketLoss(place: place, packets: packets, from: span.0, to: span.1))
        }
    }

    /// Packets that came damaged, and those that were dropped, of an interface since it is there (proc_pid_net(5)).
    private static func counter(of name: String) -> UInt64? {
        guard let bytes = try? SystemFile.bytes("/proc/self/net/dev", atMost: 1 << 16) else { return nil }
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ":") }
            guard words.count > 4, words[0].elementsEqual(name.utf8) else { continue }
            let numbers = words[3...4].compactMap { UInt64(String(decoding: $0, as: UTF8.self)) }
            return numbers.reduce(0, &+)
        }
        return nil
    }
}
