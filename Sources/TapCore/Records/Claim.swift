/// What a PLC, an HMI or a SCADA says at one time of one tag. It need not be true.
///
/// A claim holds for its time: "no claim since" is a state of its own, and never the last value.
public struct Claim: Sendable, Hashable {
    /// What the tag is said to be.
    public enum Value: Sendable, Hashable {
        case bool(Bool)
        /// In the tag's unit.
        case number(Double)
        case text(ShortText)
    }

    /// How good the value is, in the word of whoever says it; the classes of OPC.
    public enum Quality: UInt8, Sendable, Hashable, CaseIterable {
        case good = 0
        case uncertain = 1
        case bad = 2
        /// It says nothing of it.
        case unknown = 3
    }

    public var tag: TagID
    public var value: Value
    public var quality: Quality
    /// When it arrived, in the source's clock domain.
    public var time: Timestamp
    /// When the value was sampled and when it was sent on, by the clocks of whoever says so: nanoseconds since
    /// 1970-01-01T00:00:00Z. nil: not said.
    public var sourceTime_ns: UInt64?
    public var serverTime_ns: UInt64?
    /// Came after the watermark that covers it: see `RecordWriter`.
    public var isLate = false

    public init(
        tag: TagID, value: Value, quality: Quality = .unknown, time: Timestamp, sourceTime_ns: UInt64? = nil,
        serverTime_ns: UInt64? = nil
    ) {
        self.tag = tag
        self.value = value
        self.quality = quality
        self.time = time
        self.sourceTime_ns = sourceTime_ns
        self.serverTime_ns = serverTime_ns
    }

    /// Cells that the longest takes in a ring.
    public static let mostCells = 6

    private static let hasSourceTime: UInt8 = 1 << 4
    private static let hasServerTime: UInt8 = 1 << 5

    var encoded: EventCells {
        let kind: UInt8 =
            switch value {
            case .bool: 0
            case .number: 1
            case .text: 2
            }
        let flags =
            quality.rawValue | kind << 2 | (sourceTime_ns == nil ? 0 : Claim.hasSourceTime)
            | (serverTime_ns == nil ? 0 : Claim.hasServerTime)
        var cells = EventCells(time: time, subject: tag.index, kind: .claim, flags: flags)
        cells.append(sourceTime_ns ?? 0, serverTime_ns ?? 0)
        switch value {
        case .bool(let isTrue): cells.append(isTrue ? 1 : 0, 0)
        case .number(let number): cells.append(number.bitPattern, 0)
        case .text(let text): cells.append(text)
        }
        return cells
    }

    init(_ cells: Span<Cell>) {
        let header = RecordHeader(cells[0])
        let value: Value =
            switch header.flags >> 2 & 3 {
            case 0: .bool(cells[2].word0 != 0)
            case 1: .number(Double(bitPattern: cells[2].word0))
            default: .text(ShortText.decode(cells.extracting(droppingFirst: 2)).text)
            }
        self.init(
            tag: TagID(header.subject), value: value, quality: Quality(rawValue: header.flags & 3) ?? .unknown,
            time: header.time, sourceTime_ns: header.flags & Claim.hasSourceTime == 0 ? nil : cells[1].word0,
            serverTime_ns: header.flags & Claim.hasServerTime == 0 ? nil : cells[1].word1)
    }
}
