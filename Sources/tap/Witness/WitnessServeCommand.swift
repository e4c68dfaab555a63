import ArgumentParser
import Glibc
import TapCommand
import TapCore
import TapDriver
import TapRecord
import TapServe

struct WitnessServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Cosign checkpoints of other gateways' records.",
        usage: "tap witness serve <state> --log <vkey> [<options>]",
        discussion: """
            Speaks C2SP tlog-witness over HTTP: 'tap record cosign' on a gateway asks it, and so can any other log. Prints its \
            address on standard output when it accepts clients. What it has cosigned is on the medium before it answers. \
            There is no TLS: answers prove themselves. Ctrl-C ends it.

            It does not start where it has lost what it cosigned of a log: from then on it would cosign another history. Make a \
            new witness then, which has a new key.

            EXAMPLES
              tap witness serve witness --log press.vkey --listen 127.0.0.1:8377

            EXIT STATUS
              0    ended by Ctrl-C, SIGTERM or SIGHUP
              64   invalid command line
              65   a key cannot be read; it is no witness, or lost what it cosigned
              73   its directory or standard output cannot be written
              74   cannot listen on the address
              77   permission denied
            """)

    @Argument(help: "The directory that 'tap witness init' made.", completion: .directory)
    var state: String
    @Option(
        help: ArgumentHelp(
            "A log to witness: its verifier key, or a file of such keys, one on each line. May be given again.",
            valueName: "vkey"))
    var log: [String] = []
    @Option(
        help: ArgumentHelp(
            "Address and port to listen on; port 0: any free port. Whoever can connect can ask.",
            valueName: "address"))
    var listen = "127.0.0.1:8377"
    @Option(help: ArgumentHelp("Connections at once; more are rejected.", valueName: "number"))
    var connections = 256

    private var place: (host: String, port: Int)? {
        guard let colon = listen.lastIndex(of: ":"), let port = Int(listen[listen.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        var host = String(listen[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        return host.isEmpty ? nil : (host, port)
    }

    func validate() throws {
        guard !log.isEmpty else { throw ValidationError("--log is missing: name the logs to witness") }
        guard place != nil else {
            throw ValidationError("--listen takes an address and a port, as 127.0.0.1:8377, not '\(listen)'")
        }
        guard (1...10_000).contains(connections) else {
            throw ValidationError("--connections takes 1 to 10000, not \(connections)")
        }
    }

    func run() throws { do throws(TapError) { try serve() } catch { throw ExitStatus.report(error) } }

    private func serve() throws(TapError) {
        signal(SIGPIPE, SIG_IGN)
        // Before there is a thread of a server.
        Signals.holdInterrupts()
        var logs: [VerifierKey] = []
        for text in log { logs += try StoreArguments.keys(text, "--log") }
        try ClientListener.check()
        let witness = try Witness.open(state, logs: logs, clock: .system)
        var options = WitnessServer.Options()
        if let place { (options.host, options.port) = place }
        options.connections = connections
        let server = WitnessServer(witness, options: options) { ExitStatus.say("tap: \($0)") }
        defer { server.stop() }
        let port = try server.start()
        let host = options.host.contains(":") ? "[\(options.host)]" : options.host
        ExitStatus.say("tap: \(witness.key): witness of \(counted(Set(logs.map(\.name)).count, "log"))")
        try ExitStatus.print("http://\(host):\(port)\n")
        Signals.waitForInterrupt()
        ExitStatus.say("tap: \(server.counts.served) connections, \(server.counts.turnedAway) rejected")
    }
}
