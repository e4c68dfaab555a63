public import ArgumentParser
public import TapCore

/// A length of time on the command line: a number and a unit, as 10s, 250ms or 10m (`DurationText`).
public struct DurationArgument: ExpressibleByArgument {
    public var value: Nanoseconds

    public init(_ value: Nanoseconds) { self.value = value }

    /// In the largest unit of which it is a whole number.
    public var defaultValueDescription: String {
        for (unit, size) in [("s", Int64(1_000_000_000)), ("ms", 1_000_000), ("us", 1_000)]
        where value.count % size == 0 {
            return "\(value.count / size)\(unit)"
        }
        return "\(value.count)ns"
    }

    public init?(argument: String) {
        guard let read = try? DurationText.read(argument), read > .zero else { return nil }
        value = read
    }
}
