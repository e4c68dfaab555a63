import TapConfig
import TapCore

/// Board files for commands: mistakes told as lines of their own, and the machine checked.
enum CommandBoard {
    static func load(_ path: String) throws(TapError) -> Board {
        do throws(ConfigurationErrors) { return try BoardFile.load(path: path) } catch {
            ExitStatus.say("\(error)")
            let count = error.mistakes.count + error.more
            throw TapError(
                .configuration, path, count == 1 ? "the mistake above" : "the \(count) mistakes above",
                remedy: "mend the file; nothing was opened")
        }
    }
}
