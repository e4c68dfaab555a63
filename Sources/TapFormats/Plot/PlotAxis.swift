import TapCore

/// Round numbers within a range, and how they are written.
struct PlotAxis {
    private(set) var ticks: [(value: Double, text: String)] = []
    /// What the numbers are, as "s" or "ms after 12 s".
    private(set) var unit = ""

    private static let second = 1e9

    /// A time axis; values are nanoseconds.
    static func time(from: Nanoseconds, to: Nanoseconds, most: Int) -> PlotAxis {
        let (from, to) = (Double(from.count), Double(to.count))
        let span = to - from
        var axis = PlotAxis()
        let units: [(name: String, size: Double)] = [
            ("ns", 1), ("us", 1e3), ("ms", 1e6), ("s", second), ("min", 60 * second), ("h", 3_600 * second),
            ("d", 86_400 * second),
        ]
        // The largest unit of which the span has two or more; seconds stay until five minutes.
        let limits = [2e3, 2e6, 2e9, 300 * second, 3 * 3_600 * second, 3 * 86_400 * second]
        let unit = units[limits.firstIndex { span < $0 } ?? 6]
        let step = step(span / unit.size, most, unit.name) * unit.size
        if ["min", "h"].contains(unit.name), to >= 3_600 * second, step >= 60 * second {
            axis.unit = "h:min"
            axis.fill(from, to, step) { clock($0 / (60 * second)) }
            return axis
        }
        // Far from zero, small numbers are shown after a round one.
        var base = 0.0
        axis.unit = unit.name
        if from > 1_000 * step,
            let larger = units.first(where: { $0.size <= from && $0.size > unit.size && $0.size >= span })
        {
            base = (from / larger.size).rounded(.down) * larger.size
            axis.unit += " after \(Words.digits(base / larger.size, 12)) \(larger.name)"
        }
        axis.fill(from, to, step) { number(($0 - base) / unit.size, step / unit.size) }
        return axis
    }

    private mutating func fill(_ from: Double, _ to: Double, _ step: Double, _ text: (Double) -> String) {
        var value = (from / step).rounded(.up) * step
        while value <= to * (1 + 1e-12), ticks.count < 64 {
            ticks.append((value, text(value)))
            value += step
        }
    }

    /// Minutes as hours and minutes.
    private static func clock(_ minutes: Double) -> String {
        let whole = Int(minutes.rounded())
        return "\(whole / 60):\(whole % 60 < 10 ? "0" : "")\(whole % 60)"
    }

    /// A quantity's axis.
    static func quantity(from: Double, to: Double, most: Int) -> PlotAxis {
        var axis = PlotAxis()
        var step = decimalStep((to - from) / Double(most))
        // One number alone says nothing of the scale.
        if (to / step).rounded(.down) - (from / step).rounded(.up) < 1 {
            step = decimalStep((to - from) / Double(2 * most))
        }
        var value = (from / step).rounded(.up) * step
        while value <= to + step * 1e-9, axis.ticks.count < 32 {
            axis.ticks.append((value, number(value, step)))
            value += step
        }
        return axis
    }

    private static func step(_ span: Double, _ most: Int, _ unit: String) -> Double {
        let smallest = span / Double(most)
        let sexagesimal: [Double] =
            switch unit {
            case "min": [0.5, 1, 2, 5, 10, 15, 30, 60]
            case "h": [0.25, 0.5, 1, 2, 3, 6, 12, 24]
            default: []
            }
        return sexagesimal.first { $0 >= smallest } ?? decimalStep(smallest)
    }

    /// 1, 2 or 5 times a power of ten, not below `smallest`.
    private static func decimalStep(_ smallest: Double) -> Double {
        guard smallest > 0, smallest.isFinite else { return 1 }
        var power = 1.0
        while power > smallest { power /= 10 }
        while power * 10 <= smallest { power *= 10 }
        for factor in [1.0, 2, 5, 10] where factor * power >= smallest * (1 - 1e-9) { return factor * power }
        return power * 10
    }

    /// With as many decimals as the step has.
    static func number(_ value: Double, _ step: Double) -> String {
        var decimals = 0
        var rest = step
        while decimals < 12, (rest - rest.rounded()).magnitude > 1e-6 * step.magnitude + 1e-12 {
            rest *= 10
            decimals += 1
        }
        return fixed(value, decimals)
    }

    static func fixed(_ value: Double, _ decimals: Int) -> String {
        var power = 1.0
        for _ in 0..<decimals { power *= 10 }
        let scaled = (value.magnitude * power).rounded()
        guard scaled < 1e18 else { return "\(value)" }
        let whole = UInt64(scaled)
        let sign = value < 0 && whole > 0 ? "-" : ""
        guard decimals > 0 else { return sign + "\(whole)" }
        let digits = String(repeating: "0", count: max(0, decimals + 1 - "\(whole)".count)) + "\(whole)"
        return sign + digits.dropLast(decimals) + "." + digits.suffix(decimals)
    }
}
