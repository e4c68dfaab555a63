public import TapCore

/// What a serial line carried from one time to another: a character, or that there was none to be read.
public struct UARTCharacter: BitwiseCopyable, Sendable, Hashable {
    public struct Flags: OptionSet, BitwiseCopyable, Sendable, Hashable {
        public var rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// The parity bit does not fit.
        public static let parityError = Flags(rawValue: 1)
        /// There was no stop bit.
        public static let framingError = Flags(rawValue: 2)
        /// The line was active for at least a character's time; no character.
        public static let breakCondition = Flags(rawValue: 4)
        /// The line became active and was at rest again within half a bit; no character.
        public static let falseStart = Flags(rawValue: 8)
        /// Edges were lost, or the capture ends in it: what was sent cannot be known; no character.
        public static let unknown = Flags(rawValue: 16)
        /// The line has not been seen at rest for a character's time since the capture began, a loss or a framing
        /// error: the start bit may have been a data bit.
        public static let unsynchronised = Flags(rawValue: 32)
    }

    /// The edge of the start bit.
    public var start: Timestamp
    /// The nominal end of the stop bits; the true end of a break, false start or unknown span.
    public var end: Timestamp
    /// The data bits; 0 where there is no character.
    public var value: UInt16
    public var flags: Flags

    public init(start: Timestamp, end: Timestamp, value: UInt16, flags: Flags = []) {
        self.start = start
        self.end = end
        self.value = value
        self.flags = flags
    }

    /// Whether data bits were read, if in error.
    public var isCharacter: Bool { flags.isDisjoint(with: [.breakCondition, .falseStart, .unknown]) }
}
