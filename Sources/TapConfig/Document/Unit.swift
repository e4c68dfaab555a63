import TapCore

/// Units of converted values, without prefixes: drivers' values are converted to these, and a prefix would let two
/// boards give the same quantity in different sizes.
enum Unit {
    /// SI, and what plants use beside it; `raw` for plain counts.
    static let known = [
        "V", "A", "Ohm", "W", "VA", "var", "J", "Wh", "Hz", "F", "H", "S", "S/m", "T", "lx", "K", "degC", "Pa", "bar",
        "m", "m/s", "m/s2", "m3/s", "m3/h", "l/min", "kg", "kg/h", "N", "Nm", "rad", "rad/s", "rpm", "s", "%", "pH",
        "mol/l",
        "raw",
    ]
    private static let usual = [
        "volt": "V", "volts": "V", "ampere": "A", "amperes": "A", "amp": "A", "amps": "A", "ohm": "Ohm", "ohms": "Ohm",
        "ω": "Ohm", "watt": "W", "watts": "W", "hertz": "Hz", "°c": "degC", "celsius": "degC", "kelvin": "K",
        "pascal": "Pa", "percent": "%", "count": "raw", "counts": "raw", "none": "raw", "1/min": "rpm",
        "l/m": "l/min", "lux": "lx",
    ]

    /// What was probably meant; nil: no idea.
    static func probable(for text: String) -> (unit: String, hasPrefix: Bool)? {
        let bare = String(text.dropFirst())
        if let prefix = text.first, "pnuµμmkMGcdh".contains(prefix), known.contains(bare), bare != "raw" {
            return (bare, true)
        }
        if let unit = usual[text.lowercased()] { return (unit, false) }
        return known.first { $0.lowercased() == text.lowercased() }.map { ($0, false) }
    }
}
