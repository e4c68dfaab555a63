/// Ties the gateway's monotonic clock to UTC: a `ClockFix` at the start, each ten seconds, and at the stop.
///
/// A source without lines or devices. It is nearly always silent, and merge does not wait for it: it promises
/// to be one millisecond behind at most (`SourceInfo.longestSilence`), which is how long a fix takes from its reading
/// to its place in the ring. On a machine that takes longer than that, the fix is delivered late, among records of a
/// little later time; its content does not depend on its place.
public struct ClockFixSource: TapSource, ~Copyable {
    /// Where the clocks are read.
    public struct Readings: Sendable {
        /// The gateway's monotonic clock.
        public var monotonic: @Sendable () -> Timestamp
        /// Nanoseconds since 1970-01-01T00:00:00Z, without leap seconds.
        public var utc_ns: @Sendable () -> UInt64
        /// nil: the kernel did not say.
        public var kernelClock: @Sendable () -> KernelClock?
        /// nil: there is none to be read.
        public var bootID: @Sendable () -> BootID?

        public init(
            monotonic: @escaping @Sendable () -> Timestamp, utc_ns: @escaping @Sendable () -> UInt64,
            kernelClock: @escaping @Sendable () -> KernelClock?, bootID: @escaping @Sendable () -> BootID?
        ) {
            self.monotonic = monotonic
            self.utc_ns = utc_ns
            self.kernelClock = kernelClock
            self.bootID = bootID
        }
    }

    /// From one fix to the next.
    public static let interval = Nanoseconds.seconds(10)
    /// Of so many readings in a row the one with the tightest bracket is kept.
    public static let tries = 5

    public let info: SourceInfo
    private let readings: Readings
    private var bootID = BootID(high: 0, low: 0)
    private var next = Timestamp.zero
    /// When the kernel last called its clock synchronised, as far as it was asked.
    private var lastSynchronised: Timestamp?

    public init(_ readings: Readings, provenance: Provenance, clock: ClockDomain) {
        self.readings = readings
        info = SourceInfo(
            name: "clock", provenance: provenance, clock: clock, capabilities: [],
            longestSilence: .milliseconds(1))
    }

    public mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        guard let id = readings.bootID() else {
            throw TapError(
                .unsupported, "/proc/sys/kernel/random/boot_id",
                "cannot be read, and a monotonic time is meaningless "
                    + "without the boot it belongs to",
                remedy: "mount /proc, or allow it in the sandbox")
        }
        bootID = id
        return fix(at: now, into: &writer)
    }

    public mutating func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        guard now >= next else { return .at(next) }
        return fix(at: now, into: &writer)
    }

    public mutating func stop(at now: Timestamp, into writer: inout RecordWriter) {
        _ = fix(at: now, into: &writer)
    }

    /// A fix for which there is no room in the ring is left out: the next one says as much.
    private mutating func fix(at now: Timestamp, into writer: inout RecordWriter) -> Wake {
        let fix = readings.fix(bootID: bootID, lastSynchronised: lastSynchronised)
        if fix.isSynchronised { lastSynchronised = fix.monotonic }
        writer.event(.clockFix(fix))
        writer.watermark(at: fix.monotonic)
        next = now + ClockFixSource.interval
        return .at(next)
    }
}

extension ClockFixSource.Readings {
    /// Reads the clocks once, by themselves: for a session's header. nil without a boot ID.
    public func fix() -> ClockFix? {
        bootID().map { fix(bootID: $0, lastSynchronised: nil) }
    }

    func fix(bootID: BootID, lastSynchronised: Timestamp?) -> ClockFix {
        let read = tightest()
        let kernel = kernelClock()
        let isSynchronised = kernel?.isSynchronised ?? false
        let last = isSynchronised ? read.monotonic : lastSynchronised
        return ClockFix(
            monotonic: read.monotonic, utcNanoseconds: read.utc_ns, bracket: read.bracket, bootID: bootID,
            isSynchronised: isSynchronised, sinceSynchronised: last.map { read.monotonic - $0 },
            // A kernel that does not say has no bound.
            kernelMaximumError: kernel?.maximumError ?? Nanoseconds(.max))
    }

    private func tightest() -> (monotonic: Timestamp, utc_ns: UInt64, bracket: Nanoseconds) {
        var best = (monotonic: Timestamp.zero, utc_ns: UInt64(0), bracket: Nanoseconds(.max))
        for _ in 0..<ClockFixSource.tries {
            let before = monotonic()
            let utc_ns = self.utc_ns()
            let bracket = monotonic() - before
            if bracket < best.bracket { best = (before + Nanoseconds(bracket.count / 2), utc_ns, bracket) }
        }
        return best
    }
}
