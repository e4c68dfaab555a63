import Glibc

/// Several lines in one request, straight through the kernel's interface (include/uapi/linux/gpio.h, version 2): what the
/// GPIO source never does, and the other program that holds a line.
final class RawRequest {
    struct Event: Hashable {
        var time_ns: UInt64
        var isRising: Bool
        var offset: Int
        var sequence: UInt32
        var lineSequence: UInt32
    }

    private var descriptor: Int32 = -1

    /// - Parameter isOutput: low outputs without events, instead of inputs with both edges.
    init(_ chip: String, _ offsets: [Int], consumer: String, queue: Int = 0, isOutput: Bool = false) throws {
        let file = unsafe open("/dev/\(chip)", O_RDWR | O_CLOEXEC)
        guard file >= 0 else { throw GpioSim.Failure(description: "open \(chip): errno \(errno)") }
        defer { close(file) }
        // struct gpio_v2_line_request, 592 bytes: offsets, consumer at 256, config at 288 (flags first),
        // num_lines at 560, event_buffer_size at 564, fd at 588.
        var request = [UInt8](repeating: 0, count: 592)
        func put(_ value: UInt32, at position: Int) {
            for byte in 0..<4 { request[position + byte] = UInt8(truncatingIfNeeded: value >> UInt32(8 * byte)) }
        }
        for (index, offset) in offsets.enumerated() { put(UInt32(offset), at: 4 * index) }
        for (index, byte) in consumer.utf8.prefix(31).enumerated() { request[256 + index] = byte }
        // GPIO_V2_LINE_FLAG_OUTPUT, or INPUT with EDGE_RISING and EDGE_FALLING.
        put(isOutput ? 1 << 3 : 1 << 2 | 1 << 4 | 1 << 5, at: 288)
        put(UInt32(offsets.count), at: 560)
        put(UInt32(queue), at: 564)
        // GPIO_V2_GET_LINE_IOCTL
        guard unsafe ioctl(file, 0xC250_B407, &request) == 0 else {
            throw GpioSim.Failure(description: "request of \(offsets): errno \(errno)")
        }
        descriptor = Int32(request[588]) | Int32(request[589]) << 8 | Int32(request[590]) << 16
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit { close(descriptor) }

    /// All events that wait.
    func read() -> [Event] {
        var events: [Event] = []
        // struct gpio_v2_line_event, 48 bytes.
        var bytes = [UInt8](repeating: 0, count: 48 * 64)
        while true {
            let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
            guard count > 0 else { return events }
            for start in stride(from: 0, to: count, by: 48) {
                func word(_ position: Int) -> UInt32 {
                    (0..<4).reduce(0) { $0 | UInt32(bytes[start + position + $1]) << UInt32(8 * $1) }
                }
                events.append(
                    Event(
                        time_ns: UInt64(word(0)) | UInt64(word(4)) << 32, isRising: word(8) == 1,
                        offset: Int(word(12)), sequence: word(16), lineSequence: word(20)))
            }
        }
    }
}
