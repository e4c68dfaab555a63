import ArgumentParser
import TapClaims
import TapCommand
import TapCore
import TapDecode
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

            EXAMPLES
              tap claims hear plant.pcapng
              tap claims hear plant.pcap --format jsonl | jq 'select(.function == 6)'
              tap claims hear eth1 --for 10s --format jsonl

            EXIT STATUS
              0    done, also if something is lost or cannot be read
              64   invalid command line
              65   FILE is damaged, unreadable, or no capture of packets
              66   no such interface
              69   the interface is no Ethernet, or the kernel has no seccomp filters
              73   the output cannot be written
              74   the interface is down or went away
              77   permission denied
              130  stopped by Ctrl-C within a file (143: SIGTERM, 129: SIGHUP)
              141  the output was closed by its reader
            """)

    @OptionGroup var packets: PacketArguments
    @Option(help: "Output format: text or jsonl.")
    var format = DecodeCommand.Format.text

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try hear() } catch { throw ExitStatus.report(error) }
    }

    private func hear() throws(TapError) {
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
        let heard = try packets.listen({ lines.take($0, $1, $2) }, lost: { losses.append($0) }) {
            hearing, clock throws(TapError) in
            lines.make(of: hearing, by: clock)
            for loss in losses { lines.add(loss, by: clock) }
            losses.removeAll()
            try lines.write(to: output)
        }
        ExitStatus.say(heard.survey.text(of: packets.name, dropped: heard.lost).trimmedEnd)
        if let failure = heard.failure { throw failure }
    }
}

extension String {
    /// Without the newline it ends with.
    fileprivate var trimmedEnd: String { hasSuffix("\n") ? String(dropLast()) : self }
}
