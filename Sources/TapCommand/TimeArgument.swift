public import ArgumentParser
public import TapCore

/// A time since the start on the command line: as a length of time, or zero.
public struct TimeArgument: ExpressibleByArgument {
    public var value: Nanoseconds

    public init?(argument: String) {
        guard let read = try? DurationText.read(argument) else { return nil }
        value = read
    }
}
