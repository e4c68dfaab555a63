import ArgumentParser
import TapClaims
import TapCommand
import TapCore
import TapDecode
import TapFormats
import TapRecord

struct ClaimsCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Show what can be heard, and propose a register map.",
        usage: "tap claims check <file-or-interface> [<options>]",
        discussion: """
            Reads a file of packets (pcap or pcapng) to its end and lists the servers of Modbus TCP with what is asked of \
            them and how often, every master that writes, and everybody who speaks a protocol that tap does not read. \
            What is lost or not known begins with "!". A server listens on port 502 or one of --port. Connections that \
            were open before the capture began are read too, also where one direction is missing or each packet is there \
            twice. Memory use does not grow with the file. FILE may be - for standard input. An interface is heard until --for \
            is over or Ctrl-C, by a process that cannot send, as by 'tap claims hear'.

            With --line and --uart it reads a capture or a store of wires instead, one of which is a Modbus RTU bus, and \
            proposes a register map: which register or bit moves with which wire. "sure" means that no other wire of the \
            capture fits, nor chance. Then come claims for a site file, to be reviewed. An hour in which everything moved \
            at least twice shows most.

            EXAMPLES
              tap claims check plant.pcapng
              tap claims check plant.pcap --port 5020 --json | jq '.writes'
              tap claims check eth1 --for 10s
              tap claims check bus.vcd --line A --uart 19200,8e1

            EXIT STATUS
              0    done, also if something is lost or cannot be read
              64   invalid command line
              65   FILE is damaged, unreadable, or no capture of packets
                   (with --line: of wires)
              66   no such interface or line
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

    @Option(
        name: .line,
        help: ArgumentHelp(
            "Of a capture of wires: a line of its Modbus RTU bus; twice where each direction has its own.",
            valueName: "name"),
        completion: .lineNames)
    var lines: [String] = []
    @Option(help: ArgumentHelp("Speed and frame of --line, as 19200,8e1.", valueName: "format"))
    var uart: String?
    @OptionGroup var span: SpanArguments

    func validate() throws {
        guard lines.isEmpty == (uart == nil) else { throw ValidationError("--line and --uart go together") }
        guard lines.count <= 2 else { throw ValidationError("a bus has one line or two") }
        guard uart != nil || (span.from == nil && span.to == nil) else {
            throw ValidationError("--from and --to go with --line")
        }
    }

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try check() } catch { throw ExitStatus.report(error) }
    }

    private func check() throws(TapError) {
        if let uart { return try propose(uart) }
        guard packets.isInterface || CaptureInput.isPackets(packets.place) || !RecordStore.isStore(packets.place) else {
            throw TapError(
                .usage, packets.name, "is a store",
                remedy: "name the lines of its Modbus RTU bus with --line and --uart")
        }
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

    /// A register map, of what was heard on a bus beside the other wires.
    private func propose(_ format: String) throws(TapError) {
        let uart = try UARTFormat(format, subject: "--uart")
        guard uart.dataBits == 8 else {
            throw TapError(.usage, "--uart", "RTU has 8 data bits, not \(uart.dataBits)", remedy: "change --uart")
        }
        guard !packets.isInterface, !CaptureInput.isPackets(packets.place) else {
            throw TapError(
                .usage, packets.name, "has no lines", remedy: "name a capture or a store of wires, or leave --line out")
        }
        let span = try span.span(nil)
        var reader = try CaptureInput.open(packets.place, ReadOptions(), from: span.from, to: span.to)
        _ = try ReplaySelection(reader.header, lines: lines, channels: [])
        let bus = lines.compactMap { name in reader.header.lines.first { $0.name == name } }
        var survey = MapSurvey(reader.header, bus: bus, uart)
        var buffer = RecordBuffer()
        var isMore = true
        while isMore {
            isMore = try reader.read(into: &buffer)
            buffer.drain(into: &survey)
            guard Interruption.signal == nil else {
                throw TapError(.interrupted, packets.name, "was interrupted", remedy: "it is not read to its end")
            }
        }
        survey.finish(at: .zero)
        let proposal = survey.proposal()
        try ExitStatus.print(json ? proposal.json + "\n" : proposal.text(of: packets.name) + "\n" + proposal.site)
        for remark in reader.remarks { ExitStatus.say("\(packets.name): \(remark)") }
    }

    private func show(_ survey: ClaimSurvey, dropped: UInt64?) throws(TapError) {
        try ExitStatus.print(
            json ? survey.json(dropped: dropped) + "\n" : survey.text(of: packets.name, dropped: dropped))
    }
}
