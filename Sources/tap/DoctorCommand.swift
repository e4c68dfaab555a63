import ArgumentParser
import Glibc
import TapCommand
import TapCore
import TapDoctor
import TapDriver
import TapFormats

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Says what this machine can do as a witness, and what stands in the way.",
        usage: "tap doctor [<options>]",
        discussion: """
            Looks at the GPIO chips and ADCs, who may use them, the libraries and what they cannot do, the clock and \
            queue behind each edge, what the kernel lets a capture thread have, how well the time of day is known, \
            and where recordings would lie. It only reads: it requests no line, takes no sample and changes nothing.

            Each line is one of
              fine      nothing stands in the way
              degraded  tap works, and says less or less surely than it could
              broken    what tap is for cannot be done
              unknown   it could not be found out, which is never as good as fine
            and what is not fine says why and what to do, with the lines to paste where there are some. Run it as the \
            user who will run tap: permissions are those of whoever asks.

            EXAMPLES
              tap doctor
              tap doctor --board boards/raspberry-pi-4b.yaml --storage /var/lib/tap
              tap doctor --board press-line-3.yaml --profile measured.json
              tap doctor --json | jq '.[] | select(.verdict != "fine")'

            EXIT STATUS
              0   nothing is broken (some of it may be degraded or unknown)
              1   something is broken
              64  the command line makes no sense
              65  mistakes in the board file or the profile
            """)

    @Option(
        help: ArgumentHelp(
            "Also check that this machine is the one of this board file and has its chips and ADCs.",
            valueName: "file"),
        completion: .file(extensions: ["yaml"]))
    var board: String?

    @Option(
        help: ArgumentHelp(
            "What tap-bench measured of this board; else the board's NAME.profile.json, if it is there.",
            valueName: "file"),
        completion: .file(extensions: ["json"]))
    var profile: String?

    @Option(
        help: ArgumentHelp(
            "The directory where recordings are to lie; its kind of storage and its space are judged.",
            valueName: "directory"),
        completion: .directory)
    var storage = "."

    @Flag(help: "Print an array of {check, verdict, found, why, remedy} instead.")
    var json = false

    func run() throws {
        let report: DoctorReport
        do throws(TapError) {
            let found = try CommandProfile.find(named: profile, boardPath: board)
            let named = try board.map(CommandBoard.load)
            report = DoctorReport(Doctor(board: named, storage: storage, profile: found).examine())
        } catch { throw ExitStatus.tell(error) }
        if json {
            print(rows(report.checks.map(\.json)))
        } else {
            print(report.text(isColoured: isColourWanted), terminator: "")
        }
        if report.isBroken { throw ExitCode(1) }
    }

    /// On a terminal, unless NO_COLOR says no (no-color.org).
    private var isColourWanted: Bool {
        guard isatty(STDOUT_FILENO) == 1 else { return false }
        guard let word = unsafe getenv("NO_COLOR") else { return true }
        return unsafe word.pointee == 0
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
