import ArgumentParser
import TapBroker
import TapCommand
import TapCore
import TapDriver
import TapSend

struct SendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send incidents and a heartbeat to an MQTT broker.",
        usage: "tap send [<socket>] --broker <host> [<options>]",
        discussion: """
            Has what it sends from 'tap run --view' or 'tap watch --view', over their socket, in a process of its own: the \
            recorder needs no network, and waits for no broker. It publishes under tap/ alone, subscribes to nothing, and \
            whatever the broker sends does nothing.

              tap/SITE/incident/N  what became of incident N, as 'tap watch' prints
                                   it in JSON Lines; retained, quality 1
              tap/SITE/heartbeat   every 10 s, only while the watch answers and goes
                                   on; not retained, quality 0
              tap/SITE/status      online, stopped, lost (by the broker, as last
                                   will), or silent since when and why; retained

            What waits for a broker that is away is sent later, up to 512 changes; what had no room is counted in each \
            heartbeat. At its start it sends the incidents that are open. docs/woken.md has the way to a telephone.

            EXAMPLES
              tap send --broker broker.example
              tap send /run/tap/view --broker broker.example --cafile ca.pem \\
                --login login.txt

            EXIT STATUS
              0    ended by Ctrl-C or SIGTERM
              64   invalid command line
              65   a file of the login or of TLS cannot be used
              69   libmosquitto is not on this machine
            """)

    @Argument(help: ArgumentHelp("The socket of what watches.", valueName: "socket"), completion: .file())
    var socket = WindowViewCommand.usual
    @Option(help: ArgumentHelp("The broker's name or IP address.", valueName: "host"))
    var broker: String
    @Option(help: ArgumentHelp("Its port, default 1883, with --cafile 8883.", valueName: "port"))
    var port: UInt16?
    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "What stands for SITE in topics, default the site's name, as the watch says it: then nothing is sent before "
                + "it has answered.", valueName: "name"))
    var site: String?
    @Option(help: ArgumentHelp("How often there is a heartbeat.", valueName: "time"))
    var every = DurationArgument(.seconds(10))
    @Option(
        name: .customLong("client-id"),
        help: ArgumentHelp(
            "By which the broker knows this process; default tap-HOST-PID.", valueName: "id"))
    var client: String?
    @Option(
        help: ArgumentHelp(
            "A file of two lines, a user and a password, that nobody else may read.", valueName: "file"),
        completion: .file())
    var login: String?
    @Option(
        help: ArgumentHelp(
            "Certificates of authorities, in PEM, by which the broker's is checked: TLS.", valueName: "file"),
        completion: .file())
    var cafile: String?
    @Option(
        help: ArgumentHelp("This client's certificate, in PEM; with --cafile and --key.", valueName: "file"),
        completion: .file())
    var cert: String?
    @Option(help: ArgumentHelp("Its key, in PEM, without a passphrase.", valueName: "file"), completion: .file())
    var key: String?

    func validate() throws {
        guard !broker.isEmpty, broker.utf8.count <= 255, broker.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) else {
            throw ValidationError("--broker: give a name or an IP address")
        }
        guard port != 0 else { throw ValidationError("--port: give one from 1 to 65535") }
        guard site.map({ SendTopic.Site($0) != nil }) ?? true else {
            throw ValidationError(
                "--as: '\(printable(site ?? "", longest: 80))' cannot stand in a topic: give at most \(SendTopic.Site.longest) "
                    + "letters, digits, '.', '_' or '-', and not spBv1.0")
        }
        guard every.value >= .seconds(1), every.value <= .seconds(3_600) else {
            throw ValidationError("--every: give 1 s to 1 h")
        }
        guard
            client.map({ (1...64).contains($0.utf8.count) && $0.utf8.allSatisfy { (0x21..<0x7F).contains($0) } })
                ?? true
        else { throw ValidationError("--client-id: give 1 to 64 visible characters of ASCII") }
        guard (cert == nil) == (key == nil) else { throw ValidationError("--cert and --key go together") }
        guard cafile != nil || cert == nil else { throw ValidationError("--cert goes with --cafile") }
    }

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try send() } catch { throw ExitStatus.report(error) }
    }

    /// Blocks until it is to end.
    private func send() throws(TapError) {
        try Sender.check()
        var broker = BrokerOptions(
            host: broker, port: port ?? (cafile == nil ? 1_883 : 8_883),
            client: client ?? BrokerOptions.usualClient("tap"))
        broker.login = try login.map { path throws(TapError) in try BrokerLogin(path: path) }
        broker.tls = cafile.map { BrokerOptions.TLS(authorities: $0, certificate: cert, key: key) }
        try broker.check()
        let sender = Sender(
            Sender.Options(
                socket: socket, broker: broker, site: site.flatMap { SendTopic.Site($0) }, every: every.value),
            clock: SystemClock(), date: RealtimeClock(), say: { ExitStatus.say($0) })
        Signals.onInterrupt(sender.end)
        try sender.run()
    }
}
