import TapCore
import TapDriver

/// The clock of a session, and the driver that goes with it.
struct SessionTime {
    let clock: any TapClock
    /// What a full ring does: where time can wait, nothing is lost.
    let whenFull: RecordWriter.WhenFull
    /// How often simulated sources and merge are stepped: on threads as often as hardware is; in virtual time there is
    /// nobody to wait for, and each step costs.
    var tick: Nanoseconds { virtual == nil ? .milliseconds(5) : .milliseconds(100) }
    private let virtual: VirtualClock?
    /// Ends a session of threads.
    private let ends: WakePipe?

    /// A driver of either kind.
    struct Driver {
        /// Returns once every stage has ended.
        let run: () -> Void
        /// From any thread, from a stage and from a signal handler; safe to repeat.
        let stop: @Sendable () -> Void
        /// Once it has run: why it could not be. nil: it was.
        var failure: () -> TapError? = { nil }
    }

    /// - Parameter speed: nil: wires that are there. Time is real, and waits for nobody.
    init(_ speed: Speed?) {
        var virtual: VirtualClock?
        switch speed {
        case nil: clock = SystemClock()
        case .times(let factor): clock = PacedClock(SystemClock(), times: factor)
        case .max:
            let made = VirtualClock()
            virtual = made
            clock = made
        }
        self.virtual = virtual
        ends = virtual == nil ? WakePipe() : nil
        whenFull = speed == nil ? .refuse : .wait
    }

    /// - Throws: where the system opens no more files.
    func check() throws(TapError) { try ends?.check() }

    /// In virtual time all stages share the calling thread; otherwise each has its own.
    ///
    /// - Parameters:
    ///   - end: when the sources are asked to stop, in virtual time; on threads the consumer calls `stop`.
    ///   - prepare: called on each source's thread before its first step.
    func driver(
        sources: [any Stage], consumers: [any Stage], until end: Timestamp?, prepare: @escaping @Sendable () -> Void
    ) -> Driver {
        if let virtual {
            let driver = StepDriver(clock: virtual, sources: sources, consumers: consumers)
            return Driver(run: { driver.run(until: end) }, stop: driver.stop)
        }
        let driver = ThreadDriver(
            clock: clock,
            sources: sources.map { ThreadDriver.Group("tap-\($0.name.prefix(11))", [$0], prepare: prepare) },
            consumers: consumers.map { ThreadDriver.Group("tap-\($0.name.prefix(11))", [$0]) },
            ends: ends ?? WakePipe())
        return Driver(run: driver.run, stop: driver.stop, failure: { driver.failure })
    }
}
