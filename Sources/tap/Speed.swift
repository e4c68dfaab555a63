import ArgumentParser
import TapCore
import TapDriver

/// How fast time passes for simulated or replayed signals.
enum Speed: Hashable, ExpressibleByArgument {
    /// As fast as this machine can.
    case max
    /// So many times as fast as real time.
    case times(UInt32)

    static let mostTimes: UInt32 = 1_000
    static let help = ArgumentHelp(
        "How fast time passes: max (as fast as this machine can), or a multiple of real time, 1 to \(mostTimes).",
        valueName: "speed")

    init?(argument: String) {
        if argument == "max" {
            self = .max
        } else if let factor = UInt32(argument), (1...Speed.mostTimes).contains(factor) {
            self = .times(factor)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String {
        switch self {
        case .max: "max"
        case .times(let factor): "\(factor)"
        }
    }
}

/// The clock of a session, and the driver that goes with it.
struct SessionTime {
    let clock: any TapClock
    /// What a full ring does: where time can wait, nothing is lost.
    let whenFull: RecordWriter.WhenFull
    /// How often simulated sources and merge are stepped: on threads as often as hardware is; in virtual time there is
    /// nobody to wait for, and each step costs.
    var tick: Nanoseconds { virtual == nil ? .milliseconds(5) : .milliseconds(100) }
    private let virtual: VirtualClock?

    /// A driver of either kind.
    struct Driver {
        /// Returns once every stage has ended.
        let run: () -> Void
        /// From any thread, from a stage and from a signal handler; safe to repeat.
        let stop: @Sendable () -> Void
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
        whenFull = speed == nil ? .refuse : .wait
    }

    /// In virtual time all stages share the calling thread; otherwise each has its own.
    ///
    /// - Parameters:
    ///   - end: when the sources are asked to stop, in virtual time; on threads the consumer calls `stop`.
    ///   - prepare: called on each source's thread before its first step.
    func driver(
        sources: [any Stage], consumer: any Stage, until end: Timestamp?, prepare: @escaping @Sendable () -> Void
    ) -> Driver {
        if let virtual {
            let driver = StepDriver(clock: virtual, sources: sources, consumers: [consumer])
            return Driver(run: { driver.run(until: end) }, stop: driver.stop)
        }
        let driver = ThreadDriver(
            clock: clock,
            sources: sources.map { ThreadDriver.Group("tap-\($0.name.prefix(11))", [$0], prepare: prepare) },
            consumers: [ThreadDriver.Group("tap-merge", [consumer])])
        return Driver(run: driver.run, stop: driver.stop)
    }
}
