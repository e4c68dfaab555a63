import ArgumentParser
import TapClaims
import TapCommand
import TapCore
import TapDecode
import TapFormats

struct ClaimsHearCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hear",
        abstract: "List the Modbus TCP messages of a capture of packets.",
        usage: "tap claims hear <file> [<options>]",
        discussion: """
            Reads a file of packets (pcap or pcapng) and writes each message of Modbus TCP as a line: when, who to whom, \
            unit, function, addresses and values. A response has the addresses of its request; one to no request that was \
            heard says so, for what it speaks of is not known. Segments that were heard twice count once; after a hole, \
            reading begins again at the next whole frame. FILE may be - for standard input.

            EXAMPLES
              tap claims hear plant.pcapng
              tap claims hear plant.pcap --format jsonl | jq 'select(.function == 6)'

            EXIT STATUS
              0    done, also if something is lost or cannot be read
              64   invalid command line
              65   FILE is damaged, unreadable, or no capture of packets
              73   the output cannot be written
              77   permission denied
              130  stopped by Ctrl-C (143: SIGTERM, 129: SIGHUP)
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
        var text = ""
        var hearing = PacketHearing(ports: packets.modbusPorts)
        var last = Timestamp.zero
        var heard: [(Int, HeardMessage)] = []
        let end = try packets.read(every: { () throws(TapError) in
            try output.write(text)
            text.removeAll(keepingCapacity: true)
        }) { frame, bytes in
            last = max(last, frame.time)
            hearing.take(bytes, length: frame.length, link: frame.link, at: frame.time) { number, message, bytes in
                heard.append((number, HeardMessage(message, bytes)))
            }
            for (number, message) in heard {
                let connection = hearing.connections[number]
                text += (format == .text ? message.text(of: connection) : message.json(of: connection)) + "\n"
            }
            heard.removeAll(keepingCapacity: true)
        }
        hearing.finish(at: last) { heard.append(($0, HeardMessage($1, $2))) }
        for (number, message) in heard {
            let connection = hearing.connections[number]
            text += (format == .text ? message.text(of: connection) : message.json(of: connection)) + "\n"
        }
        try output.write(text)
        try output.commit()
        for remark in end.remarks { ExitStatus.say("\(packets.name): \(remark)") }
    }
}
