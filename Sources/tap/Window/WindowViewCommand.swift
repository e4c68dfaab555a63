import ArgumentParser
import Glibc
import TapCommand
import TapCore
import TapServe

struct WindowViewCommand: ParsableCommand {
    static let usual = "/run/tap/view"

    static let configuration = CommandConfiguration(
        commandName: "view",
        abstract: "Serve the window of a recorder that runs, in a process of its own.",
        usage: "tap window view [<socket>] [<options>]",
        discussion: """
            Has what it shows from 'tap run --view' or 'tap watch --view', over their socket, and serves the page and the API of \
            'tap watch --window'. It needs no key, and no user but one that may write to the \
            socket. Whatever becomes of it, what watches and records goes on. Where that does not answer for 2 s, nothing is \
            shown, and the page says that it is not current.

            With --site, the file that 'tap run' runs, it reads the store that the file names, and the timeline reaches back \
            to the record's begin, down to single edges. Summaries for it are made anew at each start, in a file in --cache \
            that has no name and goes with this process. They take up to a third of the store's size, and are not evidence.

            It can ask for what is shown, acknowledge incidents and add notes, with tokens that the other process checks; nothing \
            else. Where a service manager hands a socket to it, as systemd does for tap-window.socket, it listens on that.

            EXAMPLES
              tap window view /run/tap/view
              tap window view /run/tap/view --address 8170
              tap window view /run/tap/view --site /etc/tap/site.yaml

            EXIT STATUS
              0    ended by Ctrl-C or SIGTERM
              64   invalid command line
              65   invalid site file, or one without a store
              74   the address cannot be listened on
              77   permission denied
            """)

    @Argument(
        help: ArgumentHelp("The socket of what watches.", valueName: "socket"), completion: .file())
    var socket = WindowViewCommand.usual
    @Option(
        help: ArgumentHelp(
            "Where to serve it, default 127.0.0.1:8160; port 0: any that is free.", valueName: "address"))
    var address: WindowAddress?
    @Option(
        name: .customLong("window-name"),
        help: ArgumentHelp(
            "A name under which browsers may ask for it, as a proxy in front of it has one. May be repeated.",
            valueName: "name"))
    var names: [String] = []
    @Option(
        help: ArgumentHelp(
            "The site file that 'tap run' runs: its store is read for what is before the memory of that.",
            valueName: "file"),
        completion: .file(extensions: ["yaml"]))
    var site: String?
    @Option(
        help: ArgumentHelp(
            "Where summaries are made; default: tap in the user's folder for caches. Goes with --site.",
            valueName: "folder"),
        completion: .directory)
    var cache: String?
    @Flag(name: .quiet, help: "Print the address alone.")
    var quiet = false

    func validate() throws {
        try address?.check("--address")
        guard site != nil || cache == nil else { throw ValidationError("--cache goes with --site") }
    }

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try serve() } catch { throw ExitStatus.report(error) }
    }

    /// Blocks until it is to end.
    private func serve() throws(TapError) {
        let pipe = WakePipe()
        try pipe.check()
        try ClientListener.check()
        Signals.onInterrupt(pipe.wake)
        let handed = try WindowViewCommand.handed()
        if handed != nil, address != nil {
            throw TapError(
                .usage, "--address", "does not go with a socket that a service manager hands over",
                remedy: "leave it out, and name the address in the socket's unit")
        }
        let client = ViewClient(socket)
        defer { client.stop() }
        let follower = try site.map { site throws(TapError) in try made(site) }
        let past = follower.map { WindowPast(client.content, $0) }
        defer { past?.stop() }
        let server = try WindowDesk.serve(
            past?.content ?? client.content, handed ?? address ?? .usual, names, isQuiet: quiet,
            say: { ExitStatus.say($0) })
        defer { server.stop() }
        let following = try follower.map { follower throws(TapError) in try follower.start() }
        pipe.waitReadable()
        following?.stop()
    }

    private func made(_ site: String) throws(TapError) -> RecordFollower {
        guard let folder = cache ?? WindowShowCommand.usualCache else {
            throw TapError(.usage, "--cache", "is missing", remedy: "name a folder where summaries can be made")
        }
        let follower = RecordFollower(site: site, in: folder)
        try follower.check()
        return follower
    }

    /// The socket that a service manager has bound for this process, as sd_listen_fds(3) has it; nil: none.
    private static func handed() throws(TapError) -> WindowAddress? {
        func number(_ name: String) -> Int32? {
            guard let text = unsafe getenv(name) else { return nil }
            return Int32(unsafe String(cString: text))
        }
        guard number("LISTEN_PID") == getpid(), let count = number("LISTEN_FDS"), count > 0 else { return nil }
        guard count == 1 else {
            throw TapError(
                .usage, "the service manager", "hands over \(count) sockets",
                remedy: "name one address in the socket's unit")
        }
        return WindowAddress(.handed(descriptor: 3))
    }
}
