import ArgumentParser
import TapCommand
import TapConfig
import TapCore
import TapDoctor
import TapDriver
import TapFormats
import TapRecord

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check whether this machine can capture, and what to change.",
        usage: "tap doctor [<options>]",
        discussion: """
            Checks the GPIO chips and ADCs and their permissions, the libraries and their limits, the clock and queue \
            of edges, the kernel's real-time settings, time synchronisation, and the storage for captures. It only \
            reads: it requests no line, takes no sample and changes nothing.

            Each line is one of
              fine      no problem found
              degraded  tap works, but captures less, or with less certainty
              broken    tap cannot capture
              unknown   could not be checked; never counted as fine
            A check that is not fine gives the reason and a remedy, with lines to paste where possible. Run it as the \
            user who will run tap: permissions are checked for the current user.

            With --service it instead checks the service that records a site: whether it records now, its last sign \
            of life, which is in the record once a minute at least, and the newest ten times in which it recorded \
            nothing, each with the reason: stopped, paused, killed, hung (ended by the watchdog), restarted (power \
            cut or reset of the machine), cut (the record is on another machine now), medium or full. It reads the \
            record, so the machine that looks need not be the one that recorded.

            EXAMPLES
              tap doctor
              tap doctor --board boards/raspberry-pi-4b.yaml --storage /var/lib/tap
              tap doctor --board press-line-3.yaml --profile measured.json
              tap doctor --service --site /etc/tap/site.yaml
              tap doctor --json | jq '.[] | select(.verdict != "fine")'

            EXIT STATUS
              0   no check is broken; some may be degraded or unknown
              1   at least one check is broken; with --service: nothing is recorded now
              64  invalid command line
              65  invalid board file, profile or site file, or no store
              73  standard output cannot be written
              77  permission denied
              141 standard output was closed by its reader
            """)

    @Option(
        name: .board,
        help: ArgumentHelp(
            "Also check that this machine is the one in this board file and has its chips and ADCs.",
            valueName: "file"),
        completion: .wires)
    var board: String?

    @Option(
        help: ArgumentHelp(
            "The profile that tap-bench measured; default: the board's NAME.profile.json, if it exists.",
            valueName: "file"),
        completion: .file(extensions: ["json"]))
    var profile: String?

    @Option(
        help: ArgumentHelp(
            "The directory for captures: its kind of storage and free space are checked.",
            valueName: "directory"),
        completion: .directory)
    var storage = "."

    @Flag(help: "Check the service that records a site instead.")
    var service = false

    @Option(
        help: ArgumentHelp("With --service: the site file.", valueName: "file"), completion: .file(extensions: ["yaml"])
    )
    var site = "/etc/tap/site.yaml"

    @Flag(help: "Print an array of {check, verdict, found, why, remedy} instead.")
    var json = false

    func run() throws {
        SessionArguments.prepareToPrint()
        let report: DoctorReport
        do throws(TapError) {
            report = DoctorReport(service ? try serviceChecks() : try machineChecks())
        } catch { throw ExitStatus.report(error) }
        do throws(TapError) {
            try ExitStatus.print(
                json ? rows(report.checks.map(\.json)) + "\n" : report.text(isColoured: Terminal.isColourWanted))
        } catch { throw ExitStatus.report(error) }
        if report.isBroken { throw ExitCode(1) }
    }

    private func machineChecks() throws(TapError) -> [DoctorCheck] {
        let found = try CommandProfile.find(named: profile, boardPath: board)
        let named = try board.map(CommandBoard.load)
        return Doctor(board: named, storage: storage, profile: found).examine()
    }

    private func serviceChecks() throws(TapError) -> [DoctorCheck] {
        guard let record = try CommandSite.load(site).record else {
            throw TapError(.configuration, site, "has no 'record'", remedy: "name a store")
        }
        let status = try RecordStore(record.store).status()
        return ServiceChecks(store: record.store, status: status, now: ClockFixSource.Readings.system.utc_ns()).checks
    }
}

extension DoctorCheck {
    fileprivate var json: String {
        JSON.object([
            ("check", JSON.string(check)), ("verdict", JSON.string(verdict.rawValue)),
            ("found", JSON.string(found)), ("why", JSON.string(why)), ("remedy", JSON.string(remedy)),
        ])
    }
}
