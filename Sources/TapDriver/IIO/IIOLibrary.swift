import CIIO

#if IIO
    import CLinux
    import Glibc
    import Synchronization
    import TapCore
#endif

/// The libiio that this program was built with.
public enum IIOLibrary {
    /// As "0.24 (v0.24)"; nil: built without the trait IIO.
    public static var version: String? {
        var major: UInt32 = 0
        var minor: UInt32 = 0
        var tag = [CChar](repeating: 0, count: 8)
        guard unsafe tap_iio_library(&major, &minor, &tag) == 0 else { return nil }
        let text = String(decoding: tag.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "\(major).\(minor) (\(text))"
    }
}

#if IIO

    // The one file of this folder that is not memory-safe. What makes it sound: a context's pointer lives from `init` to
    // `close`, after which `cancel` and `close` do nothing and every other method traps; what libiio owns, strings and the
    // bytes of a refill, is copied at once.

    /// A channel as a context describes it.
    struct IIOChannel: Sendable, Hashable {
        var number: Int
        var id: String
        var name: String?
        var isOutput: Bool
        var isScannable: Bool
        /// Place in a scan; channels of one index share it.
        var index: Int
        /// nil: not one that is known (`formatText` says what the context says).
        var format: ScanFormat?
        var formatText: String
        var scale: Double?
    }

    /// A way to a remote IIOD that lets nothing pass by which it could overrun libiio's buffers: see tap_iio_guard.c. Goes
    /// away with its value.
    @safe
    final class IIOGuard: @unchecked Sendable {
        private let handle: OpaquePointer
        /// Where libiio finds it.
        let uri: String

        init(_ host: IIOHost) throws(Errno) {
            var opened: OpaquePointer?
            var port: UInt16 = 0
            let status = unsafe tap_iio_guard_open(host.host, host.port, &opened, &port)
            guard status == 0, let opened = unsafe opened else { throw Errno(-status) }
            unsafe handle = opened
            uri = "ip:127.0.0.1:\(port)"
        }

        deinit { unsafe tap_iio_guard_close(handle) }
    }

    /// A libiio context. Used by one thread at a time, but for `cancel`.
    @safe
    final class IIOContext: @unchecked Sendable {
        private let handle: OpaquePointer
        /// Closed after the context.
        private let guardian: IIOGuard?
        /// Cleared before the handle is freed, and held by whoever cancels.
        private let isOpen = Mutex(true)

        private var open: OpaquePointer {
            precondition(isOpen.withLock { $0 }, "a context used after it was closed")
            return unsafe handle
        }

        /// - Parameter guardian: what `uri` leads through.
        init(uri: String, behind guardian: IIOGuard? = nil) throws(Errno) {
            self.guardian = guardian
            var opened: OpaquePointer?
            let status = unsafe tap_iio_open(uri, &opened)
            guard status == 0, let opened = unsafe opened else { throw Errno(-status) }
            unsafe handle = opened
        }

        deinit { close() }

        /// Closes buffer and context; safe to repeat. May block like a read over the network.
        func close() {
            let wasOpen = isOpen.withLock { isOpen in
                defer { isOpen = false }
                return isOpen
            }
            if wasOpen { unsafe tap_iio_close(handle) }
        }

        /// See `tap_iio_cancel`; from any thread, at any time.
        func cancel() { isOpen.withLock { if $0 { unsafe tap_iio_cancel(handle) } } }

        func setTimeout(_ timeout: Nanoseconds) throws(Errno) {
            let timeout_ms = UInt32(clamping: max(1, timeout.count / 1_000_000))
            try check(unsafe tap_iio_set_timeout(open, timeout_ms))
        }

        var backend: String { unsafe String(cString: tap_iio_backend(open)) }
        var deviceCount: Int { Int(unsafe tap_iio_device_count(open)) }
        /// What the context says of itself; nil: nothing of that name.
        func attribute(_ name: String) -> String? { unsafe copied(tap_iio_context_attribute(open, name)) }
        func isTrigger(_ device: Int) -> Bool { unsafe tap_iio_is_trigger(open, UInt32(device)) }
        func id(of device: Int) -> String { unsafe copied(tap_iio_device_id(open, UInt32(device))) ?? "" }
        func name(of device: Int) -> String? { unsafe copied(tap_iio_device_name(open, UInt32(device))) }
        func label(of device: Int) -> String? { unsafe copied(tap_iio_device_label(open, UInt32(device))) }

        func channels(of device: Int) -> [IIOChannel] {
            (0..<Int(unsafe tap_iio_channel_count(open, UInt32(device)))).map { channel(device, $0) }
        }

        private func channel(_ device: Int, _ number: Int) -> IIOChannel {
            let found = unsafe tap_iio_channel_at(open, UInt32(device), UInt32(number))
            let times = unsafe found.repeats == 1 ? "" : "X\(found.repeats)"
            let order = unsafe "\(found.is_big_endian ? "be" : "le"):\(found.is_signed ? "s" : "u")"
            let text = unsafe "\(order)\(found.bits)/\(found.storage_bits)\(times)>>\(found.shift)"
            return unsafe IIOChannel(
                number: number, id: copied(found.id) ?? "", name: copied(found.name), isOutput: found.is_output,
                isScannable: found.is_scannable && found.index >= 0, index: found.index, format: ScanFormat(text),
                formatText: text, scale: found.has_scale ? found.scale : nil)
        }

        func enable(_ channel: Int, of device: Int) { unsafe tap_iio_enable(open, UInt32(device), UInt32(channel)) }

        /// Bytes of a scan as this libiio counts them: 0.24 leaves out the padding at its end.
        func sampleSize(of device: Int) throws(Errno) -> Int {
            let size = unsafe tap_iio_sample_size(open, UInt32(device))
            guard size > 0 else { throw size == 0 ? .invalid : Errno(Int32(-size)) }
            return size
        }

        /// - Parameter channel: nil: an attribute of the device itself.
        func has(_ attribute: String, _ device: Int, _ channel: Int?) -> Bool {
            unsafe tap_iio_has(open, UInt32(device), Int32(channel ?? -1), attribute)
        }

        func read(_ attribute: String, _ device: Int, _ channel: Int?) throws(Errno) -> String {
            var text = [CChar](repeating: 0, count: 1024)
            try check(
                unsafe tap_iio_read(open, UInt32(device), Int32(channel ?? -1), attribute, &text, text.count))
            return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }

        func write(_ attribute: String, _ device: Int, _ channel: Int?, _ value: String) throws(Errno) {
            try check(unsafe tap_iio_write(open, UInt32(device), Int32(channel ?? -1), attribute, value))
        }

        /// nil: none is set.
        func trigger(of device: Int) throws(Errno) -> Int? {
            let trigger = unsafe tap_iio_trigger(open, UInt32(device))
            // libiio 0.24 reads an empty attribute, which is how the kernel says "none", as EIO.
            if trigger == -ENOENT || trigger == -EIO { return nil }
            try check(trigger)
            return Int(trigger)
        }

        func setTrigger(of device: Int, to trigger: Int?) throws(Errno) {
            try check(unsafe tap_iio_set_trigger(open, UInt32(device), Int32(trigger ?? -1)))
        }

        func openBuffer(of device: Int, scans: Int, kernelBuffers: Int) throws(Errno) {
            try check(unsafe tap_iio_buffer_open(open, UInt32(device), scans, UInt32(kernelBuffers)))
        }

        func closeBuffer() { unsafe tap_iio_buffer_close(open) }

        /// For poll(2); from here on `refill` does not block. nil: this backend has none.
        func bufferDescriptor() throws(Errno) -> Int32? {
            let descriptor = unsafe tap_iio_buffer_fd(open)
            if descriptor == -ENOSYS { return nil }
            try check(descriptor)
            return descriptor
        }

        /// Fills the buffer and appends what came to `bytes`.
        ///
        /// - Returns: bytes from a scan to the next.
        func refill(into bytes: inout [UInt8]) throws(Errno) -> Int {
            var start: UnsafeRawPointer?
            var step = 0
            let count = unsafe tap_iio_refill(open, &start, &step)
            guard count >= 0 else { throw Errno(Int32(-count)) }
            unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count))
            return step
        }

        /// Where in a scan of the last refill an enabled channel begins.
        func offset(of channel: Int, of device: Int) -> Int {
            unsafe tap_iio_offset(open, UInt32(device), UInt32(channel))
        }

        private func check(_ status: Int32) throws(Errno) { if status < 0 { throw Errno(-status) } }

        private func copied(_ text: UnsafePointer<CChar>?) -> String? {
            guard let text = unsafe text else { return nil }
            return unsafe String(cString: text)
        }
    }

    extension [UInt8] {
        /// Lends the bytes to `body`. Sound: every byte of an array of bytes is initialised.
        func withRaw(_ body: (RawSpan) -> Void) { unsafe withUnsafeBytes { unsafe body($0.bytes) } }
    }

    /// What sysfs says of local devices.
    enum IIOSysfs {
        static func isCapturing(_ deviceID: String) -> Bool { unsafe tap_iio_is_capturing(deviceID) == 1 }
        static func isEmulated(_ deviceID: String) -> Bool { unsafe tap_iio_is_emulated(deviceID) }
    }

    /// Keeps the calling thread from being ended by SIGPIPE.
    func blockBrokenPipeSignal() { tap_iio_block_sigpipe() }

    /// Asks whether an IIOD listens; see `tap_iio_probe`.
    func probeIIOD(host: String, port: String, timeout: Nanoseconds) throws(Errno) {
        let timeout_ms = UInt32(clamping: max(1, timeout.count / 1_000_000))
        let status = unsafe tap_iio_probe(host, port, timeout_ms)
        guard status == 0 else { throw Errno(-status) }
    }
#endif
