import CGpiod
public import TapCore

/// How lines are captured through libgpiod.
public struct GpiodOptions: Sendable {
    /// Stamp with CLOCK_REALTIME instead of CLOCK_MONOTONIC; needs libgpiod 2.x.
    public var isRealtime = false
    /// Events to ask each line's kernel queue to hold; the kernel caps it at 1,024 and rounds up to a power of two.
    public var queue = 1_024
    /// Levels are read again this often.
    public var rereadEvery = Nanoseconds.seconds(1)
    /// A line with more edges a second than this is muted for a while; nil: never.
    public var stormLimit_hz: Int? = 50_000
    /// How long a storm line is muted first; doubled each time it storms again at once.
    public var muteFor = Nanoseconds.seconds(1)
    /// What the chips must be: one that is something else is refused before any of its lines is requested. nil: anything.
    public var provenance: Provenance?
    /// Where chips are looked for.
    public var deviceDirectory = "/dev"

    public init() {}

    /// What the kernel makes of `queue` by its rule (drivers/gpio/gpiolib-cdev.c, linereq_create): no call tells.
    public var queueHeld: Int {
        var size = 1
        while size < min(max(queue, 1), 1_024) { size *= 2 }
        return size
    }
}

/// The library behind the GPIO source.
public enum Gpiod {
    /// 2: libgpiod 2.x; 1: libgpiod 1.6; 0: built without.
    public static var interface: Int {
        Int(tap_gpiod_api())
    }

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
