import ArgumentParser
import TapCommand
import TapCore
import TapFormats

/// Samples a second on the command line, as 4MHz or 500.
struct RateArgument: ExpressibleByArgument {
    let hertz: UInt64

    init?(argument: String) {
        guard let hertz = SampleRate.hertz(argument), hertz <= 1_000_000_000 else { return nil }
        self.hertz = hertz
    }
}
