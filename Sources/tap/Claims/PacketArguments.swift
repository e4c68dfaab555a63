import ArgumentParser
import Glibc
import TapClaims
import TapCommand
import TapCore
import TapDecode
import TapDriver
import TapFormats

/// A file of packets or an interface, and how it is read.
struct PacketArguments: ParsableArguments {
    @Argument(
        help: ArgumentHelp("A capture of packets (.pcap, .pcapng), or an interface.", valueName: "file-or-interface"),
        completion: .file(extensions: ["pcap", "pcapng"]))
    var place: String
    @Option(
        name: .customLong("port"),
        help: ArgumentHelp("A port that Modbus servers listen on; default: 502. May be repeated.", valueName: "port"))
    var ports: [UInt16] = []
    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("Of an interface: end after this time, as 10s or 2h.", valueName: "duration"))
    var duration: DurationArgument?
    @Option(
        help: ArgumentHelp(
            "Of an interface: MiB of the kernel's ring for its packets, 1 to 1024; default: 16.", valueName: "n"))
    var ring: Int?

    func validate() throws {
        guard (1...1_024).contains(ring ?? 1) else { throw ValidationError("--ring takes 1 to 1024, not \(ring ?? 0)") }
        guard isInterface || mayBeInterface || (duration == nil && ring == nil) else {
            throw ValidationError("--for and --ring are of an interface, and \(name) is a file")
        }
    }

    /// For messages.
    var name: String { place == "-" ? "standard input" : printable(place) }
    var modbusPorts: Set<UInt16> { ports.isEmpty ? [ModbusTCP.port] : Set(ports) }

    /// A name that this machine gives to an interface is one; `./NAME` is the file.
    var isInterface: Bool { !place.contains("/") && HeardInterface.exists(place) }

    /// Not there, and of no file as captures are named.
    var mayBeInterface: Bool {
        guard place != "-", !place.contains(where: { $0 == "/" || $0 == "." }) else { return false }
        return unsafe access(place, F_OK) != 0
    }

    /// What is known once the file is read.
    struct End {
        /// Packets that the capturing machine lost; nil: it does not say.
        var dropped: UInt64?
        var remarks: [String]
    }

    /// Gives every packet of the file, until the end or an interruption.
    ///
    /// - Parameter pause: is called every so many packets.
    func read(
        every pause: () throws(TapError) -> Void = {}, _ body: (PacketFile.Frame, Span<UInt8>) -> Void
    ) throws(TapError) -> End {
        guard !mayBeInterface else {
            throw TapError(
                .notFound, name, "no such file, and no such interface", remedy: "'ip link' lists the interfaces")
        }
        var reader = try PacketFile(place)
        var count = 0
        while try reader.next(body) {
            count += 1
            guard count % 1_024 == 0 else { continue }
            try pause()
            guard Interruption.signal == nil else {
                throw TapError(.interrupted, name, "was interrupted", remedy: "it is not read to its end")
            }
        }
        return End(dropped: reader.dropped, remarks: reader.remarks)
    }

    /// What was heard on an interface.
    struct Heard {
        var survey: ClaimSurvey
        /// Packets that this machine lost.
        var lost: UInt64
        /// Why it ended before it was to.
        var failure: TapError?
    }

    /// Hears the interface until it is asked to end, its time is over, or it is gone. This process cannot send from then on.
    ///
    /// - Parameters:
    ///   - more: ports that Modbus servers listen on as well.
    ///   - message: takes each, as `PacketHearing` gives them, with the time of the packet that brought it.
    ///   - pause: is called often, after what was heard before it, with the time until when that was.
    func listen(
        ports more: Set<UInt16> = [], _ message: (Int, ModbusTCPMessage, Span<UInt8>, Timestamp) -> Void,
        lost: (PacketLoss) -> Void, each pause: (PacketHearing, Timestamp, StampClock) throws(TapError) -> Void
    ) throws(TapError) -> Heard {
        let clock = SystemClock()
        let interface = try HeardInterface(
            place, ring_bytes: (ring ?? 16) << 20, clock: clock, wall: RealtimeClock.domain)
        ExitStatus.say("tap: \(interface.name): only listens: the kernel kills this process if it sends")
        var survey = ClaimSurvey(ports: ports.isEmpty && !more.isEmpty ? more : modbusPorts.union(more))
        func take(_ time: Timestamp, _ length: Int, _ bytes: Span<UInt8>) {
            survey.take(bytes, length: length, link: .ethernet, at: time) { message($0, $1, $2, time) }
        }
        let end = duration.map { clock.now() + $0.value } ?? .distantFuture
        while Interruption.signal == nil, interface.failure == nil, clock.now() < end {
            interface.step(until: end, take, lost: lost)
            try pause(survey.hearing, interface.reached, interface.stamps)
        }
        interface.finish(take, lost: lost)
        let reached = interface.reached
        survey.finish { message($0, $1, $2, reached) }
        try pause(survey.hearing, reached, interface.stamps)
        return Heard(survey: survey, lost: interface.lost, failure: interface.failure)
    }
}
