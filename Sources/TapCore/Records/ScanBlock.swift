/// Consecutive scans of one device: a header here, the raw interleaved bytes beside it, just as they came.
///
/// A scan is one sample of each enabled channel. Conversion to SI units happens at the reader, from the device's
/// `ChannelInfo`.
public struct ScanBlock: Sendable, Hashable {
    /// Where the times of the scans come from.
    public enum Stamps: UInt8, Sendable, Hashable, CaseIterable {
        /// Each scan carries its own, in the device's timestamp channel.
        case device = 0
        /// The device has none: `firstTime` is when the block arrived less its length, good to `uncertainty`.
        case arrival = 1
        /// Each was polled between two stamps: `firstTime` is the middle of the bracket, `uncertainty` half its width.
        case bracket = 2
        /// Simulated or replayed: exact.
        case exact = 3
    }

    public var device: DeviceID
    /// The time of the first scan, in the source's clock domain.
    public var firstTime: Timestamp
    /// Nominal time from one scan to the next; zero: not known.
    public var period: Nanoseconds
    public var count: Int
    public var bytesPerScan: Int
    /// The number of the first scan, counting from 0 what the source delivered.
    public var sequence: UInt64
    public var stamps: Stamps
    public var uncertainty: Nanoseconds
    /// Came after the watermark that covers it: see `RecordWriter`.
    public var isLate = false

    public init(
        device: DeviceID, firstTime: Timestamp, period: Nanoseconds, count: Int, bytesPerScan: Int, sequence: UInt64,
        stamps: Stamps, uncertainty: Nanoseconds
    ) {
        self.device = device
        self.firstTime = firstTime
        self.period = period
        self.count = count
        self.bytesPerScan = bytesPerScan
        self.sequence = sequence
        self.stamps = stamps
        self.uncertainty = uncertainty
    }

    static let headerCells = 4

    /// Raw bytes of all scans.
    public var byteCount: Int { count * bytesPerScan }

    /// Cells that this block takes in a ring.
    public var cells: Int { ScanBlock.headerCells + (byteCount + 15) / 16 }

    static let lateFlag: UInt8 = 0x80

    var encodedHeader: (Cell, Cell, Cell, Cell) {
        let header = RecordHeader(
            time: firstTime, count: UInt32(cells), subject: device.index, kind: .scans,
            flags: stamps.rawValue | (isLate ? ScanBlock.lateFlag : 0))
        return (
            header.cell, Cell(UInt64(bitPattern: period.count), sequence),
            Cell(UInt64(count), UInt64(bytesPerScan)), Cell(UInt64(bitPattern: uncertainty.count), 0)
        )
    }

    init(_ cells: Span<Cell>) {
        let header = RecordHeader(cells[0])
        self.init(
            device: DeviceID(header.subject), firstTime: header.time,
            period: Nanoseconds(Int64(bitPattern: cells[1].word0)), count: Int(cells[2].word0),
            bytesPerScan: Int(cells[2].word1), sequence: cells[1].word1,
            stamps: Stamps(rawValue: header.flags & 0x7F) ?? .arrival,
            uncertainty: Nanoseconds(Int64(bitPattern: cells[3].word0)))
        isLate = header.flags & ScanBlock.lateFlag != 0
    }
}
