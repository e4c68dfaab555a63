/// Units that site files write, with their exact size in the SI's base.
struct SiteUnit: Hashable {
    var dimension: Dimension
    /// Of the SI's base: numerator / denominator.
    var numerator: Int64
    var denominator: Int64
    /// 0 of it is 273.15 K.
    var isCelsius = false

    /// So many of it in the SI's base.
    func base(_ count: Double) -> Double {
        count * Double(numerator) / Double(denominator) + (isCelsius ? 273.15 : 0)
    }

    /// How many of it a size in the SI's base is.
    func count(_ base: Double) -> Double {
        (base - (isCelsius ? 273.15 : 0)) * Double(denominator) / Double(numerator)
    }

    /// As `mm`, `m3/h` or `l/min`; nil: not known.
    static func named(_ text: some StringProtocol) -> SiteUnit? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first.flatMap({ factor($0) }) else { return nil }
        guard parts.count == 2 else { return parts.count == 1 ? first : nil }
        guard let second = factor(parts[1]), !first.isCelsius, !second.isCelsius else { return nil }
        return SiteUnit(
            dimension: first.dimension / second.dimension, numerator: first.numerator * second.denominator,
            denominator: first.denominator * second.numerator)
    }

    /// An atom, or one with 2 or 3 behind it.
    private static func factor(_ text: Substring.SubSequence) -> SiteUnit? {
        if let atom = atoms[String(text)] { return atom }
        guard let exponent = text.last.flatMap({ $0 == "2" ? 2 : $0 == "3" ? 3 : nil }),
            let atom = atoms[String(text.dropLast())], !atom.isCelsius, atom.numerator <= 1_000,
            atom.denominator <= 1_000
        else { return nil }
        return SiteUnit(
            dimension: atom.dimension.power(exponent),
            numerator: exponent == 2
                ? atom.numerator * atom.numerator : atom.numerator * atom.numerator * atom.numerator,
            denominator: exponent == 2
                ? atom.denominator * atom.denominator : atom.denominator * atom.denominator * atom.denominator)
    }

    private static func factor(_ text: some StringProtocol) -> SiteUnit? { factor(Substring(String(text))) }

    /// What to write, for messages.
    static let examples = "mm, m, m/s, l, m3, m3/h, kg, ms, s, min, h, mA, A, V, kW, bar, mbar, degC, %, Hz, rpm"

    /// The one that was probably meant.
    static func probable(for text: String) -> String? {
        let same = atoms.keys.filter { $0.lowercased() == text.lowercased() }.sorted()
        if let only = same.first { return only }
        return words[text.lowercased()]
    }

    private static let words = [
        "sec": "s", "secs": "s", "second": "s", "seconds": "s", "mins": "min", "minute": "min", "minutes": "min",
        "hour": "h", "hours": "h", "hr": "h", "day": "d", "days": "d", "amp": "A", "amps": "A", "volt": "V",
        "volts": "V", "litre": "l", "litres": "l", "liter": "l", "liters": "l", "meter": "m", "metre": "m",
        "percent": "%", "°c": "degC", "celsius": "degC", "c": "degC", "ohm": "Ohm", "µm": "um", "m³/h": "m3/h",
        "m³": "m3", "m²": "m2", "cbm": "m3", "1/min": "rpm",
    ]

    private static let atoms: [String: SiteUnit] = {
        var atoms: [String: SiteUnit] = [:]
        func add(_ dimension: Dimension, _ sizes: [(String, Int64, Int64)]) {
            for (name, numerator, denominator) in sizes {
                atoms[name] = SiteUnit(dimension: dimension, numerator: numerator, denominator: denominator)
            }
        }
        func addScaled(_ dimension: Dimension, _ name: String, _ prefixes: String) {
            for prefix in prefixes {
                let size: (Int64, Int64) =
                    switch prefix {
                    case "u": (1, 1_000_000)
                    case "m": (1, 1_000)
                    case "k": (1_000, 1)
                    case "M": (1_000_000, 1)
                    default: (1, 1)
                    }
                add(dimension, [((prefix == "-" ? "" : String(prefix)) + name, size.0, size.1)])
            }
        }
        let volt = Dimension(m: 2, kg: 1, s: -3, A: -1)
        let ohm = Dimension(m: 2, kg: 1, s: -3, A: -2)
        let watt = Dimension(m: 2, kg: 1, s: -3)
        let joule = Dimension(m: 2, kg: 1, s: -2)
        let pascal = Dimension(m: -1, kg: 1, s: -2)
        let newton = Dimension(m: 1, kg: 1, s: -2)
        add(Dimension(m: 1), [("m", 1, 1), ("um", 1, 1_000_000), ("mm", 1, 1_000), ("cm", 1, 100), ("km", 1_000, 1)])
        add(Dimension(m: 3), [("l", 1, 1_000), ("ml", 1, 1_000_000)])
        add(Dimension(kg: 1), [("g", 1, 1_000), ("mg", 1, 1_000_000), ("kg", 1, 1), ("t", 1_000, 1)])
        add(
            .time,
            [
                ("ns", 1, 1_000_000_000), ("us", 1, 1_000_000), ("ms", 1, 1_000), ("s", 1, 1), ("min", 60, 1),
                ("h", 3_600, 1), ("d", 86_400, 1),
            ])
        addScaled(.current, "A", "um-k")
        addScaled(volt, "V", "um-k")
        addScaled(ohm, "Ohm", "m-kM")
        addScaled(watt, "W", "m-kM")
        addScaled(watt, "VA", "-kM")
        addScaled(watt, "var", "-kM")
        addScaled(joule, "J", "-kM")
        add(joule, [("Wh", 3_600, 1), ("kWh", 3_600_000, 1), ("MWh", 3_600_000_000, 1)])
        addScaled(pascal, "Pa", "-kM")
        add(pascal, [("hPa", 100, 1), ("bar", 100_000, 1), ("mbar", 100, 1)])
        addScaled(newton, "N", "-k")
        add(joule, [("Nm", 1, 1)])
        addScaled(Dimension(s: -1), "Hz", "m-kM")
        add(Dimension(s: -1), [("rpm", 1, 60)])
        addScaled(Dimension().power(1) / ohm, "S", "um-")
        add(Dimension(s: 1, A: 1) / volt, [("F", 1, 1), ("uF", 1, 1_000_000)])
        add(volt * Dimension(s: 1, A: -1), [("H", 1, 1), ("mH", 1, 1_000)])
        add(Dimension(kg: 1, s: -2, A: -1), [("T", 1, 1), ("mT", 1, 1_000)])
        add(Dimension(m: -2, cd: 1), [("lx", 1, 1)])
        add(Dimension(mol: 1), [("mol", 1, 1), ("mmol", 1, 1_000)])
        add(Dimension(pH: 1), [("pH", 1, 1)])
        add(.number, [("%", 1, 100), ("raw", 1, 1), ("rad", 1, 1)])
        add(.temperature, [("K", 1, 1)])
        atoms["degC"] = SiteUnit(dimension: .temperature, numerator: 1, denominator: 1, isCelsius: true)
        return atoms
    }()
}
