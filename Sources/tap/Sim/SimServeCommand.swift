import ArgumentParser
import Glibc
import TapCommand
import TapConfig
import TapCore
import TapDriver
import TapFormats
import TapServe
import TapSession
import TapSim

struct SimServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve simulated ADC channels over IIOD, and a plant's registers over Modbus TCP.",
        usage: "tap sim serve <scenario> [<options>]",
        discussion: """
            Speaks IIOD's protocol, so that iio_info, iio_attr, iio_readdev and any other program on libiio 0.2x can \
            connect unchanged, including tap. Prints the libiio address on standard output when it accepts clients, \
            and protocol violations of clients on standard error. Ctrl-C ends it.

            Each buffer that a client opens is a separate stream. With --speed max it starts with the first scan and \
            runs as fast as the client reads, so all clients get the same bytes. Otherwise it starts with the current \
            scan, and a client that reads too slowly loses the newest scans, as with the kernel; the timestamps show \
            it. A client that does not read an answer for 2 s is disconnected.

            With --modbus the registers of the scenario's plant are served too: functions 1 to 4, each answer as the \
            plant would answer its HMI at that instant. Its address is a second line on standard output. Writes are \
            answered by an exception, unless the scenario lets an operator write: docs/serve.md.

            EXAMPLES
              tap sim serve boards/simulator.yaml
              tap sim serve boards/simulator.yaml --speed max --iiod 0
              tap sim serve scenarios/pump-station.yaml --iiod 0 --modbus 1502
              iio_readdev -u ip:127.0.0.1 -s 1000 plant >scans

            EXIT STATUS
              0    ended by Ctrl-C, SIGTERM or SIGHUP
              64   invalid command line
              65   the file is invalid, unreadable, or has no channels; with --modbus, no plant
              73   standard output cannot be written
              74   cannot listen on the address
              141  standard output was closed by its reader
            """)

    @Argument(
        help: ArgumentHelp("A scenario file, or the file of a simulated board.", valueName: "scenario"),
        completion: .wires)
    var file: String
    @Option(help: SeedArgument.help)
    var seed: SeedArgument?
    @Option(help: ArgumentHelp("The TCP port to listen on; 0: any free port.", valueName: "port"))
    var iiod = 30_431
    @Option(
        help: ArgumentHelp(
            "Serve the plant's registers on this TCP port; 0: any free port. Modbus's own is 502.", valueName: "port"))
    var modbus: Int?
    @Option(
        help: ArgumentHelp(
            "The address to listen on. There is no password: whoever can connect can use it.", valueName: "address"))
    var bind = "127.0.0.1"
    @Option(help: Speed.help)
    var speed = Speed.times(1)

    func validate() throws {
        guard (0...65_535).contains(iiod) else { throw ValidationError("--iiod takes a port, 0 to 65535, not \(iiod)") }
        guard let modbus else { return }
        guard (0...65_535).contains(modbus) else {
            throw ValidationError("--modbus takes a port, 0 to 65535, not \(modbus)")
        }
        guard case .times = speed else {
            throw ValidationError(
                "--modbus needs a --speed from 1 to 1000: registers are served as they are at an instant")
        }
    }

    func run() throws { do throws(TapError) { try serve() } catch { throw ExitStatus.report(error) } }

    private func serve() throws(TapError) {
        signal(SIGPIPE, SIG_IGN)
        // Before there is a thread of a server.
        Signals.holdInterrupts()
        let scenario = try CommandScenario.load(file, seed: seed)
        guard !scenario.converters.isEmpty else {
            throw TapError(.configuration, file, "has no channels to serve", remedy: "add some under 'converters'")
        }
        try ClientListener.check()
        let clock: PacedClock? =
            switch speed {
            case .max: nil
            case .times(let factor): PacedClock(SystemClock(), times: factor)
            }
        let iiodServer = IIODServer(
            SimScans(scenario), description: "tap \(Tap.version), simulated, \(scenario.name)", clock: clock,
            options: iiodOptions, say: SimServeCommand.say)
        defer { iiodServer.stop() }
        let modbusServer = try makeModbusServer(scenario, clock)
        defer { modbusServer?.stop() }
        // The wires begin now, not when the first client comes.
        _ = clock?.now()
        let port = try iiodServer.start()
        let modbusPort = try modbusServer?.start()
        for device in SimScans(scenario).devices {
            let rate = device.rate_hz.map { "\(Words.digits($0, 6)) scans/s" } ?? "no rate"
            SimServeCommand.say("\(device.name): \(device.channels.count) channels, \(rate)")
        }
        let host = bind.contains(":") ? "[\(bind)]" : bind
        try ExitStatus.print("ip:\(host):\(port)\n" + (modbusPort.map { "modbus-tcp:\(host):\($0)\n" } ?? ""))
        Signals.waitForInterrupt()
        if let counts = modbusServer?.counts {
            SimServeCommand.say("Modbus TCP: \(counts.served) connections, \(counts.turnedAway) rejected")
        }
        let counts = iiodServer.counts
        SimServeCommand.say(
            "\(counts.served) connections, \(counts.cutOff) disconnected, \(counts.turnedAway) rejected; scans dropped \(counts.refusals) times"
        )
    }

    private static let say: @Sendable (String) -> Void = { ExitStatus.say("tap: \($0)") }

    private var iiodOptions: IIODServer.Options {
        var options = IIODServer.Options()
        options.host = bind
        options.port = iiod
        return options
    }

    private func makeModbusServer(_ scenario: Scenario, _ clock: PacedClock?) throws(TapError) -> ModbusServer? {
        guard let modbus, let clock else { return nil }
        guard let registers = PlantRegisters(scenario) else {
            throw TapError(
                .configuration, file, "has no plant whose registers could be served",
                remedy: "leave out --modbus, or add one under 'plant'")
        }
        var options = ModbusServer.Options()
        options.host = bind
        options.port = modbus
        return ModbusServer(registers, clock: clock, options: options, say: SimServeCommand.say)
    }
}
