import ArgumentParser
import TapCommand
import TapCore

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Witness a site: record what its file names, as the service does.",
        discussion: """
            Records the signals of a site file from its board into its store, until Ctrl-C or SIGTERM, which end the \
            segment and sign it. It is what the service tap.service runs, and it tells a service manager that it is ready \
            and alive (sd_notify(3)). Make the store first, with 'tap record init'.

            SIGHUP reads the site file anew. Where the file has mistakes or cannot be opened, recording goes on as it was; \
            both are entered into the record.

            EXAMPLES
              tap run /etc/tap/site.yaml

            \(ExitStatus.table)
            """)

    @Argument(help: "The site file.", completion: .file())
    var site: String
    @Option(
        name: .length, help: ArgumentHelp("End after this time, as 10s or 2h. Default: never.", valueName: "duration"))
    var duration: DurationArgument?

    func run() throws {
        SessionArguments.prepareToWrite()
        Signals.holdHangups()
        do throws(TapError) { try SiteRun(path: site, duration: duration?.value).run() } catch {
            throw ExitStatus.report(error)
        }
    }
}
