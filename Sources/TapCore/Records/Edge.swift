/// One edge of one line. Trivial, 16 bytes, one ring cell.
@frozen
public struct Edge: BitwiseCopyable, Sendable, Hashable {
    public var cell: Cell

    @frozen
    public struct Flags: OptionSet, BitwiseCopyable, Sendable, Hashable {
        public var rawValue: UInt8
        @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// The line went from inactive to active.
        public static let rising = Flags(rawValue: 1)
        /// Came after the watermark that covers it: see `RecordWriter`.
        public static let late = Flags(rawValue: 2)
        /// At least one edge of this line before this one was missed; a `Gap` before it says what is known.
        public static let missedBefore = Flags(rawValue: 4)
        /// The source has no sequence numbers: `sequence` counts what arrived.
        public static let unnumbered = Flags(rawValue: 8)
    }

    @inlinable @inline(__always)
    public init(cell: Cell) { self.cell = cell }

    /// - Parameters:
    ///   - time: in the source's clock domain.
    ///   - sequence: the kernel's number of this event on its line (`line_seqno`), from 1 on, wrapping at 2^32.
    @inlinable @inline(__always)
    public init(time: Timestamp, line: LineID, sequence: UInt32, flags: Flags) {
        cell =
            RecordHeader(
                time: time, count: sequence, subject: line.index, kind: .edge, flags: flags.rawValue
            ).cell
    }

    @inlinable public var time: Timestamp { Timestamp(nanoseconds: cell.word0) }
    @inlinable public var line: LineID { LineID(RecordHeader(cell).subject) }
    @inlinable public var sequence: UInt32 { RecordHeader(cell).count }
    @inlinable public var isRising: Bool { flags.contains(.rising) }
    @inlinable
    public var flags: Flags {
        get { Flags(rawValue: RecordHeader(cell).flags) }
        set { cell.word1 = cell.word1 & 0x00FF_FFFF_FFFF_FFFF | UInt64(newValue.rawValue) << 56 }
    }
}
