import TapCore

/// A request's queue of events in the kernel: full, it drops its oldest (drivers/gpio/gpiolib-cdev.c, linereq_put_event).
struct EventQueue: Sendable {
    private var events: [LineEvent]
    private var first = 0
    private(set) var count = 0
    private let mask: Int

    /// - Parameter asked: 0: the default.
    init(asked: Int, lines: Int = 1) {
        let size = EventQueue.capacity(asked: asked, lines: lines)
        events = Array(repeating: LineEvent(), count: size)
        mask = size - 1
    }

    var capacity: Int { events.count }

    /// By the kernel's rule (linereq_create, kfifo_alloc): 16 for each line by default, at most 1,024, rounded up to a
    /// power of two.
    static func capacity(asked: Int, lines: Int) -> Int {
        let wanted = asked == 0 ? 16 * lines : min(asked, 1_024)
        var size = 1
        while size < wanted { size *= 2 }
        return size
    }

    mutating func put(_ event: LineEvent) {
        if count > mask {
            first += 1
            count -= 1
        }
        events[(first + count) & mask] = event
        count += 1
    }

    /// - Returns: how many were taken into `target`, at most `most`.
    mutating func take(into target: inout MutableSpan<LineEvent>, atMost most: Int) -> Int {
        let taken = min(count, most, target.count)
        for index in 0..<taken { target[index] = events[(first + index) & mask] }
        first = (first + taken) & mask
        count -= taken
        return taken
    }
}
