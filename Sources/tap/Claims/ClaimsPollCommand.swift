import ArgumentParser
import TapClaims
import TapCommand
import TapCore
import TapDecode
import TapDriver

struct ClaimsPollCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "poll",
        abstract: "Ask a Modbus TCP server for registers: not passive.",
        usage: "tap claims poll <server> --count <number> [<options>]",
        discussion: """
            Asks a server and writes each answer as a line: the time since the start, what was asked, the values. Only \
            this command, and a session of a site with 'poll', ask a device of the plant, and they can only read: \
            functions 1 to 4, one request at a time, no more than --budget a second. A server that is silent, or answers \
            with something other than Modbus TCP, is left alone for 1 s, then 2 s, up to a minute, and asked again. Needs \
            libmodbus (package libmodbus5).

            EXAMPLES
              tap claims poll modbus-tcp:127.0.0.1:1502 --count 19 --for 2s
              tap claims poll modbus-tcp:127.0.0.1:1502 --function 1 --count 5 --rounds 1

            EXIT STATUS
              0    done, and at least one answer came
              64   invalid command line
              65   the server's address or unit is invalid
              69   libmodbus is not installed
              73   the output cannot be written
              74   no answer came
              130  stopped by Ctrl-C (143: SIGTERM, 129: SIGHUP) before an answer came
              141  the output was closed by its reader
            """)

    @Argument(help: "modbus-tcp:ADDRESS[:PORT], the address in figures, IPv6 in brackets.", transform: Self.server)
    var server: PollServer
    @Option(
        help: ArgumentHelp("1 coils, 2 discrete inputs, 3 holding registers, 4 input registers.", valueName: "number"))
    var function: UInt8 = 3
    @Option(help: ArgumentHelp("The first, as in the frame: from 0.", valueName: "number"))
    var address: UInt16 = 0
    @Option(help: ArgumentHelp("How many; more than one answer holds are asked for in parts.", valueName: "number"))
    var count: UInt16
    @Option(help: ArgumentHelp("The server's unit.", valueName: "number"))
    var unit: UInt8 = 1
    @Option(help: ArgumentHelp("From one round of questions to the next.", valueName: "time"))
    var every = DurationArgument(.seconds(1))
    @Option(help: ArgumentHelp("Requests a second at most, 1 to 1000.", valueName: "number"))
    var budget = 10
    @Option(help: ArgumentHelp("How long connecting and each answer may take.", valueName: "time"))
    var timeout = DurationArgument(.seconds(1))
    @Option(help: ArgumentHelp("End after so many rounds, also those that a failure ended.", valueName: "number"))
    var rounds: Int?
    @Option(name: .customLong("for"), help: ArgumentHelp("End after this time.", valueName: "time"))
    var duration: DurationArgument?
    @Option(help: "Output format: text or jsonl.")
    var format = DecodeCommand.Format.text

    private static func server(_ text: String) throws -> PollServer {
        guard let server = PollServer(text) else {
            throw ValidationError("'\(printable(text))' is no server: write modbus-tcp:ADDRESS[:PORT]")
        }
        return server
    }

    func validate() throws {
        guard ModbusTable(rawValue: function) != nil else {
            throw ValidationError("--function takes 1 to 4, those that read, not \(function)")
        }
        guard count > 0, Int(address) + Int(count) <= 65_536 else {
            throw ValidationError(
                "--count takes 1 to \(65_536 - Int(address)) from address \(address) on, not \(count)")
        }
        guard (1...1_000).contains(budget) else { throw ValidationError("--budget takes 1 to 1000, not \(budget)") }
        guard rounds ?? 1 > 0 else { throw ValidationError("--rounds takes at least 1") }
    }

    func run() throws {
        SessionArguments.prepareToWrite()
        do throws(TapError) { try poll() } catch { throw ExitStatus.report(error) }
    }

    private var questions: [PollQuestion] {
        guard let table = ModbusTable(rawValue: function) else { return [] }
        let step = Int(table.maximumCount)
        return stride(from: 0, to: Int(count), by: step).compactMap {
            PollQuestion(table, address: address + UInt16($0), count: UInt16(min(step, Int(count) - $0)))
        }
    }

    private func poll() throws(TapError) {
        var server = server
        (server.unit, server.every, server.budget, server.timeout) = (unit, every.value, budget, timeout.value)
        let questions = questions
        let clock = PacedClock(SystemClock(), times: 1)
        let end = duration.map { clock.now() + $0.value } ?? .distantFuture
        let worker = PollWorker(server, questions, clock: clock)
        try worker.start()
        defer { worker.stop() }
        ExitStatus.say("tap: asks \(server) itself, \(budget) requests/s at most: this is not passive")
        var (answers, ended) = (0, 0)
        while Interruption.signal == nil, clock.now() < end, ended < rounds ?? .max {
            worker.wait(.milliseconds(50))
            for event in worker.take().events where ended < rounds ?? .max {
                try ExitStatus.print(
                    (format == .text ? event.text(server, questions) : event.json(server, questions)) + "\n")
                let question = event.question
                answers += question == nil ? 0 : 1
                ended += question == nil || question == questions.count - 1 ? 1 : 0
            }
        }
        guard answers == 0 else { return }
        guard Interruption.signal == nil else {
            throw TapError(.interrupted, "\(server)", "was interrupted", remedy: "no answer had come")
        }
        throw TapError(.device, "\(server)", "gave no answer", remedy: "check address, port and unit")
    }
}
