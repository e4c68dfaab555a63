public import ArgumentParser
public import TapCore

/// A length of time on the command line: a number and a unit, as 10s, 250ms or 1.5h.
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

    private static let units: [(String, Double)] = [
        ("ns", 1), ("us", 1e3), ("ms", 1e6), ("s", 1e9), ("min", 60e9), ("h", 3600e9), ("d", 86400e9),
    ]

    public init?(argument: String) {
        guard let read = DurationArgument.read(argument), read > .zero else { return nil }
        value = read
    }

    /// nil: it is no length of time; zero is one.
    static func read(_ argument: String) -> Nanoseconds? {
        let digits = argument.prefix { $0.isNumber || $0 == "." }
        let unit = argument.dropFirst(digits.count)
        guard let number = Double(String(digits)), let factor = units.first(where: { $0.0 == unit })?.1,
            number == 0 || number * factor >= 1, number * factor < 9e18
        else { return nil }
        return Nanoseconds(Int64((number * factor).rounded()))
    }
}

/// A time since the start on the command line: as a length of time, or zero.
public struct TimeArgument: ExpressibleByArgument {
    public var value: Nanoseconds

    public init?(argument: String) {
        guard let read = DurationArgument.read(argument) else { return nil }
        value = read
    }
}
