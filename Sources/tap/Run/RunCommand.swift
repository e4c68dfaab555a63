import ArgumentParser
import TapCommand
import TapCore

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Record a site: what its file names, as the service does.",
        usage: "tap run <site> [<options>]",
        discussion: """
            Records the signals of a site file from its board into its store, until Ctrl-C or SIGTERM, which end the \
            segment and sign it. It is what the service tap.service runs, and it notifies a service manager that it is \
            ready and alive (sd_notify(3)). Make the store first, with 'tap record init'.

            Where the site has rules, they are watched, and each finding and incident is a line of the journal (of standard \
            error without systemd). What was recorded around each of the newest 32 incidents is pinned in the store. What the \
            next start must know is kept beside the store, as STORE.state. A watch that fails does not end the recording.

            With --view it gives what it sees to 'tap window view', which serves the page that 'tap watch' has, in a \
            process and as a user of its own: docs/window.md. With --window it serves the page itself, and reads its own store \
            for the timeline, with summaries in --cache. Neither can end the recording.

            SIGHUP reads the site file anew. Where the file has mistakes or cannot be opened, recording goes on as it was; \
            both are entered into the record.

            EXAMPLES
              tap run /etc/tap/site.yaml
              tap run /etc/tap/site.yaml --view /run/tap/view

            EXIT STATUS
              0    ended by Ctrl-C or SIGTERM, or --for is over
              64   invalid command line
              65   invalid or unreadable site or board file, or no store
              66   no such line, channel, chip or ADC
              67   the board file describes another machine
              69   not supported by the hardware, its driver or a library
              73   the store cannot be written
              74   a chip, ADC or remote host failed or did not answer
              75   a line or the store is in use
              77   permission denied
            """)

    @Argument(help: "The site file.", completion: .file())
    var site: String
    @Option(
        name: .length, help: ArgumentHelp("End after this time, as 10s or 2h. Default: never.", valueName: "duration"))
    var duration: DurationArgument?
    @Option(
        help: ArgumentHelp(
            "A socket to make, over which 'tap permit', 'shelve', 'approve' and 'incident' ask it.", valueName: "socket"
        ),
        completion: .file())
    var control: String?
    @OptionGroup var window: WindowArguments
    @Option(
        help: ArgumentHelp(
            "Where summaries for the window's timeline are made; default: tap in the user's folder for caches. Goes with --window.",
            valueName: "folder"),
        completion: .directory)
    var cache: String?

    @Flag(help: "Record nothing; enter how the service ended, for ExecStopPost= of systemd.")
    var ended = false

    func validate() throws {
        guard window.window != nil || cache == nil else { throw ValidationError("--cache goes with --window") }
    }

    func run() throws {
        SessionArguments.prepareToWrite()
        if ended {
            do throws(TapError) { return try ServiceEnding.enter(site: site) } catch {
                throw ExitStatus.report(error)
            }
        }
        Signals.holdHangups()
        do throws(TapError) {
            try SiteRun(
                path: site, duration: duration?.value, control: control, window: window,
                cache: cache ?? WindowShowCommand.usualCache
            ).run()
        } catch {
            throw ExitStatus.report(error)
        }
    }
}
