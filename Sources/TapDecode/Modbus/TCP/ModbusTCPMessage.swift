public import TapCore

/// What one frame of Modbus TCP says, beside its values, which lie in its bytes.
public struct ModbusTCPMessage: Sendable, Hashable {
    public enum Kind: UInt8, Sendable, Hashable {
        case request
        /// To a request that was heard.
        case response
        /// To none that was heard: what it speaks of is not known.
        case unaskedResponse
    }

    public struct Faults: OptionSet, Sendable, Hashable {
        public var rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// Its length or counts are not those of its function, or of what it answers.
        public static let form = Faults(rawValue: 1)
        /// A function that the specification does not describe as one of data.
        public static let function = Faults(rawValue: 2)
    }

    public var kind: Kind
    public var time: Timestamp
    public var transaction: UInt16
    public var unit: UInt8
    /// Without the bit that marks an exception.
    public var function: UInt8
    /// Of a response that refuses.
    public var exception: UInt8?
    /// The first coil, input or register that is read or, where none is read, written; nil: the function has none, or it
    /// is not known.
    public var address: UInt16?
    /// How many.
    public var count: UInt16 = 0
    /// Of function 23, what is written.
    public var writeAddress: UInt16?
    public var writeCount: UInt16 = 0
    /// Where what was read or is to be written lies in the frame: bits, eight to a byte, or registers, high byte first.
    public var values = 0..<0
    /// When the request was heard that this answers.
    public var asked: Timestamp?
    public var faults: Faults = []

    /// Whether it asks to change something in the server.
    public var writes: Bool { [5, 6, 15, 16, 21, 22, 23].contains(function) }
    /// Of functions 1 to 4.
    public var table: ModbusTable? { ModbusTable(rawValue: function) }
}
