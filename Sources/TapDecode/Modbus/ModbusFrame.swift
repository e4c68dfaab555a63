public import TapCore

/// One frame as it was on the line, and what it means.
public struct ModbusFrame: Sendable, Hashable {
    public struct Faults: OptionSet, Sendable, Hashable {
        public var rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// The CRC does not fit.
        public static let crc = Faults(rawValue: 1)
        /// Fewer than 4 bytes.
        public static let tooShort = Faults(rawValue: 2)
        /// More than 256 bytes; those past that are not kept.
        public static let tooLong = Faults(rawValue: 4)
        /// A silence longer than t1.5 within it: receivers drop such a frame.
        public static let silence = Faults(rawValue: 8)
        /// It began before t3.5 of silence had passed.
        public static let early = Faults(rawValue: 16)
        /// A character with a parity or framing error.
        public static let character = Faults(rawValue: 32)
        /// Edges were lost in it or since the last silence: it may be part of another.
        public static let unknown = Faults(rawValue: 64)
    }

    public enum Role: Sendable, Hashable {
        case request(ModbusRequest)
        /// - Parameters:
        ///   - to: the request it answers; nil: none was seen.
        ///   - after: from the request's end to this one's start.
        case response(ModbusResponse, to: ModbusRequest?, after: Nanoseconds?)
        /// Not to be read: in error, or of no known form.
        case unreadable
        /// Fewer than 4 bytes without a silence of t3.5 to a frame whose CRC fits, as of a bus that nobody drives.
        case stray
    }

    public var start: Timestamp
    /// Of the last character.
    public var end: Timestamp
    /// As they came, with the CRC.
    public var bytes: [UInt8]
    public var faults: Faults
    public var role: Role

    public init(start: Timestamp, end: Timestamp, bytes: [UInt8], faults: Faults, role: Role) {
        self.start = start
        self.end = end
        self.bytes = bytes
        self.faults = faults
        self.role = role
    }

    /// The server it is to or from; 0: to all.
    public var unit: UInt8? { bytes.first }
    public var isCRCRight: Bool { faults.isDisjoint(with: [.crc, .tooShort, .tooLong]) }
}
