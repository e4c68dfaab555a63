/// Ties the gateway's monotonic clock to UTC: a `ClockFix` at the start, each ten seconds, and at the stop; where it
/// watches for steps, also once the wall clock was set, with a `Note` that says by how much.
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

    /// How often it looks whether the wall clock was set.
    static let watchEvery = Nanoseconds.milliseconds(100)
    /// What the wall clock seems to gain or lose between two looks without being set is less: the two are disciplined
    /// alike, and readings with a wider bracket than half of it are passed over.
    static let smallestStep = Nanoseconds.microseconds(200)

    public let info: SourceInfo
    private let watchesSteps: Bool
    /// UTC less the monotonic clock when they were last read.
    private var distance: Int64?
    /// A step that found no room in the ring.
    private var unreported: Nanoseconds?
    private let readings: Readings
    private var bootID = BootID(high: 0, low: 0)
    private var next = Timestamp.zero
    /// When the kernel last called its clock synchronised, as far as it was asked.
    private var lastSynchronised: Timestamp?

    /// - Parameter watchesSteps: reports it within 100 ms when the wall clock is set.
    public init(_ readings: Readings, provenance: Provenance, clock: ClockDomain, watchesSteps: Bool = false) {
        self.readings = readings
        self.watchesSteps = watchesSteps
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
        if watchesSteps, let step = step() {
            report(step, into: &writer)
            return fix(at: now, into: &writer)
        }
        return now >= next ? fix(at: now, into: &writer) : wake(now)
    }

    public mutating func stop(at now: Timestamp, into writer: inout RecordWriter) {
        if watchesSteps, let step = step() { report(step, into: &writer) }
        _ = fix(at: now, into: &writer)
    }

    /// A fix for which there is no room in the ring is left out: the next one says as much.
    private mutating func fix(at now: Timestamp, into writer: inout RecordWriter) -> Wake {
        let fix = readings.fix(bootID: bootID, lastSynchronised: lastSynchronised)
        if distance == nil, fix.bracket * 2 <= ClockFixSource.smallestStep {
            distance = Int64(bitPattern: fix.utcNanoseconds &- fix.monotonic.nanoseconds)
        }
        if fix.isSynchronised { lastSynchronised = fix.monotonic }
        writer.event(.clockFix(fix))
        writer.watermark(at: fix.monotonic)
        next = now + ClockFixSource.interval
        return wake(now)
    }

    private func wake(_ now: Timestamp) -> Wake {
        .at(watchesSteps ? min(next, now + ClockFixSource.watchEvery) : next)
    }

    /// By how much the wall clock was set since this was last asked, with what could not be reported then; nil: it was not.
    private mutating func step() -> Nanoseconds? {
        let read = readings.tightest()
        guard read.bracket * 2 <= ClockFixSource.smallestStep else { return unreported }
        let now = Int64(bitPattern: read.utc_ns &- read.monotonic.nanoseconds)
        defer { distance = now }
        let by = Nanoseconds(now &- (distance ?? now))
        let isStep = by.count.magnitude > UInt64(ClockFixSource.smallestStep.count)
        guard isStep || unreported != nil else { return nil }
        return (unreported ?? .zero) + (isStep ? by : .zero)
    }

    private mutating func report(_ step: Nanoseconds, into writer: inout RecordWriter) {
        let direction = step < .zero ? "back" : "forward"
        let microseconds = (step.count.magnitude + 500) / 1_000
        let fraction = "\(microseconds % 1_000_000)"
        let span = "\(microseconds / 1_000_000).\(String(repeating: "0", count: 6 - fraction.count))\(fraction) s"
        let note = Note(
            time: readings.monotonic(), author: "tap", text: ShortText("the wall clock was set \(direction) by \(span)")
        )
        unreported = writer.event(.note(note)) ? nil : step
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

    fileprivate func tightest() -> (monotonic: Timestamp, utc_ns: UInt64, bracket: Nanoseconds) {
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
