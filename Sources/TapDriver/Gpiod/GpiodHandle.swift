// All unsafe calls of the GPIO source: handles on the C interface, and the buffer that a read fills. It is sound
// because each handle owns its C object alone (`~Copyable`), frees it once, and every pointer that is passed on lives
// as long as the call.
#if Gpiod
    import CGpiod
    import CLinux
    import Glibc
    import TapCore

    /// An open chip: /dev/gpiochipN.
    @safe
    final class ChipHandle: @unchecked Sendable {
        private let chip: OpaquePointer
        let path: String
        let name: String
        let label: String
        let lines: Int

        /// - Throws: the errno.
        init(path: String) throws(Errno) {
            var opened: OpaquePointer?
            let status = unsafe tap_gpiod_chip_open(path, &opened)
            guard status == 0, let opened = unsafe opened else { throw Errno(-status) }
            unsafe chip = opened
            self.path = path
            var count: UInt32 = 0
            var name = [CChar](repeating: 0, count: 32)
            var label = name
            unsafe tap_gpiod_chip_describe(opened, &name, &label, &count)
            self.name = text(name)
            self.label = text(label)
            lines = Int(count)
        }

        deinit { unsafe tap_gpiod_chip_close(chip) }

        /// What the kernel says of a line; requests nothing.
        func describe(_ offset: Int) throws(Errno) -> KernelLine {
            var line = tap_gpiod_line()
            let status = unsafe tap_gpiod_line_describe(chip, UInt32(offset), &line)
            guard status == 0 else { throw Errno(-status) }
            return unsafe KernelLine(
                name: withUnsafeBytes(of: line.name) { unsafe text($0) },
                consumer: withUnsafeBytes(of: line.consumer) { unsafe text($0) },
                isUsed: line.used, isOutput: line.output, isActiveLow: line.active_low)
        }

        func request(_ offset: Int, _ options: LineOptions, isRealtime: Bool, queue: Int) throws(Errno)
            -> RequestHandle
        {
            var wanted = tap_gpiod_options()
            wanted.bias = UInt8(LineOptions.Bias.allCases.firstIndex(of: options.bias) ?? 0)
            wanted.edges =
                switch options.edges {
                case .rising: 1
                case .falling: 2
                case .both: 3
                }
            wanted.active_low = options.isActiveLow
            wanted.realtime = isRealtime
            wanted.debounce_us = UInt32(clamping: options.debounce.count / 1_000)
            wanted.queue = UInt32(queue)
            var request: OpaquePointer?
            let status = unsafe tap_gpiod_request(chip, UInt32(offset), &wanted, &request)
            guard status == 0, let request = unsafe request else { throw Errno(-status) }
            return unsafe RequestHandle(request)
        }
    }

    /// What the kernel says of a line that nobody has to request for it.
    struct KernelLine: Sendable, Hashable {
        var name: String
        var consumer: String
        var isUsed: Bool
        var isOutput: Bool
        var isActiveLow: Bool
    }

    /// One requested line; used on the capture thread only.
    @safe
    final class RequestHandle: RequestedLine, @unchecked Sendable {
        private let request: OpaquePointer
        let descriptor: Int32

        init(_ request: OpaquePointer) {
            unsafe self.request = unsafe request
            descriptor = unsafe tap_gpiod_descriptor(request)
        }

        deinit { unsafe tap_gpiod_release(request) }

        func level() throws(LineGone) -> Bool {
            let value = unsafe tap_gpiod_value(request)
            guard value >= 0 else { throw LineGone() }
            return value == 1
        }

        /// - Returns: false where the library cannot (1.6).
        func listen(_ isListening: Bool) throws(LineGone) -> Bool {
            let status = unsafe tap_gpiod_listen(request, isListening)
            if status == -EOPNOTSUPP { return false }
            guard status == 0 else { throw LineGone() }
            return true
        }

        func read(into events: inout MutableSpan<LineEvent>) throws(LineGone) -> Int {
            precondition(events.count >= TAP_GPIOD_BATCH && LineEvent.batch == TAP_GPIOD_BATCH)
            // A `LineEvent` is laid out as a tap_gpiod_event: both are a UInt64 and two UInt32.
            let count = unsafe events.withUnsafeMutableBytes { bytes in
                let events = unsafe bytes.baseAddress?.assumingMemoryBound(to: tap_gpiod_event.self)
                return unsafe tap_gpiod_read(request, events)
            }
            guard count >= 0 else { throw LineGone() }
            return Int(count)
        }
    }

    /// Which of many descriptors are readable. Level-triggered epoll(7).
    @safe
    final class Readiness: @unchecked Sendable {
        let descriptor: Int32
        private let ready: UnsafeMutablePointer<tap_ready>
        static let most = 64

        init() throws(Errno) {
            let epoll = tap_epoll_open()
            guard epoll >= 0 else { throw Errno(-epoll) }
            descriptor = epoll
            unsafe ready = .allocate(capacity: Readiness.most)
            unsafe ready.initialize(repeating: tap_ready(), count: Readiness.most)
        }

        deinit {
            close(descriptor)
            unsafe ready.deallocate()
        }

        func add(_ other: Int32, token: Int) throws(Errno) {
            let status = tap_epoll_add(descriptor, other, UInt32(token))
            guard status == 0 else { throw Errno(-status) }
        }

        func remove(_ other: Int32) { _ = tap_epoll_remove(descriptor, other) }

        /// Does not block. At most 64; what is left over is ready again at the next call.
        func poll() -> Int { Int(max(0, unsafe tap_epoll_ready(descriptor, ready, Int32(Readiness.most)))) }

        subscript(index: Int) -> ReadyLine {
            precondition(index >= 0 && index < Readiness.most)
            let line = unsafe ready[index]
            return ReadyLine(token: Int(line.token), hasEvents: line.readable, isGone: line.gone)
        }
    }
#endif
