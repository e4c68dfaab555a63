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
}
