/// One event of one line as a kernel gives it, before anything is known of it. Trivial, 16 bytes.
///
/// Laid out as `struct tap_gpiod_event` is, so that the library's events are taken as they were read.
@frozen
public struct LineEvent: BitwiseCopyable, Sendable, Hashable {
    /// In the clock domain of the stamps.
    public var nanoseconds: UInt64
    /// The kernel's line_seqno, from 1 on, wrapping at 2^32; 0 where there is none.
    public var sequence: UInt32
    /// 0: falling.
    public var rising: UInt32

    @inlinable @inline(__always)
    public init(nanoseconds: UInt64 = 0, sequence: UInt32 = 0, rising: UInt32 = 0) {
        self.nanoseconds = nanoseconds
        self.sequence = sequence
        self.rising = rising
    }

    @inlinable @inline(__always)
    public var time: Timestamp { Timestamp(nanoseconds: nanoseconds) }
    @inlinable @inline(__always)
    public var isRising: Bool { rising != 0 }

    /// How many events one read takes at most.
    public static let batch = 256
}
