import ArgumentParser
import TapCommand
import TapConfig
import TapCore
import TapSession

/// The wires that a command works on: a board's or a scenario's.
struct WiresOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The board file; those that come with tap are in boards/.", valueName: "file"),
        completion: .wires)
    var board: String?
    @Option(
        help: ArgumentHelp("A scenario file instead: simulated signals, marked as such.", valueName: "file"),
        completion: .wires)
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

    /// With the lines and channels that were named.
    ///
    /// - Parameters:
    ///   - profile: the file named for what tap-bench measured of the board; nil: the one beside the board's.
    ///   - isQuiet: a profile beside the board's file that is for another board is not reported.
    func plan(
        lines: [String], channels: [String], options: SessionOptions, profile: String?, isQuiet: Bool
    ) throws(TapError) -> SessionPlan {
        let found = try CommandProfile.find(named: profile, boardPath: board)
        guard let sim else {
            let path = board ?? ""
            let board = try CommandBoard.load(path)
            guard board.provenance != .simulated else {
                let scenario = try CommandScenario.load(path)
                return SessionPlan(
                    try scenario.selecting(lines: lines, channels: channels, of: board), options: options)
            }
            var options = options
            options.profile = CommandProfile.use(found, for: board) {
                // One that was asked for is not passed over in silence.
                if !isQuiet || profile != nil { ExitStatus.say($0) }
            }
            return try SessionPlan(board, lines: lines, channels: channels, options: options)
        }
        let scenario = try CommandScenario.load(sim, seed: seed)
        return SessionPlan(try scenario.selecting(lines: lines, channels: channels), options: options)
    }
}
