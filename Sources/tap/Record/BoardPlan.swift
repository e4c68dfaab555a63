import TapCommand
import TapConfig
import TapCore
import TapSession

/// What is recorded of a board: named lines and channels of the machine, or of the scenario that a board stands for.
struct BoardPlan {
    let path: String
    let lines: [String]
    let channels: [String]

    /// - Parameter isQuiet: says nothing of a profile that does not fit.
    func plan(_ options: SessionOptions, isQuiet: Bool) throws(TapError) -> SessionPlan {
        var options = options
        let board = try CommandBoard.load(path)
        guard board.provenance != .simulated else {
            options.speed = .times(1)
            let scenario = try CommandScenario.load(path)
            return SessionPlan(
                try scenario.selecting(lines: lines, channels: channels, of: board), options: options)
        }
        options.profile = CommandProfile.use(try CommandProfile.find(named: nil, boardPath: path), for: board) {
            if !isQuiet { ExitStatus.say($0) }
        }
        return try SessionPlan(board, lines: lines, channels: channels, options: options)
    }
}
