public import TapCore
public import TapDecode

/// A register map that is to be reviewed: of each register that was heard, which wire it moves with.
public struct MapProposal: Sendable {
    public enum Verdict: String, Sendable, Hashable {
        /// No other wire of the capture fits, nor chance.
        case sure
        case probable
        /// It moved, and no wire fits.
        case unexplained = "no wire"
        case still = "did not move"
    }

    /// How a register and its wire go together.
    public enum Relation: Sendable, Hashable {
        /// A bit is the line's level, or its inverse.
        case level(isInverted: Bool)
        /// wire = register x slope + offset, in the channel's unit, through a filter of first order.
        case value(slope: Double, offset: Double, filter_s: Double)
        /// It grows by so much with each rising edge.
        case count(perEdge: Double)
    }

    public struct Entry: Sendable, Hashable {
        public let unit: UInt8
        public let table: ModbusTable
        public let address: UInt16
        /// 2: it and the next.
        public internal(set) var words = 1
        public internal(set) var isLowFirst = false
        public internal(set) var form = Form.unsigned
        /// nil: all of it.
        public internal(set) var bit: Int?
        public internal(set) var verdict: Verdict
        /// The line or channel that fits best.
        public internal(set) var wire: String?
        public internal(set) var relation: Relation?
        /// Those that fit as well, or nearly as well.
        public internal(set) var rivals: [String] = []
        /// How much later than its wire it moved, in seconds; of levels and slow counts.
        public internal(set) var lag: ClosedRange<Double>?
        /// Of the register, or of its bit; of a value, how often it went up or down by a third of its range.
        public internal(set) var changes = 0
        /// Of a value: the difference that 85 of 100 answers are below, as a share of its range.
        public internal(set) var residual: Double?
        /// Of all of it, where it did not move.
        public internal(set) var constant: UInt16?
        public internal(set) var lowest: Double?
        public internal(set) var highest: Double?

        var order: [Int] { [Int(unit), Int(table.rawValue), Int(address), bit ?? -1] }
    }

    public enum Form: String, Sendable, Hashable {
        case unsigned, signed, float
    }

    public internal(set) var entries: [Entry] = []
    public let span: Nanoseconds
    public internal(set) var buses: [String] = []
    /// Of each channel.
    var units: [String: String] = [:]
    /// The middle time between two answers.
    var every: [Source: Nanoseconds] = [:]
    public internal(set) var answers = 0
    /// Of so many answers one was looked at.
    public internal(set) var thinned = 1
    public internal(set) var lossesOnBus = 0
    public internal(set) var otherAnswers: UInt64 = 0
    /// Lines with more changes than are kept: only counters are looked for with them.
    public internal(set) var busyWires: [String] = []
    /// Lines of which edges were lost: nothing is called sure of them.
    public internal(set) var lossyWires: [String] = []
}
