import ArgumentParser
import TapCommand
import TapConfig
import TapCore
import TapFormats

struct SiteInitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a first site file from a board and from claims.",
        usage: "tap site init [--board <file>] [--given <file>] [<options>]",
        discussion: """
            Writes a site file to begin with: a signal for each line and channel of the board, a source with its tags for \
            whoever makes claims in --given, and rules that can be had from these alone: what is heard, silence, what is \
            frozen or comes again. FILL IN marks what a person must decide, in plain words. 'tap site check' accepts \
            the file as it is, and names what no rule watches yet.

            --given is what was heard while all was well, an hour of it or more: a capture or a store with claims, JSON Lines or \
            a table of a historian, or a capture of packets, of which each register that was read becomes a tag. How \
            often a source speaks, how long it is silent and how long a value stays the same are taken from it. It is \
            no proof that all was well: read what is written.

            Lines that the board uses for something else, and ADCs that it does not say are fitted, are left in comments.

            EXAMPLES
              tap site init --board boards/raspberry-pi-5.yaml --out first.yaml
              tap site init --board scenarios/pump-station.yaml --given plant \\
                --zone Europe/Berlin
              tap site init --given plant.pcapng

            EXIT STATUS
              0    done
              64   invalid command line
              65   invalid or unreadable board file or claims
              73   the file cannot be written, or exists
              77   permission denied
              130  stopped by Ctrl-C (143: SIGTERM, 129: SIGHUP)
              141  standard output was closed by its reader
            """)

    @Option(
        name: .board, help: ArgumentHelp("The board or scenario file whose wires the site has.", valueName: "file"),
        completion: .wires)
    var board: String?
    @Option(help: ArgumentHelp("Claims that were heard while all was well.", valueName: "file"), completion: .captures)
    var given: String?
    @Option(
        name: .customLong("port"),
        help: ArgumentHelp(
            "Of packets: a port that Modbus servers listen on; default: 502. May be repeated.", valueName: "port"))
    var ports: [UInt16] = []
    @Option(help: ArgumentHelp("The time zone of clocks in claims, as Europe/Berlin.", valueName: "zone"))
    var zone: String?
    @Option(
        name: .out, help: ArgumentHelp("The site file; default: standard output.", valueName: "file"),
        completion: .file())
    var out: String?
    @Flag(help: "Replace the file of --out if it exists, once what replaces it is whole.")
    var overwrite = false

    func validate() throws {
        guard board != nil || given != nil else {
            throw ValidationError("nothing to begin with: name a board with --board, claims with --given, or both")
        }
        if overwrite, out == nil { throw ValidationError("--overwrite goes with --out") }
    }

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try make() } catch { throw ExitStatus.report(error) }
    }

    private func make() throws(TapError) {
        let stem = (out ?? board ?? given ?? "").split(separator: "/").last.map { $0.prefix { $0 != "." } } ?? ""
        var draft = SiteDraft(name: String(stem))
        if let zone {
            _ = try ZoneRules(zone)
            draft.zone = zone
        }
        if let board {
            try CommandSite.add(board, to: &draft)
            draft.board = SitePath.of(board, from: out)
            draft.origins.append(board)
        }
        if let given {
            draft.sources = try SiteHearing(path: given, ports: ports, zone: draft.zone).sources()
            draft.origins.append(given == "-" ? "standard input" : given)
        }
        let output = try OutputFile(out, mayReplace: overwrite, appears: .whenWhole)
        try output.write(draft.text)
        try output.commit()
        if let out, output.isFile {
            ExitStatus.say(
                "made \(printable(out)): read it, fill in what is marked FILL IN, then run 'tap site check \(printable(out))'"
            )
        }
    }
}
