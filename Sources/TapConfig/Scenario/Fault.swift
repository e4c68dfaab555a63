public import TapCore

/// Something that goes wrong during a run: what, where and when. Laid down before the run, so that a run stays a
/// function of its scenario and seed. Whoever brings it about never judges what comes of it.
public struct Fault: Sendable, Hashable {
    public enum Effect: Sendable, Hashable {
        /// Interrupts and their threads are later by this much.
        case latencySpike(Nanoseconds)
        /// Whoever reads the rings is not stepped.
        case slowConsumer
        /// The capture of the line's chip, or of the converter, is not stepped, while the line changes once each `period`.
        case queueOverflow(period: Nanoseconds)
        /// The line changes once each `period`.
        case stormLine(period: Nanoseconds)
        case chipUnplug
        /// The chip goes for a moment; when it is back, another program has the line.
        case lineBusy(consumer: String)
        /// Every call to the device fails with EIO.
        case readError
        /// The wall clock is set forward or back.
        case clockStep(Nanoseconds)
        /// Nothing disciplines the wall clock, and it goes fast by so many parts in 10^9.
        case clockDrift(partsPerBillion: Int64)
        /// Nothing disciplines the wall clock, and the kernel says so.
        case synchronisationLost
        /// The machine stops as if cut off, and starts again: the time is until it captures again.
        case reboot
        /// A converter goes on saying what it said last.
        case stuckADC
        /// A converter's trigger does not come.
        case droppedScans
        /// Each scan comes twice, with one time.
        case duplicatedScans
        /// A delivery ends within a scan, and the connection with it.
        case tornStream
    }

    /// Each effect's name, as a scenario file and a coverage table write it.
    public enum Name: String, Sendable, Hashable, CaseIterable {
        case latencySpike = "latency-spike"
        case slowConsumer = "slow-consumer"
        case queueOverflow = "queue-overflow"
        case stormLine = "storm-line"
        case chipUnplug = "chip-unplug"
        case lineBusy = "line-busy"
        case readError = "read-error"
        case clockStep = "clock-step"
        case clockDrift = "clock-drift"
        case synchronisationLost = "synchronisation-lost"
        case reboot
        case stuckADC = "stuck-adc"
        case droppedScans = "dropped-scans"
        case duplicatedScans = "duplicated-scans"
        case tornStream = "torn-stream"
    }

    public enum Place: Sendable, Hashable {
        case line(String)
        /// By its label.
        case chip(String)
        case converter(String)
        /// Its wall clock.
        case clock
        case machine
        case consumer

        public var kind: Kind {
            switch self {
            case .line: .line
            case .chip: .chip
            case .converter: .converter
            case .clock: .clock
            case .machine: .machine
            case .consumer: .consumer
            }
        }

        public enum Kind: String, Sendable, Hashable, CaseIterable {
            case line, chip, converter, clock, machine, consumer
        }
    }

    public var effect: Effect
    public var place: Place
    /// From the start of the run.
    public var at: Nanoseconds
    public var lasting: Nanoseconds

    public init(_ effect: Effect, at place: Place, from at: Nanoseconds, lasting: Nanoseconds) {
        self.effect = effect
        self.place = place
        self.at = at
        self.lasting = lasting
    }

    public var name: Name {
        switch effect {
        case .latencySpike: .latencySpike
        case .slowConsumer: .slowConsumer
        case .queueOverflow: .queueOverflow
        case .stormLine: .stormLine
        case .chipUnplug: .chipUnplug
        case .lineBusy: .lineBusy
        case .readError: .readError
        case .clockStep: .clockStep
        case .clockDrift: .clockDrift
        case .synchronisationLost: .synchronisationLost
        case .reboot: .reboot
        case .stuckADC: .stuckADC
        case .droppedScans: .droppedScans
        case .duplicatedScans: .duplicatedScans
        case .tornStream: .tornStream
        }
    }

    public var end: Nanoseconds { at + lasting }

    /// Whether it is of the kind that its place can have, begins at or after the start, and does not last a negative time.
    public var isLegal: Bool {
        name.places.contains(place.kind) && at >= .zero && lasting >= .zero && isQuantityLegal
    }

    private var isQuantityLegal: Bool {
        switch effect {
        case .latencySpike(let extra): extra > .zero
        case .queueOverflow(let period), .stormLine(let period): period > .zero
        case .lineBusy(let consumer): !consumer.isEmpty
        default: true
        }
    }
}

extension Fault.Name {
    /// Where it may be.
    public var places: [Fault.Place.Kind] {
        switch self {
        case .latencySpike, .chipUnplug: [.chip]
        case .slowConsumer: [.consumer]
        case .queueOverflow: [.line, .converter]
        case .stormLine, .lineBusy: [.line]
        case .readError: [.chip, .converter]
        case .clockStep, .clockDrift, .synchronisationLost: [.clock]
        case .reboot: [.machine]
        case .stuckADC, .droppedScans, .duplicatedScans, .tornStream: [.converter]
        }
    }
}
