public import ArgumentParser
public import TapConfig
public import TapCore
import TapSim

/// A seed on the command line.
public struct SeedArgument: ExpressibleByArgument {
    public var value: UInt64

    public init?(argument: String) {
        guard let value = UInt64(argument) else { return nil }
        self.value = value
    }

    public static let help = ArgumentHelp(
        "Draw other noise, jitter and chance: 0 to 18446744073709551615.", valueName: "n")
}

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
