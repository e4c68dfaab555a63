import ArgumentParser
import TapCore

/// A length of time on the command line: a number and a unit, as 10s, 250ms or 1.5h.
struct DurationArgument: ExpressibleByArgument {
    var value: Nanoseconds

    private static let units: [(String, Double)] = [
        ("ns", 1), ("us", 1e3), ("ms", 1e6), ("s", 1e9), ("min", 60e9), ("h", 3600e9), ("d", 86400e9),
    ]

    init?(argument: String) {
        let digits = argument.prefix { $0.isNumber || $0 == "." }
        let unit = argument.dropFirst(digits.count)
        guard let number = Double(String(digits)), let factor = Self.units.first(where: { $0.0 == unit })?.1,
            number > 0, number * factor >= 1, number * factor < 9e18
        else { return nil }
        value = Nanoseconds(Int64((number * factor).rounded()))
    }
}
