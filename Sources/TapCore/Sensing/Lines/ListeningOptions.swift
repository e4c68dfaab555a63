/// How lines are listened to.
public struct ListeningOptions: Sendable, Hashable {
    /// Stamp with CLOCK_REALTIME instead of CLOCK_MONOTONIC; needs libgpiod 2.x.
    public var isRealtime = false
    /// Events to ask each line's kernel queue to hold; the kernel caps it at 1,024 and rounds up to a power of two.
    public var queue = ListeningOptions.queueSizes.upperBound
    public static let queueSizes = 1...1_024
    /// Levels are read again this often.
    public var rereadEvery = Nanoseconds.seconds(1)
    /// A line with more edges a second than this is muted for a while; nil: never.
    public var stormLimit_hz: Int? = 50_000
    /// How long a storm line is muted first; doubled each time it storms again at once.
    public var muteFor = Nanoseconds.seconds(1)
    /// What the chips must be: one that is something else is refused before any of its lines is requested. nil: anything.
    public var provenance: Provenance?

    public init() {}

    /// What the kernel makes of `queue` by its rule (drivers/gpio/gpiolib-cdev.c, linereq_create): no call returns it.
    public var queueHeld: Int {
        var size = 1
        while size < min(max(queue, 1), ListeningOptions.queueSizes.upperBound) { size *= 2 }
        return size
    }
}
