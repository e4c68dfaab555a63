/// SI units of IIO channels.
///
/// After offset and scale the kernel gives milli-units for some types and others as they are
/// (Documentation/ABI/testing/sysfs-bus-iio, Linux 6.12; a type's name is the first part of the channel's ID).
public struct IIOUnit: Sendable, Hashable {
    /// As `V`; temperature is in `°C`, which the SI has beside the kelvin.
    public var symbol: String
    /// Kernel's unit times this is `symbol`'s.
    public var factor: Double

    init(_ symbol: String, _ factor: Double = 1) {
        self.symbol = symbol
        self.factor = factor
    }

    /// What is shown where no unit is known: the device's own numbers.
    public static let raw = IIOUnit("raw")

    private static let degree = 0.017_453_292_519_943_295

    private static let table: [String: IIOUnit] = [
        "accel": IIOUnit("m/s²"),
        "altvoltage": IIOUnit("V", 1e-3),  // millivolts
        "angl": IIOUnit("rad"),
        "anglvel": IIOUnit("rad/s"),
        "capacitance": IIOUnit("F", 1e-9),  // nanofarads
        "concentration": IIOUnit("1", 1e-2),  // percent
        "count": IIOUnit("1"),
        "current": IIOUnit("A", 1e-3),  // milliamps
        "deltaangl": IIOUnit("rad"),
        "deltavelocity": IIOUnit("m/s"),
        "distance": IIOUnit("m"),
        "electricalconductivity": IIOUnit("S/m"),
        "energy": IIOUnit("J"),
        "gravity": IIOUnit("m/s²"),
        "humidityrelative": IIOUnit("1", 1e-5),  // milli percent
        "illuminance": IIOUnit("lx"),
        "incli": IIOUnit("rad", degree),  // degrees
        "magn": IIOUnit("T", 1e-4),  // gauss
        "ph": IIOUnit("1"),
        "phase": IIOUnit("rad"),
        "positionrelative": IIOUnit("1", 1e-5),  // milli percent
        "power": IIOUnit("W", 1e-3),  // milliwatts
        "pressure": IIOUnit("Pa", 1e3),  // kilopascal
        "proximity": IIOUnit("m"),  // only where the device has a scale
        "resistance": IIOUnit("Ω"),
        "rot": IIOUnit("rad", degree),  // degrees
        "temp": IIOUnit("°C", 1e-3),  // milli degrees Celsius
        "timestamp": IIOUnit("s", 1e-9),  // nanoseconds
        "velocity": IIOUnit("m/s"),
        "voltage": IIOUnit("V", 1e-3),  // millivolts
    ]

    /// - Parameter channel: a channel's ID, as `voltage0`, `voltage1-voltage2`, `accel_x`.
    /// - Returns: nil for a type that the kernel gives no unit of the SI (intensity) or that is not known.
    public static func ofChannel(_ channel: String) -> IIOUnit? {
        if channel.contains("quaternion") { return IIOUnit("1") }
        return table[String(channel.prefix { $0.isASCII && $0.isLetter })]
    }
}
