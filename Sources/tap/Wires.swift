import ArgumentParser
import TapCommand
import TapConfig
import TapCore

/// What a session listens to.
enum Wires {
    /// Lines and channels of a board, by name.
    case board(Board, lines: [String], channels: [String])
    /// All lines and channels of a scenario.
    case scenario(Scenario)
    /// Those of a file that is replayed, by its own header.
    case recording(SessionHeader)

    var name: String {
        switch self {
        case .board(let board, _, _): board.name
        case .scenario(let scenario): scenario.name
        case .recording(let header): header.board
        }
    }

    /// Whether their times are those of this machine.
    var hasDate: Bool { if case .board(let board, _, _) = self { board.simulated == nil } else { false } }

    /// Of a scenario.
    var seed: UInt64? { if case .scenario(let scenario) = self { scenario.seed } else { nil } }
}

/// The wires that a command works on: a board's or a scenario's.
struct WiresOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The board file; 'ls boards' shows those that come with tap.", valueName: "file"))
    var board: String?
    @Option(
        help: ArgumentHelp("A scenario file instead: simulated wires, stamped as such.", valueName: "file"))
    var sim: String?
    @Option(help: SeedArgument.help)
    var seed: SeedArgument?

    func validate() throws {
        guard (board == nil) != (sim == nil) else {
            throw ValidationError(
                board == nil
                    ? "name a board file with --board, or a scenario with --sim"
                    : "--board and --sim exclude each other")
        }
        if seed != nil, sim == nil { throw ValidationError("--seed goes with --sim") }
    }

    /// As on the command line.
    var words: String { board.map { "--board \($0)" } ?? "--sim \(sim ?? "")" }

    func load(lines: [String], channels: [String]) throws(TapError) -> Wires {
        if let sim {
            return .scenario(try CommandScenario.load(sim, seed: seed).selecting(lines: lines, channels: channels))
        }
        return .board(try CommandBoard.load(board ?? ""), lines: lines, channels: channels)
    }
}
