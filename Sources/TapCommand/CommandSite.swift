public import TapConfig
public import TapCore
import TapSim

/// Site files for commands: each mistake is reported in a line of its own.
public enum CommandSite {
    public static func load(_ path: String) throws(TapError) -> Site {
        do throws(ConfigurationErrors) { return try SiteFile.load(path: path, plants: Plants.all) } catch {
            throw CommandBoard.refusal(path, error)
        }
    }

    /// Adds what a board or scenario file has to a first site file.
    public static func add(_ board: String, to draft: inout SiteDraft) throws(TapError) {
        do throws(ConfigurationErrors) { try draft.add(board: board, plants: Plants.all) } catch {
            throw CommandBoard.refusal(board, error)
        }
    }
}
