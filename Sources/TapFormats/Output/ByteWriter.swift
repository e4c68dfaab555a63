public import TapCore

/// Bytes on their way to an output, gathered in a fixed buffer, with the place where each record ends.
///
/// If a write fails, what was written of the last, torn record is cut off where the output can, so that it ends with a
/// whole record. All unsafe code of the module is here: the buffer is allocated once, every append checks its
/// bound, and pointers are used only within a call.
@safe
public struct ByteWriter: ~Copyable, @unchecked Sendable {
    private let base: UnsafeMutablePointer<UInt8>
    private var count = 0
    private let output: any ByteOutput
    /// Records that end within the buffer: how far, and their time.
    private var marks: [(end: Int, time: Timestamp)] = []
    /// Where the output stands, and where its last whole record ends; nil where nothing can be taken back.
    private var written: UInt64?
    private var whole: UInt64 = 0
    /// The time of the last record that is whole in the output.
    public private(set) var lastWhole: Timestamp?
    /// The first failure; everything after it is dropped.
    public private(set) var failure: TapError?

    private static let capacity = 1 << 17
    private static let flushAt = capacity / 2

    public init(_ output: any ByteOutput) {
        self.output = output
        unsafe base = .allocate(capacity: ByteWriter.capacity)
        written = output.position
        whole = written ?? 0
        marks.reserveCapacity(4_096)
    }

    deinit { unsafe base.deallocate() }

    /// What fills the buffer without an `endRecord` is written: a record may be of any length.
    @inline(__always)
    mutating func append(_ byte: UInt8) {
        if count == ByteWriter.capacity { flush() }
        unsafe base[count] = byte
        count += 1
    }

    /// Any length; in pieces where the buffer is too short.
    @inline(__always)
    mutating func append(_ bytes: [UInt8]) {
        if count + bytes.count > ByteWriter.capacity {
            flush()
            if bytes.count > ByteWriter.capacity { return appendSingly(bytes) }
        }
        unsafe bytes.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            unsafe (base + count).update(from: start, count: source.count)
        }
        count += bytes.count
    }

    /// Any length, in pieces.
    mutating func append(_ text: String) {
        // Most are short, and lie in one piece.
        let isDone = unsafe text.utf8.withContiguousStorageIfAvailable { bytes in
            guard count + bytes.count <= ByteWriter.capacity else { return false }
            guard let start = bytes.baseAddress else { return true }
            unsafe (base + count).update(from: start, count: bytes.count)
            count += bytes.count
            return true
        }
        if isDone != true { appendSingly(text.utf8) }
    }

    /// A cell for each: a separator, and 0 or 1 where the level is known.
    mutating func append(levels: [UInt8], separator: UInt8) {
        if count + 2 * levels.count > ByteWriter.capacity { flush() }
        guard 2 * levels.count <= ByteWriter.capacity else {
            for level in levels {
                append(separator)
                if level != CaptureRow.unknown { append(48 + level) }
            }
            return
        }
        for level in levels {
            unsafe base[count] = separator
            unsafe base[count + 1] = 48 + level
            count += level == CaptureRow.unknown ? 1 : 2
        }
    }

    private mutating func appendSingly(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { append(byte) }
    }

    /// In decimal.
    @inline(__always)
    mutating func append(decimal value: UInt64) {
        if count + 20 > ByteWriter.capacity { flush() }
        var digits = 1
        var power: UInt64 = 10
        while digits < 20, value >= power {
            digits += 1
            let (next, isOver) = power.multipliedReportingOverflow(by: 10)
            if isOver { break }
            power = next
        }
        if value >= 10_000_000_000_000_000_000 { digits = 20 }
        var rest = value
        var position = count + digits
        while position > count {
            position -= 1
            let quotient = rest / 10
            unsafe base[position] = UInt8(truncatingIfNeeded: rest &- quotient &* 10) &+ 48
            rest = quotient
        }
        count += digits
    }

    mutating func append(decimal value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        append(decimal: value.magnitude)
    }

    /// In decimal with leading zeros.
    mutating func append(decimal value: UInt64, width: Int) {
        var power: UInt64 = 1
        for _ in 1..<width { power *= 10 }
        while power > 1, value < power {
            append(UInt8(ascii: "0"))
            power /= 10
        }
        append(decimal: value)
    }

    mutating func append(littleEndian value: UInt64, bytes: Int = 8) {
        for byte in 0..<bytes { append(UInt8(truncatingIfNeeded: value >> UInt64(8 * byte))) }
    }

    /// A record is whole. Writes when much has gathered.
    @inline(__always)
    mutating func endRecord(at time: Timestamp) {
        marks.append((count, time))
        if count >= ByteWriter.flushAt { flush() }
    }

    /// Writes everything that has gathered. Blocks as long as the output does.
    mutating func flush() {
        if count > 0, failure == nil {
            let bytes = unsafe UnsafeRawBufferPointer(start: base, count: count)
            do throws(OutputFailure) { try unsafe output.write(bytes.bytes) } catch { fail(error) }
        }
        if failure == nil, let last = marks.last {
            whole = (written ?? 0) + UInt64(last.end)
            lastWhole = last.time
        }
        written = written.map { $0 + UInt64(count) }
        marks.removeAll(keepingCapacity: true)
        count = 0
    }

    private mutating func fail(_ reason: OutputFailure) {
        for mark in marks where mark.end <= reason.written {
            whole = (written ?? 0) + UInt64(mark.end)
            lastWhole = mark.time
        }
        // Nothing can be taken back from a pipe or terminal.
        if written != nil { output.cut(to: whole) }
        failure = reason.error
    }
}
