/// Units that are multiples of one another.
package enum UnitFactor {
    private static let known: [String: (base: String, size: Double)] = [
        "A": ("A", 1), "mA": ("A", 1e-3), "V": ("V", 1), "mV": ("V", 1e-3), "kV": ("V", 1e3),
        "W": ("W", 1), "kW": ("W", 1e3), "Hz": ("Hz", 1), "kHz": ("Hz", 1e3), "1/min": ("Hz", 1 / 60),
        "rpm": ("Hz", 1 / 60), "m": ("m", 1), "cm": ("m", 1e-2), "mm": ("m", 1e-3), "km": ("m", 1e3),
        "m3": ("m3", 1), "l": ("m3", 1e-3), "m3/s": ("m3/s", 1), "m3/h": ("m3/s", 1 / 3_600),
        "l/s": ("m3/s", 1e-3), "l/min": ("m3/s", 1e-3 / 60), "Pa": ("Pa", 1), "kPa": ("Pa", 1e3),
        "MPa": ("Pa", 1e6), "mbar": ("Pa", 100), "bar": ("Pa", 1e5), "s": ("s", 1), "ms": ("s", 1e-3),
        "min": ("s", 60), "h": ("s", 3_600),
    ]

    /// What a number of `unit` is multiplied with to be one of `other`; nil: they are not of one kind.
    package static func factor(from unit: String, to other: String) -> Double? {
        if unit == other { return 1 }
        guard let from = known[unit], let to = known[other], from.base == to.base else { return nil }
        return from.size / to.size
    }
}
