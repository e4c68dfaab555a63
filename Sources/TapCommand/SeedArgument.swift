public import ArgumentParser
import TapConfig
import TapCore
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
