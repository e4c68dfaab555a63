import ArgumentParser
import TapClaims
import TapCommand
import TapCore
import TapDecode
import TapDriver
import TapFormats

struct ClaimsHearCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hear",
        abstract: "List the Modbus TCP messages of a capture of packets or an interface.",
        usage: "tap claims hear <file-or-interface> [<options>]",
        discussion: """
            Reads a file of packets (pcap or pcapng) and writes each message of Modbus TCP as a line: when, who to whom, \
            unit, function, addresses and values. A response has the addresses of its request; one to no request that was \
            heard says so, for what it speaks of is not known. Segments that were heard twice count once; after a hole, \
            reading begins again at the next whole frame. FILE may be - for standard input.

            Of an interface, as a mirror port, it lists messages as they come, until --for is over or Ctrl-C, then shows \
            on standard error what 'tap claims check' shows. Before the first packet is read the kernel is asked to kill \
            this process if it sends anything. Packets that the kernel had to drop are lines of their own: what was said \
            then is not known. Needs the capability CAP_NET_RAW, and an interface that is up.

            With --site it lists nothing, but makes claims of registers as the site file says, and hands them over to each \
            session that listens on the socket of its source ('from: {packets: eth1, socket: claims.sock}'): 'tap capture', \
            'record', 'run' or 'watch' of that site, before or after. It may be started again at any time; what is said \
            while it does not run is unknown.

            EXAMPLES
              tap claims hear plant.pcapng
              tap claims hear plant.pcap --format jsonl | jq 'select(.function == 6)'
              tap claims hear eth1 --for 10s --format jsonl
              tap claims hear eth1 --site plant-site.yaml

            EXIT STATUS
              0    done, also if something is lost or cannot be read
              64   invalid command line
              65   FILE is damaged, unreadable, or no capture of packets; the site
                   file hears nothing there for a session
              66   no such interface
              69   the interface is no Ethernet, or the kernel has no seccomp filters
              73   the output cannot be written
              74   the interface is down or went away; 64 sessions came and went
              77   permission denied
              130  stopped by Ctrl-C within a file (143: SIGTERM, 129: SIGHUP)
              141  the output was closed by its reader
            """)

    @OptionGroup var packets: PacketArguments
    @Option(
        help: ArgumentHelp(
            "Of an interface: hand claims of this site's sources over to sessions, instead of listing messages.",
            valueName: "file"))
    var site: String?
    @Option(help: "Output format: text or jsonl.")
    var format = DecodeCommand.Format.text

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try hear() } catch { throw ExitStatus.report(error) }
    }

    func validate() throws {
        guard site == nil || packets.isInterface || packets.mayBeInterface else {
            throw ValidationError("--site is of an interface: 'tap replay FILE --site SITE' makes claims of a file")
        }
    }

    private func hear() throws(TapError) {
        if let site { return try handOver(site) }
        let output = try OutputFile(nil, mayReplace: false, appears: .whenWhole)
        defer { output.abandon() }
        if packets.isInterface { try hearInterface(output) } else { try hearFile(output) }
        try output.commit()
    }

    private func hearFile(_ output: OutputFile) throws(TapError) {
        var lines = MessageLines(format)
        var hearing = PacketHearing(ports: packets.modbusPorts)
        var last = Timestamp.zero
        let end = try packets.read(every: { () throws(TapError) in try lines.write(to: output) }) { frame, bytes in
            last = max(last, frame.time)
            hearing.take(bytes, length: frame.length, link: frame.link, at: frame.time) { lines.take($0, $1, $2) }
            lines.make(of: hearing)
        }
        hearing.finish(at: last) { lines.take($0, $1, $2) }
        lines.make(of: hearing)
        try lines.write(to: output)
        for remark in end.remarks { ExitStatus.say("\(packets.name): \(remark)") }
    }

    private func hearInterface(_ output: OutputFile) throws(TapError) {
        var lines = MessageLines(format)
        var losses: [PacketLoss] = []
        let heard = try packets.listen(
            { number, message, frame, _ in lines.take(number, message, frame) }, lost: { losses.append($0) }
        ) {
            hearing, _, clock throws(TapError) in
            lines.make(of: hearing, by: clock)
            for loss in losses { lines.add(loss, by: clock) }
            losses.removeAll()
            try lines.write(to: output)
        }
        ExitStatus.say(heard.survey.text(of: packets.name, dropped: heard.lost).trimmedEnd)
        if let failure = heard.failure { throw failure }
    }

    /// Claims of a site's tags, for the sessions that listen for them.
    private func handOver(_ file: String) throws(TapError) {
        let site = try CommandSite.load(file)
        guard packets.isInterface else {
            throw TapError(.notFound, packets.name, "no such interface", remedy: "'ip link' lists them")
        }
        var handover = try ClaimHandover(site, interface: packets.place)
        ExitStatus.say("tap: hears \(handover.names) on \(packets.name)")
        let clock = SystemClock()
        let heard = try packets.listen(
            ports: handover.ports, { handover.take($0, $1, $2, at: $3) }, lost: { handover.take($0) }
        ) {
            hearing, reached, stamps throws(TapError) in
            handover.step(hearing, reached: reached, by: stamps, at: clock.now())
            for sentence in handover.takeSentences() { ExitStatus.say(sentence) }
            if let failure = handover.failure { throw failure }
        }
        ExitStatus.say(heard.survey.text(of: packets.name, dropped: heard.lost).trimmedEnd)
        if let failure = heard.failure { throw failure }
    }
}

extension String {
    /// Without the newline it ends with.
    fileprivate var trimmedEnd: String { hasSuffix("\n") ? String(dropLast()) : self }
}
