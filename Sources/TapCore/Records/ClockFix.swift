/// What ties the monotonic clock to UTC at one instant, with the evidence for how well.
public struct ClockFix: Sendable, Hashable {
    /// The monotonic clock at the middle of the bracket.
    public var monotonic: Timestamp
    /// Nanoseconds since 1970-01-01T00:00:00Z without leap seconds (CLOCK_REALTIME), read inside the bracket.
    public var utcNanoseconds: UInt64
    /// Between the two readings of the monotonic clock around that of UTC.
    public var bracket: Nanoseconds
    /// The kernel's boot ID (/proc/sys/kernel/random/boot_id): monotonic time means nothing across boots.
    public var bootID: BootID
    /// Whether the kernel calls its clock synchronised (adjtimex: STA_UNSYNC not set).
    public var isSynchronised: Bool
    /// How long since that last held, as far as this session saw; nil: never seen.
    public var sinceSynchronised: Nanoseconds?
    /// adjtimex's maxerror: evidence, not an uncertainty (some daemons zero it).
    public var kernelMaximumError: Nanoseconds
    /// Came after the watermark that covers it: see `RecordWriter`.
    public var isLate = false

    public init(
        monotonic: Timestamp, utcNanoseconds: UInt64, bracket: Nanoseconds, bootID: BootID, isSynchronised: Bool,
        sinceSynchronised: Nanoseconds?, kernelMaximumError: Nanoseconds
    ) {
        self.monotonic = monotonic
        self.utcNanoseconds = utcNanoseconds
        self.bracket = bracket
        self.bootID = bootID
        self.isSynchronised = isSynchronised
        self.sinceSynchronised = sinceSynchronised
        self.kernelMaximumError = kernelMaximumError
    }

    var encoded: EventCells {
        var cells = EventCells(
            time: monotonic, kind: .clockFix,
            flags: (isSynchronised ? 1 : 0) | (sinceSynchronised == nil ? 0 : 2))
        cells.append(utcNanoseconds, UInt64(bitPattern: bracket.count))
        cells.append(bootID.high, bootID.low)
        cells.append(
            UInt64(bitPattern: sinceSynchronised?.count ?? 0), UInt64(bitPattern: kernelMaximumError.count))
        return cells
    }

    init(_ cells: Span<Cell>) {
        let header = RecordHeader(cells[0])
        self.init(
            monotonic: header.time, utcNanoseconds: cells[1].word0,
            bracket: Nanoseconds(Int64(bitPattern: cells[1].word1)),
            bootID: BootID(high: cells[2].word0, low: cells[2].word1),
            isSynchronised: header.flags & 1 != 0,
            sinceSynchronised: header.flags & 2 == 0 ? nil : Nanoseconds(Int64(bitPattern: cells[3].word0)),
            kernelMaximumError: Nanoseconds(Int64(bitPattern: cells[3].word1)))
    }
}
