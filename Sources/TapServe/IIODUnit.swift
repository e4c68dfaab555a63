import TapCore

/// The kernel's type and unit for a unit of tap (Documentation/ABI/testing/sysfs-bus-iio).
struct IIODUnit {
    var type: String
    /// tap's unit times this is the kernel's.
    var factor: Double

    private static let table: [String: (String, Double)] = [
        "V": ("voltage", 1e3), "A": ("current", 1e3), "Ohm": ("resistance", 1), "W": ("power", 1e3), "J": ("energy", 1),
        "F": ("capacitance", 1e9), "S/m": ("electricalconductivity", 1), "T": ("magn", 1e4), "lx": ("illuminance", 1),
        "degC": ("temp", 1e3), "Pa": ("pressure", 1e-3), "bar": ("pressure", 1e2), "m": ("distance", 1),
        "m/s": ("velocity", 1), "m/s2": ("accel", 1), "rad": ("angl", 1), "rad/s": ("anglvel", 1), "pH": ("ph", 1),
    ]

    /// What the kernel has no type for is a count, scaled to tap's unit.
    init(_ unit: String) { (type, factor) = IIODUnit.table[unit] ?? ("count", 1) }
}
