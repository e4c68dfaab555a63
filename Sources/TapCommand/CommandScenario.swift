import ArgumentParser
public import TapConfig
public import TapCore
import TapSim

/// Scenario files for commands.
public enum CommandScenario {
    public static func load(_ path: String, seed: SeedArgument? = nil) throws(TapError) -> Scenario {
        do throws(ConfigurationErrors) {
            var scenario = try Scenario.load(path: path)
            if let seed { scenario.seed = seed.value }
            return scenario
        } catch {
            throw CommandBoard.refusal(path, error)
        }
    }
}
