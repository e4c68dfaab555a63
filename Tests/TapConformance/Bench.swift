public import TapCore

/// A kind of source and the wires it is tested on.
public struct Bench: Sendable {
    /// As printed, as "gpio-sim kernel".
    public var name: String
    /// What its sources say they can; decides which cases there are.
    public var capabilities: SourceInfo.Capabilities
    /// Changes of a line that are this far apart are all distinguished.
    public var spacing: Nanoseconds
    /// The most that a stamp comes after the change; zero: stamps are exact.
    public var latency: Nanoseconds
    /// Whether two runs of one plan give the same stamps.
    public var repeatsExactly: Bool
    /// A clock that goes on its own, for running on threads.
    public var realClock: any TapClock
    /// What its device measures; nil: its sources do not scan.
    public var scans: ScanBench?
    /// What its source makes claims of; nil: it makes none.
    public var claims: ClaimBench?
    /// nil: no kernel stands between the wires and the source.
    public var kernel: KernelTraits?
    /// A new source of the plan's lines, and its wires at their first levels.
    public var make: @Sendable (Plan) throws -> Rig

    public init(
        _ name: String, capabilities: SourceInfo.Capabilities, spacing: Nanoseconds, latency: Nanoseconds,
        repeatsExactly: Bool, realClock: any TapClock, kernel: KernelTraits? = nil,
        make: @escaping @Sendable (Plan) throws -> Rig
    ) {
        self.name = name
        self.capabilities = capabilities
        self.spacing = spacing
        self.latency = latency
        self.repeatsExactly = repeatsExactly
        self.realClock = realClock
        self.kernel = kernel
        self.make = make
        scans = nil
        claims = nil
    }
}

/// What is known of a claiming source: it makes a claim each period, from zero on, of its tags in turn, and the number that
/// it claims is how many it has made of that tag before.
public struct ClaimBench: Sendable {
    public var tags: Int
    public var period: Nanoseconds

    public init(tags: Int, period: Nanoseconds) {
        self.tags = tags
        self.period = period
    }
}

/// What is known of a scanning source's only device.
public struct ScanBench: Sendable {
    public enum Samples: Sendable {
        /// They say which scan it is.
        case number(@Sendable ([Int64]) -> Int)
        case constants([Int64])
    }
    public enum Loss: Sendable {
        /// It loses what `Plan.missing` says.
        case planned
        /// It loses what comes while the source is not stepped for this long.
        case unstepped(Nanoseconds)
        case none
    }

    /// From one scan to the next, and how far a stamp may be off that.
    public var period: Nanoseconds
    public var tolerance: Nanoseconds
    public var samples: Samples
    public var loss: Loss

    public init(period: Nanoseconds, tolerance: Nanoseconds = .zero, samples: Samples, loss: Loss = .none) {
        self.period = period
        self.tolerance = tolerance
        self.samples = samples
        self.loss = loss
    }
}

/// What is to be known of the kernel under a source, real or simulated.
public struct KernelTraits: Sendable {
    /// Interrupts are served at multiples of this; zero: at any time.
    public var tick: Nanoseconds
    /// How much later than it asked a sleeping thread goes on (prctl(2), PR_SET_TIMERSLACK).
    public var slack: Nanoseconds

    public init(tick: Nanoseconds, slack: Nanoseconds) {
        self.tick = tick
        self.slack = slack
    }
}

/// The other end of a source's lines.
public protocol Wires: AnyObject {
    func drive(_ line: Int, high: Bool)
    /// Takes the chip away while its lines are in use.
    func unplug()
    /// Brings it back, lines low.
    func plugIn()
    /// Requests a line in the name of another program, until these wires are gone.
    func hold(_ line: Int, as consumer: String) throws
    /// Of a source in virtual time: when it would be woken by a descriptor, if by anything before `limit`.
    func wakes(before limit: Timestamp) -> Timestamp?
}

extension Wires {
    public func hold(_ line: Int, as consumer: String) throws { throw Violation("nobody can hold these wires") }
    public func wakes(before limit: Timestamp) -> Timestamp? { nil }
}

/// One source in its capture stage, the reading end of its ring, and its wires.
public final class Rig {
    public let stage: any Capturing
    /// nil: the source does on its own what the plan says, in virtual time.
    public let wires: (any Wires)?
    /// By which the source stamps; nil: virtual time.
    public let clock: (any TapClock)?
    private var consumer: RingConsumer?

    public init<Source: TapSource & ~Copyable>(
        _ source: consuming Source, _ plan: Plan, clock: (any TapClock)? = nil, wires: (any Wires)? = nil
    ) {
        let ends = Ring.make(capacity: plan.ring)
        let tags = UInt16(source.info.tags.count)
        let writer = RecordWriter(
            consume ends.producer, lines: 0..<UInt16(plan.lines.count), devices: 0..<UInt16(plan.lines.isEmpty ? 1 : 0),
            tags: 0..<tags, whenFull: plan.whenFull)
        stage = CaptureStage(source, into: writer)
        consumer = .some(consume ends.consumer)
        self.clock = clock
        self.wires = wires
    }

    /// The reading end, once.
    public func takeConsumer() -> RingConsumer {
        guard let consumer = consumer.take() else { preconditionFailure("the reading end is taken already") }
        return consumer
    }
}
