import CGpiod

/// The library behind the GPIO source.
public enum Gpiod {
    /// 2: libgpiod 2.x; 1: libgpiod 1.6; 0: built without.
    public static var interface: Int {
        Int(tap_gpiod_api())
    }

    /// Events carry numbers, so that a full kernel queue is counted.
    static var numbersEvents: Bool { interface >= 2 }

    /// The size of a kernel queue may be chosen; it is 16 events otherwise.
    static var choosesQueue: Bool { interface >= 2 }

    /// As "2.1.3"; empty if built without.
    public static var version: String {
        guard let words = unsafe tap_gpiod_version() else { return "" }
        return unsafe String(cString: words)
    }

    /// What the library that is linked cannot do, a sentence each.
    public static var limits: [String] {
        switch interface {
        case 2: []
        case 1:
            [
                "libgpiod \(version): events carry no sequence numbers, so a full kernel queue is not counted, only inferred from repeated directions",
                "libgpiod \(version): the kernel queue holds 16 events and drops the newest",
                "libgpiod \(version): no choice of event clock and no kernel debounce",
                "libgpiod \(version): a muted line is released, so its level is not polled while it is muted",
            ]
        default: ["built without libgpiod: no GPIO lines"]
        }
    }
}
