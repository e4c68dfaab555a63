import ArgumentParser
import TapClaims
import TapCommand
import TapCore
import TapFormats

struct ClaimsCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Show what can be heard in a capture of packets.",
        usage: "tap claims check <file> [<options>]",
        discussion: """
            Reads a file of packets (pcap or pcapng) to its end and lists the servers of Modbus TCP with what is asked of \
            them and how often, every master that writes, and everybody who speaks a protocol that tap does not read. \
            What is lost or not known begins with "!". A server listens on port 502 or one of --port. Connections that \
            were open before the capture began are read too, also where one direction is missing or each packet is there \
            twice. Memory use does not grow with the file. FILE may be - for standard input.

            EXAMPLES
              tap claims check plant.pcapng
              tap claims check plant.pcap --port 5020 --json | jq '.writes'

            EXIT STATUS
              0    done, also if something is lost or cannot be read
              64   invalid command line
              65   FILE is damaged, unreadable, or no capture of packets
              73   standard output cannot be written
              77   permission denied
              130  stopped by Ctrl-C (143: SIGTERM, 129: SIGHUP)
              141  standard output was closed by its reader
            """)

    @OptionGroup var packets: PacketArguments
    @Flag(help: "Print one JSON object instead; docs/claims.md describes it.")
    var json = false

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) {
            var survey = ClaimSurvey(ports: packets.modbusPorts)
            let end = try packets.read { survey.take($1, length: $0.length, link: $0.link, at: $0.time) }
            survey.finish()
            try ExitStatus.print(
                json
                    ? survey.json(dropped: end.dropped) + "\n"
                    : survey.text(of: packets.name, dropped: end.dropped))
            for remark in end.remarks { ExitStatus.say("\(packets.name): \(remark)") }
        } catch { throw ExitStatus.report(error) }
    }
}
