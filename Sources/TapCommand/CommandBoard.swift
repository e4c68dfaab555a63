import TapConfig
public import TapCore
import TapSim

/// Board files for commands: each mistake is reported in a line of its own.
public enum CommandBoard {
    public static func load(_ path: String) throws(TapError) -> Board {
        do throws(ConfigurationErrors) { return try BoardFile.load(path: path, plants: Plants.all) } catch {
            throw refusal(path, error)
        }
    }

    /// One mistake as it is; several are reported here, each in its line.
    static func refusal(_ path: String, _ error: ConfigurationErrors) -> TapError {
        let count = error.mistakes.count + error.more
        if count == 1, let mistake = error.mistakes.first {
            let place = mistake.position.map { ":\($0.line):\($0.column)" } ?? ""
            return TapError(
                .configuration, "\(path.isEmpty ? "''" : path)\(place)",
                mistake.what + (mistake.why.isEmpty ? "" : ", \(mistake.why)"), remedy: mistake.remedy)
        }
        ExitStatus.say("\(error)")
        return TapError(
            .configuration, path, "the \(count) mistakes above", remedy: "correct the file; nothing was opened")
    }
}
