import ArgumentParser
import TapClaims
import TapCommand
import TapCore
import TapFormats

struct ClaimsCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Show what can be heard in a capture of packets or on an interface.",
        usage: "tap claims check <file-or-interface> [<options>]",
        discussion: """
            Reads a file of packets (pcap or pcapng) to its end and lists the servers of Modbus TCP with what is asked of \
            them and how often, every master that writes, and everybody who speaks a protocol that tap does not read. \
            What is lost or not known begins with "!". A server listens on port 502 or one of --port. Connections that \
            were open before the capture began are read too, also where one direction is missing or each packet is there \
            twice. Memory use does not grow with the file. FILE may be - for standard input. An interface is heard until --for \
            is over or Ctrl-C, by a process that cannot send, as by 'tap claims hear'.

            EXAMPLES
              tap claims check plant.pcapng
              tap claims check plant.pcap --port 5020 --json | jq '.writes'
              tap claims check eth1 --for 10s

            EXIT STATUS
              0    done, also if something is lost or cannot be read
              64   invalid command line
              65   FILE is damaged, unreadable, or no capture of packets
              66   no such interface
              69   the interface is no Ethernet, or the kernel has no seccomp filters
              73   standard output cannot be written
              74   the interface is down or went away
              77   permission denied
              130  stopped by Ctrl-C within a file (143: SIGTERM, 129: SIGHUP)
              141  standard output was closed by its reader
            """)

    @OptionGroup var packets: PacketArguments
    @Flag(help: "Print one JSON object instead; docs/claims.md describes it.")
    var json = false

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try check() } catch { throw ExitStatus.report(error) }
    }

    private func check() throws(TapError) {
        guard !packets.isInterface else {
            let heard = try packets.listen({ _, _, _, _ in }, lost: { _ in }) { _, _, _ in }
            try show(heard.survey, dropped: heard.lost)
            if let failure = heard.failure { throw failure }
            return
        }
        var survey = ClaimSurvey(ports: packets.modbusPorts)
        let end = try packets.read { survey.take($1, length: $0.length, link: $0.link, at: $0.time) }
        survey.finish()
        try show(survey, dropped: end.dropped)
        for remark in end.remarks { ExitStatus.say("\(packets.name): \(remark)") }
    }

    private func show(_ survey: ClaimSurvey, dropped: UInt64?) throws(TapError) {
        try ExitStatus.print(
            json ? survey.json(dropped: dropped) + "\n" : survey.text(of: packets.name, dropped: dropped))
    }
}
